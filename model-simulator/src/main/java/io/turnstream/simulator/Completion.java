package io.turnstream.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// One chat completion answer.
///
/// @param text             the message's text; null where `refusal` stands
/// @param refusal          the provider's refusal, or null
/// @param finishReason     `stop`, `length` or `content_filter`
/// @param completionTokens estimated at four characters a token, reasoning included
record Completion(
        @Nullable String text,
        @Nullable String refusal,
        String finishReason,
        int promptTokens,
        int completionTokens,
        int reasoningTokens) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int CHARACTERS_A_TOKEN = 4;

    /// A text, cut where the limit has it.
    ///
    /// @param limit           most tokens, reasoning included; null for none
    /// @param reasoningTokens tokens spent before the text; at the limit nothing is left for it
    static Completion of(String text, int promptTokens, @Nullable Integer limit, int reasoningTokens) {
        int left = limit == null ? Integer.MAX_VALUE : Math.max(0, limit - reasoningTokens);
        int spent = limit == null ? reasoningTokens : Math.min(limit, reasoningTokens);
        int needed = tokens(text);
        if (needed <= left) {
            return new Completion(text, null, "stop", promptTokens, spent + needed, spent);
        }
        String cut = text.substring(0, left * CHARACTERS_A_TOKEN);
        return new Completion(cut, null, "length", promptTokens, spent + left, spent);
    }

    static Completion empty(int promptTokens) {
        return new Completion("", null, "stop", promptTokens, 0, 0);
    }

    static Completion filtered(int promptTokens) {
        return new Completion("", null, "content_filter", promptTokens, 0, 0);
    }

    static Completion refused(String refusal, int promptTokens) {
        return new Completion(null, refusal, "stop", promptTokens, tokens(refusal), 0);
    }

    private static int tokens(String text) {
        return (text.length() + CHARACTERS_A_TOKEN - 1) / CHARACTERS_A_TOKEN;
    }

    byte[] json(String id, String model, long createdEpochSeconds, String systemFingerprint) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("object", "chat.completion");
            json.writeNumberField("created", createdEpochSeconds);
            json.writeStringField("model", model);
            json.writeStringField("system_fingerprint", systemFingerprint);
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", 0);
            json.writeObjectFieldStart("message");
            json.writeStringField("role", "assistant");
            json.writeStringField("content", text);
            json.writeStringField("refusal", refusal);
            json.writeEndObject();
            json.writeNullField("logprobs");
            json.writeStringField("finish_reason", finishReason);
            json.writeEndObject();
            json.writeEndArray();
            json.writeObjectFieldStart("usage");
            json.writeNumberField("prompt_tokens", promptTokens);
            json.writeNumberField("completion_tokens", completionTokens);
            json.writeNumberField("total_tokens", promptTokens + completionTokens);
            json.writeObjectFieldStart("completion_tokens_details");
            json.writeNumberField("reasoning_tokens", reasoningTokens);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public String toString() {
        return "Completion[" + finishReason + ", " + completionTokens + " tokens]";
    }
}
