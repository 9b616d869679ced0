package io.turnstream.benchmark.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.parsing.RefusalPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A mapping within `pack.yaml`, read field by field. Every complaint names the field by its full path.
final class PackFields {

    static final String FILE = "pack.yaml";

    private static final int LONGEST_PATTERN = 2_000;

    private final JsonNode node;
    private final String path;

    /// @param path the path of the mapping itself with a dot behind it; empty at the top
    private PackFields(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /// The mapping at the top of the document, holding no other fields than these.
    static PackFields top(JsonNode document, Set<String> known) {
        if (!document.isObject()) {
            throw new InvalidProtocolException(FILE, "", "is not a YAML mapping",
                    "Write one field a line, as in 'name: my-pack'");
        }
        PackFields fields = new PackFields(document, "");
        fields.rejectUnknown(known);
        return fields;
    }

    PackFields mapping(String field, Set<String> known) {
        JsonNode value = required(field);
        if (!value.isObject()) {
            throw wrong(field, value, "a mapping with the fields " + String.join(", ", new TreeSet<>(known)));
        }
        PackFields fields = new PackFields(value, path + field + ".");
        fields.rejectUnknown(known);
        return fields;
    }

    boolean has(String field) {
        return node.has(field);
    }

    String text(String field) {
        JsonNode value = required(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw wrong(field, value, "a text that is not blank");
        }
        return value.textValue().strip();
    }

    /// The text, or null where the field is null.
    @Nullable
    String optionalText(String field) {
        return required(field).isNull() ? null : text(field);
    }

    int integer(String field, int lowest, int highest) {
        JsonNode value = required(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < lowest
                || value.intValue() > highest) {
            throw wrong(field, value, "a whole number from " + lowest + " to " + highest);
        }
        return value.intValue();
    }

    /// The number, or null where the field is null.
    @Nullable
    Double optionalNumber(String field, double lowest, double highest) {
        JsonNode value = required(field);
        if (value.isNull()) {
            return null;
        }
        if (!value.isNumber() || !(value.doubleValue() >= lowest && value.doubleValue() <= highest)) {
            throw wrong(field, value, "a number from %s to %s, or null to send none".formatted(lowest, highest));
        }
        return value.doubleValue();
    }

    <E extends Enum<E>> E constant(String field, Class<E> type) {
        JsonNode value = required(field);
        for (E constant : type.getEnumConstants()) {
            if (value.isTextual() && constant.name().toLowerCase(Locale.ROOT).equals(value.textValue())) {
                return constant;
            }
        }
        throw wrong(field, value, "one of " + Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")));
    }

    /// Regular expressions, matched without regard to case.
    ///
    /// @param anyAllowed whether those that can only be matched by trying are allowed, too
    List<RefusalPattern> patterns(String field, boolean anyAllowed) {
        JsonNode value = required(field);
        if (!value.isArray()) {
            throw wrong(field, value, "a list of regular expressions, possibly empty");
        }
        List<RefusalPattern> patterns = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            String item = field + "[" + i + "]";
            if (!value.get(i).isTextual() || value.get(i).textValue().isBlank()) {
                throw wrong(item, value.get(i), "a regular expression that is not blank");
            }
            patterns.add(pattern(item, value.get(i).textValue(), anyAllowed));
        }
        return patterns;
    }

    private RefusalPattern pattern(String item, String expression, boolean anyAllowed) {
        if (expression.length() > LONGEST_PATTERN) {
            throw new InvalidProtocolException(FILE, path + item,
                    "has " + expression.length() + " characters, expected at most " + LONGEST_PATTERN,
                    "Split it: each item of the list is searched for");
        }
        try {
            return RefusalPattern.linear(expression);
        } catch (IllegalArgumentException e) {
            return anyAllowed ? triedPattern(item, expression) : notLinear(item, expression, e);
        }
    }

    private RefusalPattern notLinear(String item, String expression, IllegalArgumentException problem) {
        triedPattern(item, expression);
        throw new InvalidProtocolException(FILE, path + item,
                "cannot be searched for in bounded time: " + problem.getMessage(),
                "Write it without look-around, back references, possessive quantifiers and large repetitions (RE2's syntax)");
    }

    private RefusalPattern triedPattern(String item, String expression) {
        try {
            return RefusalPattern.bounded(expression);
        } catch (PatternSyntaxException e) {
            throw new InvalidProtocolException(FILE, path + item, "is no regular expression: " + e.getDescription()
                    + " near position " + e.getIndex(),
                    "Correct it, or put a backslash before a character that stands for itself");
        }
    }

    InvalidProtocolException wrong(String field, String found, String expected) {
        return new InvalidProtocolException(FILE, path + field, "is " + found + ", expected " + expected,
                "Correct the value");
    }

    private InvalidProtocolException wrong(String field, JsonNode found, String expected) {
        String shown = found.toString();
        return wrong(field, shown.length() > 60 ? shown.substring(0, 60) + "..." : shown, expected);
    }

    private JsonNode required(String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw new InvalidProtocolException(FILE, path + field, "is missing",
                    "Add it; the bundled pack mtmcs-v2 shows how");
        }
        return value;
    }

    private void rejectUnknown(Set<String> known) {
        for (String field : (Iterable<String>) node::fieldNames) {
            if (!known.contains(field)) {
                throw new InvalidProtocolException(FILE, path + field, "is not a known field",
                        "Correct or remove it; known here: " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }
}
