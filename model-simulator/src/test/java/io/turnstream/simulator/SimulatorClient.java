package io.turnstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// What tests say to a simulator over HTTP.
final class SimulatorClient implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Simulator simulator;

    SimulatorClient(Simulator simulator) {
        this.simulator = simulator;
    }

    static ObjectNode chat(String model, String user) {
        ObjectNode body = JSON.createObjectNode().put("model", model).put("max_tokens", 128).put("temperature", 0.1);
        body.putArray("messages").addObject().put("role", "user").put("content", user);
        return body;
    }

    HttpResponse<String> post(JsonNode body, String... headers) throws IOException, InterruptedException {
        return send("POST", "/v1/chat/completions", body.toString(), headers);
    }

    CompletableFuture<HttpResponse<String>> postAsync(JsonNode body) {
        return http.sendAsync(request("POST", "/v1/chat/completions", body.toString(), Duration.ofSeconds(20)),
                BodyHandlers.ofString());
    }

    HttpResponse<String> postWithin(JsonNode body, Duration timeout) throws IOException, InterruptedException {
        return http.send(request("POST", "/v1/chat/completions", body.toString(), timeout), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return http.send(request(method, path, body, Duration.ofSeconds(20), headers), BodyHandlers.ofString());
    }

    static String text(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body()).at("/choices/0/message/content").asText();
    }

    private HttpRequest request(String method, String path, String body, Duration timeout, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.port() + path))
                .timeout(timeout)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return headers.length == 0 ? builder.build() : builder.headers(headers).build();
    }

    @Override
    public void close() {
        http.close();
        simulator.close();
    }
}
