package io.turnstream.modelworker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.Usage;
import io.turnstream.providers.work.CallOrder;
import io.turnstream.providers.work.CallRecord;
import io.turnstream.providers.work.CallResult;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.providers.work.Permission;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Calls the simulator once per order.
final class SimulatorCaller implements ModelCaller {

    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI baseUrl;

    SimulatorCaller(URI baseUrl) {
        this.baseUrl = baseUrl;
    }

    @Override
    public CallResult call(CallOrder order, Supplier<Permission> permission) throws InterruptedException {
        long start = System.currentTimeMillis();
        ObjectNode body = JSON.createObjectNode().put("model", order.target().getModel());
        ArrayNode messages = body.putArray("messages");
        order.messages().forEach(m -> messages.addObject().put("role", m.role().name().toLowerCase(Locale.ROOT)).put("content", m.text()));
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + "/chat/completions")).header("Content-Type", "application/json")
                .header("Idempotency-Key", order.idempotencyKey())
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode answer = JSON.readTree(response.body());
            JsonNode choice = answer.path("choices").path(0);
            long end = System.currentTimeMillis();
            CallRecord call = new CallRecord(List.of(new Attempt("ok", response.statusCode(), start, end - start, 0L)), order.parameters(),
                    new Usage(answer.path("usage").path("prompt_tokens").asLong(), answer.path("usage").path("completion_tokens").asLong(), 0L), null,
                    choice.path("finish_reason").asText(), answer.path("model").asText(), null, start, end);
            return new CallResult.Replied(call, choice.path("message").path("content").asText());
        } catch (IOException e) {
            return new CallResult.Failed(CallRecord.none(order.parameters(), start), e.toString());
        }
    }
}
