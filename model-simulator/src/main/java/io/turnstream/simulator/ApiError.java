package io.turnstream.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An error answer in the shape of OpenAI's API: `{"error": {"message", "type", "param", "code"}}`.
record ApiError(
        int status, String message, String type, @Nullable String param, @Nullable String code, int retryAfterSeconds) {

    static ApiError badRequest(String message, @Nullable String param, @Nullable String code) {
        return new ApiError(400, message, "invalid_request_error", param, code, 0);
    }

    static ApiError wrongKey() {
        return new ApiError(401, "The API key is missing or not the one this server expects.",
                "invalid_request_error", null, "invalid_api_key", 0);
    }

    static ApiError noSuchModel(String model) {
        return new ApiError(404,
                "There is no model '" + model + "' here, or you may not use it. GET /v1/models lists them.",
                "invalid_request_error", null, "model_not_found", 0);
    }

    static ApiError noSuchPath(String method, String path) {
        return new ApiError(404, "Nothing answers " + method + " " + path + " here.", "invalid_request_error", null,
                "unknown_url", 0);
    }

    static ApiError tooLarge(long bytes, long limit) {
        return new ApiError(413, "A body of " + bytes + " bytes is larger than the " + limit + " that are read.",
                "invalid_request_error", null, null, 0);
    }

    static ApiError rateLimited(String model, String limit, int retryAfterSeconds) {
        return new ApiError(429, "Rate limit reached for " + model + " (" + limit + "). Try again in "
                + retryAfterSeconds + " s.", "requests", null, "rate_limit_exceeded", retryAfterSeconds);
    }

    static ApiError serverError() {
        return new ApiError(500, "The server had an error while it worked on your request (injected).", "server_error",
                null, null, 0);
    }

    static ApiError ownFailure(RuntimeException failure) {
        return new ApiError(500, "The simulator itself failed: " + failure.getClass().getName(), "server_error", null,
                "simulator_failure", 0);
    }

    static ApiError down(int retryAfterSeconds) {
        return new ApiError(503, "The server is down (simulated outage).", "server_error", null, null,
                retryAfterSeconds);
    }

    static ApiError unsupportedParameter(String param, String instead) {
        return badRequest("Unsupported parameter: '" + param + "' is not supported with this model. Use '" + instead
                + "' instead.", param, "unsupported_parameter");
    }

    static ApiError unsupportedValue(String param, String value, String only) {
        return badRequest(
                "Unsupported value: '" + param + "' does not take " + value + " with this model. Only the default ("
                        + only + ") value is supported.",
                param, "unsupported_value");
    }

    byte[] body() {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("message", message).put("type", type).put("param", param).put("code", code);
        return JsonNodeFactory.instance.objectNode().<ObjectNode>set("error", error).toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
