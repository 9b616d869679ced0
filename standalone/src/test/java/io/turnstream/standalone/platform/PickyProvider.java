package io.turnstream.standalone.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/// A server with OpenAI's API that answers some calls and refuses others by a 403 in words that nobody knows.
final class PickyProvider implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Predicate<String> refused;
    private final Set<String> refusedCalls = ConcurrentHashMap.newKeySet();

    /// @param refused which calls it refuses, by the key that tells repetitions of a call
    PickyProvider(Predicate<String> refused) throws IOException {
        this.refused = refused;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /// The calls that it has refused, by their keys.
    Set<String> refusedCalls() {
        return refusedCalls;
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (refused.test(key)) {
            refusedCalls.add(key);
            send(exchange, 403, Map.of("error", Map.of("message", "Not this one.")));
        } else {
            send(exchange, 200, Map.of("model", "picky", "choices", List.of(Map.of("index", 0, "finish_reason", "stop",
                    "message", Map.of("role", "assistant", "content", "B"))), "usage",
                    Map.of("prompt_tokens", 1, "completion_tokens", 1)));
        }
    }

    private static void send(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
