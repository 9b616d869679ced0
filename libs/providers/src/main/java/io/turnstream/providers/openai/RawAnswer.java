package io.turnstream.providers.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.turnstream.providers.Adaptation;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ModelReply.Served;
import io.turnstream.providers.Usage;
import io.turnstream.providers.forms.Signs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A body that came with a status of success, as it was received: a chat completion, an event stream that adds up to
/// one, or an error that should have had another status.
///
/// @param root  the body; missing if it is no JSON
/// @param looks what it looks like, for people
record RawAnswer(JsonNode root, String looks) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CHARACTERS = 200;
    private static final List<String> REASONING = List.of("reasoning_content", "reasoning", "thinking");

    static RawAnswer of(byte[] body) {
        if (EventStream.isOne(body)) {
            JsonNode whole = EventStream.read(new String(body, StandardCharsets.UTF_8));
            return new RawAnswer(whole, "an event stream that breaks off or holds no answer");
        }
        try {
            JsonNode root = JSON.readTree(body);
            return new RawAnswer(root == null ? MissingNode.getInstance() : root,
                    root == null || root.isMissingNode()
                            ? "an empty body"
                            : "JSON without an answer in it");
        } catch (IOException e) {
            return new RawAnswer(MissingNode.getInstance(), look(body));
        }
    }

    private static String look(byte[] body) {
        String begin = new String(body, 0, Math.min(body.length, MOST_CHARACTERS), StandardCharsets.UTF_8)
                .stripLeading();
        return begin.isEmpty()
                ? "an empty body"
                : begin.startsWith("<")
                        ? "a web page"
                        : begin.startsWith("{") || begin.startsWith("[")
                                ? "JSON that breaks off or is not valid"
                                : "no JSON";
    }

    private JsonNode choice() {
        return root.path("choices").path(0);
    }

    private JsonNode message() {
        return choice().path("message");
    }

    /// Whether there is an answer, empty or not.
    boolean isAnswer() {
        JsonNode content = message().path("content");
        return message().isObject()
                && (content.isMissingNode() || content.isNull() || content.isTextual() || content.isContainerNode());
    }

    String text() {
        return of(message().path("content"), false);
    }

    /// The text of a content that is a text, or a list of parts.
    private static String of(JsonNode content, boolean ofReasoning) {
        if (content.isTextual()) {
            return ofReasoning ? "" : content.asText();
        }
        if (content.isObject()) {
            return part(content, ofReasoning);
        }
        StringBuilder parts = new StringBuilder();
        content.forEach(
                part -> parts.append(part.isTextual() ? ofReasoning ? "" : part.asText() : part(part, ofReasoning)));
        return parts.toString();
    }

    private static String part(JsonNode part, boolean ofReasoning) {
        String type = part.path("type").asText("text");
        boolean reasons = type.contains("thinking") || type.contains("reasoning");
        if (reasons != ofReasoning) {
            return "";
        }
        if (reasons) {
            JsonNode thought = REASONING.stream().map(part::path).filter(node -> !node.isMissingNode()).findFirst()
                    .orElse(part.path("text"));
            return of(thought, false);
        }
        JsonNode text = part.path("text");
        return text.isTextual() ? text.asText() : text.path("value").asText("");
    }

    /// The refusal that a model's API tells apart from a text; empty where there is none.
    String refusal() {
        JsonNode refusal = message().path("refusal");
        if (refusal.isTextual()) {
            return refusal.asText();
        }
        StringBuilder parts = new StringBuilder();
        message().path("content").forEach(part -> parts.append(part.path("refusal").asText("")));
        return parts.toString();
    }

    @Nullable
    String finishReason() {
        return text(choice().path("finish_reason"));
    }

    Served served(CallParameters effective, Set<Adaptation> adaptations) {
        return new Served(text(root.path("model")), text(root.path("system_fingerprint")), finishReason(),
                usage(root.path("usage")),
                effective, adaptations, reasoning());
    }

    private @Nullable String reasoning() {
        for (String field : REASONING) {
            if (message().path(field).isTextual() && !message().path(field).asText().isBlank()) {
                return message().path(field).asText();
            }
        }
        String parts = of(message().path("content"), true);
        return parts.isBlank() ? null : parts;
    }

    /// Tokens as counted: numbers under the names of OpenAI's chat API or its successor's; null where there are none.
    static @Nullable Usage usage(JsonNode usage) {
        JsonNode input = either(usage, "prompt_tokens", "input_tokens");
        JsonNode output = either(usage, "completion_tokens", "output_tokens");
        if (!input.isNumber() && !output.isNumber()) {
            return null;
        }
        JsonNode details = either(usage, "completion_tokens_details", "output_tokens_details");
        return Usage.counted(input.asDouble(0), output.asDouble(0), details.path("reasoning_tokens").asDouble(0));
    }

    private static JsonNode either(JsonNode node, String name, String other) {
        return node.path(name).isMissingNode() ? node.path(other) : node.path(name);
    }

    /// What tells of its meaning.
    Signs signs(int status) {
        return Signs.of(status, root, "", finishReason(), !text().isBlank());
    }

    /// The error that stands where an answer should, or beside half of one; null if there is none. Its status is its
    /// code, where that is one.
    @Nullable
    ApiError error() {
        JsonNode error = isSaid(root.path("error"))
                ? root
                : isSaid(choice().path("error")) ? choice() : MissingNode.getInstance();
        if (error.isMissingNode()) {
            return null;
        }
        int code = error.path("error").path("code").asInt(error.path("error").path("status").asInt(0));
        ApiError read = ApiError.of(code >= 400 && code <= 599 ? code : 502, error, error.path("error").toString());
        return new ApiError(read.message(), read.param(), read.signs(), usage(root.path("usage")));
    }

    private static boolean isSaid(JsonNode error) {
        return error.isTextual()
                ? !error.asText().isBlank()
                : error.isContainerNode() ? !error.isEmpty() : error.isNumber();
    }

    private static @Nullable String text(JsonNode node) {
        if (!node.isTextual() || node.asText().isBlank()) {
            return null;
        }
        return node.asText().length() <= MOST_CHARACTERS ? node.asText() : node.asText().substring(0, MOST_CHARACTERS);
    }

    /// Nothing of the body: what a model says is not for logs.
    @Override
    public String toString() {
        return "RawAnswer[" + looks + "]";
    }
}
