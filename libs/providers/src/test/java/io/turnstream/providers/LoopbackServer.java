package io.turnstream.providers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A server on this machine that answers chat calls as a test tells it to, and keeps what it was sent.
public final class LoopbackServer implements AutoCloseable {

    /// What the server does with one request.
    @FunctionalInterface
    public interface Behaviour {
        void answer(Received request, HttpExchange exchange) throws IOException;
    }

    /// One request as it arrived.
    public record Received(String path, Map<String, List<String>> headers, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = (request, exchange) -> respond(exchange, 200, answer("ok"));

    public LoopbackServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Received request = new Received(exchange.getRequestURI().getPath(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    new String(body, StandardCharsets.UTF_8));
            received.add(request);
            behaviour.answer(request, exchange);
        });
        server.start();
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    public List<Received> received() {
        return received;
    }

    public Received last() {
        return received.getLast();
    }

    public LoopbackServer does(Behaviour next) {
        behaviour = next;
        return this;
    }

    public LoopbackServer answers(int status, String body) {
        return does((request, exchange) -> respond(exchange, status, body));
    }

    /// Takes requests and never answers them.
    public LoopbackServer hangs() {
        return does((request, exchange) -> {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /// Announces the whole body, sends the first half, and hangs up.
    public static void respondHalf(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    /// A chat completion with this text, 12 input and 3 output tokens.
    public static String answer(String text) {
        return answer('"' + text + '"', "null", "stop");
    }

    /// @param content the JSON of the content
    /// @param refusal the JSON of the refusal
    public static String answer(String content, String refusal, String finishReason) {
        return """
            {"id":"c-1","object":"chat.completion","created":1,"model":"served-model-2026","system_fingerprint":"fp_1",
             "choices":[{"index":0,"message":{"role":"assistant","content":%s,"refusal":%s},"finish_reason":"%s"}],
             "usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15,
                      "completion_tokens_details":{"reasoning_tokens":2}}}
            """.formatted(content, refusal, finishReason);
    }

    public static String error(String message, @Nullable String param, @Nullable String code) {
        return """
            {"error":{"message":"%s","type":"invalid_request_error","param":%s,"code":%s}}
            """.formatted(message, param == null ? "null" : '"' + param + '"',
                code == null ? "null" : '"' + code + '"');
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
