package io.turnstream.standalone.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A server with OpenAI's API that sends back the key it was called with, wherever an answer or an error has room for
/// it. A model that is called `locked` does not let anybody in.
final class EchoingProvider implements AutoCloseable {

    /// What it says beside the key, in each answer.
    static final String SAID = "said beside the key";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final AtomicInteger calls = new AtomicInteger();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();

    EchoingProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /// Its address, without a path.
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// All keys that it was sent.
    Set<String> keys() {
        return keys;
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        String key = header.substring(header.indexOf(' ') + 1);
        keys.add(key);
        String echo = SAID + " " + header + " " + key + " " + URLEncoder.encode(key, StandardCharsets.UTF_8)
                + " https://u:" + key + "@h"
                + exchange.getRequestURI();
        exchange.getResponseHeaders().set("X-Request-Id", key);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        int call = calls.incrementAndGet();
        boolean judge = request.path("model").asText().contains("judge");
        boolean question = !judge && request.path("max_tokens").asInt() < 128;
        if (request.path("model").asText().equals("locked")) {
            send(exchange, 401, error(echo, key));
        } else if (judge) {
            send(exchange, 200, completion(key, Map.of("content", "4\n" + echo)));
        } else if (question && call % 5 == 1) {
            send(exchange, 400, error(echo, key));
        } else if (question && call % 5 == 2) {
            send(exchange, 422, ("no JSON: " + echo).getBytes(StandardCharsets.UTF_8));
        } else if (question && call % 5 == 3) {
            send(exchange, 200, completion(key, Map.of("refusal", echo)));
        } else {
            send(exchange, 200, completion(key, Map.of("content", "B " + echo, "reasoning_content", echo)));
        }
    }

    private static byte[] error(String echo, String key) throws IOException {
        return JSON.writeValueAsBytes(Map.of("error", Map.of("message", echo, "type", key, "param", key, "code", key)));
    }

    private static byte[] completion(String key, Map<String, String> message) throws IOException {
        return JSON.writeValueAsBytes(Map.of("id", key, "model", "served " + key, "system_fingerprint", key,
                "choices", List.of(Map.of("index", 0, "finish_reason", "stop", "message", message)),
                "usage", Map.of("prompt_tokens", 1, "completion_tokens", 1)));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
