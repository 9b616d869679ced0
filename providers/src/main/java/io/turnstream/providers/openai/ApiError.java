package io.turnstream.providers.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.providers.Adaptation;
import io.turnstream.providers.FailureCause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an error answer says: OpenAI's `{"error": {"message", "type", "param", "code"}}` and what other servers make of
/// it (`{"error": "..."}`, `{"message": "..."}`, `{"detail": "..."}`, plain text).
///
/// @param status  the HTTP status
/// @param message for people; can quote what was sent
/// @param param   the parameter that is objected to; empty if not named
/// @param codes   the error's code, type and inner code, lower case, as far as given
record ApiError(int status, String message, String param, List<String> codes) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern OBJECTS_TO_EXISTENCE = Pattern.compile(
        "unsupported|not support|unrecognized|unknown|not permitted|not allowed|extra (inputs|fields)|unexpected|"
            + "only the default|deprecated",
        Pattern.CASE_INSENSITIVE);
    private static final Pattern OUT_OF_MONEY = Pattern.compile(
        "insufficient_quota|billing_hard_limit|billing_not_active|insufficient_credits|payment_required");
    private static final Pattern FILTERED = Pattern.compile("content_filter|content_policy|responsible_?ai|moderation");
    private static final Pattern NO_SUCH_MODEL = Pattern.compile("model_not_found|unknown_model|invalid_model");

    static ApiError of(int status, byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 16 << 10), StandardCharsets.UTF_8);
        try {
            JsonNode root = JSON.readTree(body);
            if (root != null && root.isObject()) {
                return of(status, root, text);
            }
        } catch (JsonProcessingException e) {
            // A proxy's HTML page or plain text: it is the message.
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        return new ApiError(status, text, "", List.of());
    }

    private static ApiError of(int status, JsonNode root, String text) {
        return of(status, root, root.path("error"), text);
    }

    static ApiError of(int status, JsonNode root, JsonNode error, String text) {
        if (error.isTextual()) {
            return new ApiError(status, error.asText(), "", List.of());
        }
        JsonNode source = error.isObject() ? error : root;
        JsonNode message = source.path("message").isMissingNode() ? source.path("detail") : source.path("message");
        String inner = source.path("innererror").path("code").asText("");
        return new ApiError(status,
            message.isTextual() ? message.asText() : message.isMissingNode() ? text : message.toString(),
            source.path("param").asText(""),
            Stream.of(source.path("code").asText(""), source.path("type").asText(""), inner)
                .filter(code -> !code.isBlank()).map(code -> code.toLowerCase(Locale.ROOT)).toList());
    }

    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,39}");

    /// The error's own name for itself, for a line of ours: its code, or else its type, where that is one word and not
    /// the status again; otherwise an empty text.
    String name() {
        return codes.stream().filter(word -> WORD.matcher(word).matches() && !word.equals(Integer.toString(status)))
            .findFirst().orElse("");
    }

    FailureCause cause() {
        if (named(OUT_OF_MONEY) || status == 402) {
            return FailureCause.QUOTA_EXHAUSTED;
        }
        if (named(NO_SUCH_MODEL)) {
            return FailureCause.NOT_FOUND;
        }
        return switch (status) {
            case 401, 403 -> FailureCause.AUTHENTICATION;
            case 404 -> FailureCause.NOT_FOUND;
            case 408 -> FailureCause.TIMEOUT;
            case 429 -> FailureCause.RATE_LIMITED;
            case 409, 425 -> FailureCause.SERVER_ERROR;
            default -> status >= 500 ? FailureCause.SERVER_ERROR : FailureCause.BAD_REQUEST;
        };
    }

    /// Whether the provider's filter stopped the request.
    boolean isContentFilter() {
        return status >= 400 && status < 500 && named(FILTERED);
    }

    /// How to do without what is objected to; null if this is no objection to a parameter, or none that can be met.
    @Nullable Adaptation adaptation() {
        if ((status != 400 && status != 422)
            || !(codes.stream().anyMatch(code -> code.contains("unsupported")) || OBJECTS_TO_EXISTENCE.matcher(message).find())) {
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

    private boolean named(Pattern pattern) {
        return codes.stream().anyMatch(code -> pattern.matcher(code).find());
    }

    private boolean names(String parameter) {
        return param.isEmpty()
            ? Pattern.compile("(?<![a-z_])" + parameter + "(?![a-z_])").matcher(message).find()
            : param.equals(parameter);
    }
}
