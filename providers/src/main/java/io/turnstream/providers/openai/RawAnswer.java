package io.turnstream.providers.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.turnstream.providers.Adaptation;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ModelReply.Served;
import io.turnstream.providers.Usage;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A successful answer's body, read once more where the library keeps back what it says.
///
/// @param root the body; missing if it is no JSON
record RawAnswer(JsonNode root) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static RawAnswer of(byte[] body) {
        try {
            return new RawAnswer(JSON.readTree(body));
        } catch (IOException e) {
            return new RawAnswer(MissingNode.getInstance());
        }
    }

    Served served(CallParameters effective, Set<Adaptation> adaptations) {
        JsonNode usage = root.path("usage");
        return new Served(text(root.path("model")), text(root.path("system_fingerprint")),
            text(root.path("choices").path(0).path("finish_reason")),
            usage.path("prompt_tokens").isNumber() ? new Usage(usage.path("prompt_tokens").asLong(),
                usage.path("completion_tokens").asLong(),
                usage.path("completion_tokens_details").path("reasoning_tokens").asLong()) : null,
            effective, adaptations, text(root.path("choices").path(0).path("message").path("reasoning_content")));
    }

    /// The error that stands where an answer should; null if there is none. Its status is its code, where that is one.
    @Nullable ApiError error() {
        JsonNode error = root.path("error");
        if (error.isMissingNode() || error.isNull()) {
            return null;
        }
        int code = error.path("code").asInt(0);
        return ApiError.of(code >= 400 && code <= 599 ? code : 502, root, error, error.toString());
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}
