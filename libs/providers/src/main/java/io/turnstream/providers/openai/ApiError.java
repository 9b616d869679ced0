package io.turnstream.providers.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.turnstream.providers.Adaptation;
import io.turnstream.providers.Usage;
import io.turnstream.providers.forms.Signs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an error answer says: OpenAI's `{"error": {"message", "type", "param", "code"}}` and what other servers make of
/// it (`{"error": "..."}`, `{"message": "..."}`, `{"detail": "..."}`, plain text).
///
/// @param message for people; can quote what was sent
/// @param param   the parameter that is objected to; empty if not named
/// @param signs   what tells of its meaning
/// @param usage   tokens that were counted all the same
record ApiError(String message, String param, Signs signs, @Nullable Usage usage) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern OBJECTS_TO_EXISTENCE = Pattern.compile(
            "unsupported|not support|unrecognized|unknown|not permitted|not allowed|extra (inputs|fields)|unexpected|"
                    + "only (the )?default|deprecated|\\bonly\\s+[`'\"]?1(?:\\.0+)?[`'\"]?\\s+is\\b|must be (exactly )?1(?:\\.0+)?\\b|can only be 1(?:\\.0+)?\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern CODE = Pattern.compile("(?:.*\\.)?(?:error_)?code=(.*)");
    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,39}");
    private static final int MOST_TEXT_BYTES = 16 << 10;

    static ApiError of(int status, byte[] body) {
        String text = new String(body, 0, Math.min(body.length, MOST_TEXT_BYTES), StandardCharsets.UTF_8);
        try {
            JsonNode root = JSON.readTree(body);
            if (root != null && root.isContainerNode()) {
                return of(status, root, text);
            }
        } catch (IOException e) {
            // A proxy's HTML page, plain text or no text at all: it is the message.
        }
        return new ApiError(text, "", Signs.of(status, MissingNode.getInstance(), text, null, false), null);
    }

    /// @param root the whole body: some gateways send a list with the error in it
    static ApiError of(int status, JsonNode root, String text) {
        JsonNode whole = root.isArray() ? root.path(0) : root;
        JsonNode error = whole.path("error");
        JsonNode source = error.isObject() ? error : whole;
        Signs signs = Signs.of(status, whole, text, null, false);
        return new ApiError(error.isTextual() ? error.asText() : message(source, text), source.path("param").asText(""),
                signs,
                RawAnswer.usage(whole.path("usage")));
    }

    private static String message(JsonNode source, String text) {
        JsonNode message = source.path("message").isMissingNode() ? source.path("detail") : source.path("message");
        return message.isTextual() ? message.asText() : message.isMissingNode() ? text : message.toString();
    }

    int status() {
        return signs.status();
    }

    /// The error's own name for itself, for a line of ours: its code, or else its type, where that is one word and not
    /// the status again; otherwise an empty text.
    String name() {
        return Stream
                .concat(signs.fields().stream().map(CODE::matcher).filter(Matcher::matches).map(code -> code.group(1)),
                        signs.codes().stream())
                .filter(word -> WORD.matcher(word).matches() && !word.equals(Integer.toString(status())))
                .findFirst().orElse("");
    }

    /// How to do without what is objected to; null if this is no objection to a parameter, or none that can be met.
    @Nullable
    Adaptation adaptation() {
        if ((status() != 400 && status() != 422)
                || !(signs.codes().stream().anyMatch(code -> code.contains("unsupported"))
                        || OBJECTS_TO_EXISTENCE.matcher(signs.message()).find())) {
            return null;
        }
        if (names("max_tokens")) {
            return Adaptation.MAX_TOKENS_RENAMED;
        }
        if (names("temperature")) {
            return Adaptation.TEMPERATURE_DROPPED;
        }
        return names("seed") ? Adaptation.SEED_DROPPED : null;
    }

    private boolean names(String parameter) {
        return param.isEmpty()
                ? Pattern.compile("(?<![a-z_])" + parameter + "(?![a-z_])").matcher(signs.message()).find()
                : param.equals(parameter);
    }

    /// Never the message: it can quote a prompt.
    @Override
    public String toString() {
        return "ApiError[" + signs + "]";
    }
}
