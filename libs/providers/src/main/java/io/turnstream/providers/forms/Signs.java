package io.turnstream.providers.forms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an answer shows of its meaning, whichever provider it comes from.
///
/// @param status       the HTTP status, or what stands for it in the body
/// @param codes        the values of fields that name what happened (`code`, `type`, `reason`, ...): single words,
///                     lower case
/// @param fields       every field that holds one word, as `path.to.field=value`, lower case; [#MOST_FIELDS] at most
/// @param message      what is said for people, [#MOST_CHARACTERS] at most
/// @param finishReason why the text ended, as received
/// @param hasText      whether there is a text that is not blank
public record Signs(
        int status, List<String> codes, List<String> fields, String message, @Nullable String finishReason,
        boolean hasText) {

    static final int MOST_FIELDS = 200;
    static final int MOST_CHARACTERS = 2_000;

    private static final int DEEPEST = 8;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAMES_WHAT_HAPPENED = Pattern.compile(
            "(?i)(?:.*[a-z_])?(?:code|type|status|reasons?|name|category)");
    private static final Pattern WORD = Pattern.compile("[^\\s=]{1,80}");
    private static final Set<String> FOR_PEOPLE = Set.of("message", "detail", "error", "msg", "status_msg", "error_msg",
            "error_description",
            "errormessage", "title", "description");
    /// What a model says stands here, and says nothing about what happened.
    private static final Set<String> OF_THE_MODEL = Set.of("content", "text", "delta", "logprobs", "usage", "reasoning",
            "reasoning_content", "tool_calls", "id");

    public Signs {
        codes = List.copyOf(codes);
        fields = List.copyOf(fields);
        message = message.length() <= MOST_CHARACTERS ? message : message.substring(0, MOST_CHARACTERS);
    }

    /// Reads them off a body.
    ///
    /// @param body the whole body, or the part of it that tells of an error; missing where it is no JSON
    /// @param text the body as it is, for one that is no JSON
    public static Signs of(int status, JsonNode body, String text, @Nullable String finishReason, boolean hasText) {
        Walk walk = new Walk();
        walk.into("", "", body, 0);
        return new Signs(status, walk.codes, walk.fields,
                walk.message.isEmpty() && !body.isContainerNode() ? text : walk.message.toString(),
                finishReason, hasText);
    }

    /// Never the message: it can quote a prompt.
    @Override
    public String toString() {
        return "Signs[%d, %s, %s]".formatted(status, codes, finishReason);
    }

    private static final class Walk {

        private final List<String> codes = new ArrayList<>();
        private final List<String> fields = new ArrayList<>();
        private final StringBuilder message = new StringBuilder();

        void into(String path, String name, JsonNode node, int depth) {
            if (depth > DEEPEST || fields.size() >= MOST_FIELDS) {
                return;
            }
            if (node.isObject()) {
                for (Map.Entry<String, JsonNode> field : node.properties()) {
                    String key = field.getKey().toLowerCase(Locale.ROOT);
                    boolean ofTheModel = OF_THE_MODEL.contains(key)
                            || key.equals("message") && field.getValue().isObject();
                    if (!ofTheModel && key.length() <= 80) {
                        into(path.isEmpty() ? key : path + '.' + key, key, field.getValue(), depth + 1);
                    }
                }
            } else if (node.isArray()) {
                for (int i = 0; i < Math.min(node.size(), 20); i++) {
                    into(path, name, node.get(i), depth + 1);
                }
            } else if (node.isValueNode() && !node.isNull()) {
                leaf(path, name, node.asText(), depth);
            }
        }

        private void leaf(String path, String name, String value, int depth) {
            if (WORD.matcher(value).matches()) {
                String word = value.toLowerCase(Locale.ROOT);
                fields.add(path + '=' + word);
                if (NAMES_WHAT_HAPPENED.matcher(name).matches()) {
                    codes.add(word);
                }
            } else {
                fields.add(path + '=');
            }
            if (!looksLikeJson(value) || !inside(path, name, value, depth)) {
                if (FOR_PEOPLE.contains(name)
                        || NAMES_WHAT_HAPPENED.matcher(name).matches() && value.indexOf(' ') > 0) {
                    message.append(message.isEmpty() ? "" : "\n").append(value, 0,
                            Math.min(value.length(), MOST_CHARACTERS));
                }
            }
        }

        private static boolean looksLikeJson(String value) {
            return value.startsWith("{") && value.length() <= 64 << 10;
        }

        /// A gateway hands on another provider's error as a text.
        private boolean inside(String path, String name, String value, int depth) {
            try {
                into(path, name, JSON.readTree(value), depth + 1);
                return true;
            } catch (JsonProcessingException e) {
                return false;
            }
        }
    }
}
