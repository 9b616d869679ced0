package io.turnstream.providers.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An answer that comes as an event stream although none was asked for: some servers know nothing else. Its pieces are
/// put together to the answer that a server without a stream would send.
final class EventStream {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of("content", "reasoning_content", "reasoning", "refusal");

    private EventStream() {}

    /// Whether a body begins like one.
    static boolean isOne(byte[] body) {
        String begin = new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8).replace("\ufeff", "")
                .stripLeading();
        return begin.startsWith("data:") || begin.startsWith("event:") || begin.startsWith("id:")
                || begin.startsWith(":");
    }

    /// The answer; without an answer's parts where the stream breaks off before its end.
    static JsonNode read(String stream) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        ObjectNode choice = JsonNodeFactory.instance.objectNode();
        Map<String, StringBuilder> texts = new LinkedHashMap<>();
        boolean done = false;
        for (String event : events(stream)) {
            if (event.equals("[DONE]")) {
                done = true;
                continue;
            }
            JsonNode piece = json(event);
            take(piece, whole, "model", "system_fingerprint", "usage", "error", "prompt_filter_results", "base_resp");
            JsonNode first = piece.path("choices").path(0);
            take(first, choice, "finish_reason", "error", "content_filter_results");
            add(first.path("delta").isObject() ? first.path("delta") : first.path("message"), texts);
        }
        if (done || choice.has("finish_reason") || whole.has("error")) {
            ObjectNode message = JsonNodeFactory.instance.objectNode();
            texts.forEach((field, text) -> message.put(field, text.toString()));
            whole.set("choices", JsonNodeFactory.instance.arrayNode().add(choice.set("message", message)));
        }
        return whole.isEmpty() ? MissingNode.getInstance() : whole;
    }

    private static List<String> events(String stream) {
        List<String> events = new ArrayList<>();
        StringBuilder data = new StringBuilder();
        for (String line : (stream + "\n\n").split("\r\n|\r|\n", -1)) {
            if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring("data:".length()).strip());
            } else if (line.isEmpty() && !data.isEmpty()) {
                events.add(data.toString());
                data.setLength(0);
            }
        }
        return events;
    }

    private static JsonNode json(String event) {
        try {
            return JSON.readTree(event);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static void take(JsonNode from, ObjectNode into, String... fields) {
        for (String field : fields) {
            if (from.hasNonNull(field)) {
                into.set(field, from.get(field));
            }
        }
    }

    private static void add(JsonNode delta, Map<String, StringBuilder> texts) {
        for (String field : TEXTS) {
            if (delta.path(field).isTextual()) {
                texts.computeIfAbsent(field, none -> new StringBuilder()).append(delta.path(field).asText());
            }
        }
    }
}
