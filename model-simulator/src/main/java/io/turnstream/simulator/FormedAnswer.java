package io.turnstream.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// An answer in one of the forms that providers have.
///
/// @param headers beside the length
record FormedAnswer(int status, Map<String, String> headers, byte[] body) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> IS_JSON = Map.of("Content-Type", "application/json");
    private static final int OVERSIZED_CHARACTERS = 300 << 10;
    private static final int HUGE_CHARACTERS = 3 << 20;
    private static final int IMMENSE_CHARACTERS = 9 << 20;
    private static final String REASONING = "The user asks for something. Let me think it over first.";
    /// Half of a surrogate pair has no form in UTF-8: it can be sent as an escape only.
    private static final ObjectWriter ESCAPING = JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    /// @param completion what would have been answered otherwise, as JSON
    /// @param prompt     the last message's text
    static FormedAnswer of(ProviderForm form, byte[] completion, String prompt) {
        try {
            return of(form, (ObjectNode) JSON.readTree(completion), completion, prompt);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FormedAnswer of(ProviderForm form, ObjectNode whole, byte[] plain, String prompt)
            throws IOException {
        ObjectNode choice = (ObjectNode) whole.path("choices").path(0);
        ObjectNode message = (ObjectNode) choice.path("message");
        String text = message.path("content").asText("");
        return switch (form) {
            case POLICY_403 -> error(403,
                    """
                {"code": "The caller does not have permission to execute the specified operation", "error": "Content violates usage guidelines."}""");
            case FLAGGED_403 -> error(403, """
                {"error": {"message": "This model requires moderation. Your input was flagged for \\"violence\\".", "code": 403,
                 "metadata": {"reasons": ["violence"], "flagged_input": "..."}}}""");
            case FORBIDDEN_403 -> error(403, "{\"error\": {\"message\": \"No.\"}}");
            case INSPECTION_400 -> error(400, """
                {"error": {"code": "data_inspection_failed", "type": "data_inspection_failed", "param": null,
                 "message": "Input data may contain inappropriate content."}}""");
            case SENSITIVE_1301 -> error(400,
                    """
                {"error": {"code": "1301", "message": "The request may contain unsafe or sensitive content."}, "contentFilter": [{"role": "user", "level": 1}]}""");
            case FINISH_SAFETY -> finish(whole, choice, "", "SAFETY");
            case FINISH_SENSITIVE -> finish(whole, choice, "", "sensitive");
            case FINISH_REFUSAL -> finish(whole, choice, "", "refusal");
            case FINISH_FILTER -> finish(whole, choice, "", "content_filter: violence");
            case FINISH_MAX_TOKENS -> finish(whole, choice, "", "MAX_TOKENS");
            case FINISH_ERROR -> finish(whole, choice, text.substring(0, text.length() / 2), "error");
            case FINISH_OTHER -> finish(whole, choice, text.substring(0, text.length() / 2), "OTHER");
            case FINISH_UNKNOWN -> finish(whole, choice, text, "concluded");
            case CHOICE_ERROR -> {
                choice.putObject("error").put("code", 502).put("message", "The upstream server hung up.");
                choice.putNull("finish_reason");
                message.put("content", text.substring(0, text.length() / 2));
                yield json(whole);
            }
            case USAGE_ONLY -> {
                whole.remove("choices");
                yield json(whole.put("output", text));
            }
            case BAD_GATEWAY -> error(502, "{\"error\": {\"message\": \"The gateway has no upstream left.\"}}");
            case ABSURD_USAGE -> {
                whole.withObject("/usage").put("prompt_tokens", Long.MAX_VALUE).put("completion_tokens",
                        Long.MAX_VALUE);
                yield json(whole);
            }
            case CONTENT_PARTS -> {
                message.putArray("content").addObject().put("type", "text").put("text", text);
                yield json(whole);
            }
            case EVENT_STREAM -> stream(whole, choice, text);
            case GZIP -> new FormedAnswer(200, Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
                    gzip(plain));
            case REDIRECT ->
                new FormedAnswer(307, Map.of("Location", "https://elsewhere.example/v1/chat/completions"), new byte[0]);
            case REASONING_ONLY -> {
                message.put("content", "").put("reasoning_content", text);
                yield json(whole);
            }
            case ONE_TEMPERATURE ->
                error(400, "{\"error\": {\"message\": \"invalid temperature: only 1 is allowed for this model\"}}");
            case OVERSIZED -> said(whole, message, "word ".repeat(OVERSIZED_CHARACTERS / 5));
            case HUGE -> said(whole, message, "word ".repeat(HUGE_CHARACTERS / 5));
            case IMMENSE -> said(whole, message, "word ".repeat(IMMENSE_CHARACTERS / 5));
            case DEGENERATE_MARKS -> said(whole, message, "Answer:" + "=".repeat(1_200));
            case DEGENERATE_COMMAS -> said(whole, message, "A" + ",".repeat(2_000));
            case THINK_ARROWS -> said(whole, message, "\u25c1think\u25b7" + REASONING + "\u25c1/think\u25b7\n" + text);
            case THINK_BRACKETS -> said(whole, message, "[THINK]" + REASONING + "[/THINK]\n" + text);
            case HARMONY -> said(whole, message, "<|channel|>analysis<|message|>" + REASONING
                    + "<|end|><|start|>assistant<|channel|>final<|message|>" + text + "<|return|>");
            case BOXED -> said(whole, message, "<|begin_of_box|>" + text + "<|end_of_box|>");
            case LEFT_OVER_TOKEN -> said(whole, message, text + "<|im_end|>");
            case VERDICT_QUOTES_THINK -> said(whole, message, quotingThink(text));
            case LONE_SURROGATES -> said(whole, message, "\udc4d " + text + " \ud83d");
            case HOSTILE_MESSAGE -> {
                ObjectNode error = JSON.createObjectNode();
                error.putObject("error").put("type", "invalid_request_error")
                        .put("message", "Cannot take \u001b[2J\u009b31m\u202e'" + prompt + "'\u2066");
                yield new FormedAnswer(400, IS_JSON, JSON.writeValueAsBytes(error));
            }
        };
    }

    private static FormedAnswer error(int status, String body) {
        return new FormedAnswer(status, IS_JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    private static FormedAnswer finish(ObjectNode whole, ObjectNode choice, String text, String reason)
            throws IOException {
        choice.put("finish_reason", reason);
        ((ObjectNode) choice.path("message")).put("content", text);
        return json(whole);
    }

    private static FormedAnswer said(ObjectNode whole, ObjectNode message, String text) throws IOException {
        message.put("content", text);
        return json(whole);
    }

    private static FormedAnswer json(ObjectNode whole) throws IOException {
        return new FormedAnswer(200, IS_JSON, ESCAPING.writeValueAsBytes(whole));
    }

    /// Whether a text is a verdict: an object with a score and an explanation.
    static boolean isVerdict(@Nullable String text) {
        if (text == null || !text.startsWith("{")) {
            return false;
        }
        try {
            JsonNode verdict = JSON.readTree(text);
            return verdict.has("score") && verdict.has("explanation");
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static String quotingThink(String verdict) throws IOException {
        ObjectNode quoting = (ObjectNode) JSON.readTree(verdict);
        quoting.put("explanation", quoting.path("explanation").asText() + " Its last answer leaks its <think> block.");
        return JSON.writeValueAsString(quoting);
    }

    private static FormedAnswer stream(ObjectNode whole, ObjectNode choice, String text) throws IOException {
        StringBuilder events = new StringBuilder(": ping\n\n");
        int half = text.length() / 2;
        for (String piece : new String[] {text.substring(0, half), text.substring(half)}) {
            ObjectNode event = JSON.createObjectNode().put("model", whole.path("model").asText());
            event.putArray("choices").addObject().put("index", 0).putObject("delta").put("content", piece);
            events.append("data: ").append(event).append("\n\n");
        }
        ObjectNode last = JSON.createObjectNode();
        last.putArray("choices").addObject().put("index", 0).put("finish_reason", choice.path("finish_reason").asText())
                .putObject("delta");
        last.set("usage", whole.path("usage"));
        events.append("data: ").append(last).append("\n\ndata: [DONE]\n\n");
        return new FormedAnswer(200, Map.of("Content-Type", "text/event-stream"),
                events.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    @Override
    public String toString() {
        return "FormedAnswer[" + status + ", " + body.length + " bytes]";
    }
}
