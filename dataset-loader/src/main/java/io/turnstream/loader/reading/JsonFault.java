package io.turnstream.loader.reading;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/// What is wrong with a text that is no JSON, and where, in words for people.
///
/// Nothing of the text is repeated: whoever names the wrong file may have named one with a key in it. The parser's own
/// messages repeat it, and name settings that nobody can reach.
///
/// @param what what is wrong, such as `it breaks off`
/// @param line 1-based
/// @param character 1-based
/// @param breaksOff whether it could go on, on another line say
public record JsonFault(String what, int line, int character, boolean breaksOff) {

    /// The fault that a parser stopped at.
    public static JsonFault of(JsonProcessingException e) {
        JsonLocation at = e.getLocation() == null ? JsonLocation.NA : e.getLocation();
        return new JsonFault(what(e), Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()),
                e instanceof JsonEOFException);
    }

    /// What a value is that should be another, such as `a JSON number`.
    public static String kind(JsonNode node) {
        return "a JSON " + node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static String what(JsonProcessingException e) {
        String said = String.valueOf(e.getOriginalMessage());
        if (e instanceof JsonEOFException) {
            return "it breaks off in the middle of a value";
        }
        if (e instanceof StreamConstraintsException) {
            return "it is nested too deeply, or a number or a name in it is too long";
        }
        if (said.startsWith("Duplicate ")) {
            return "a field stands in one object twice";
        }
        if (said.startsWith("Non-standard token")) {
            return "NaN and Infinity are no JSON";
        }
        return "it is no JSON";
    }
}
