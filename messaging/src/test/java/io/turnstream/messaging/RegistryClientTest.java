package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turnstream.contracts.RunCommanded;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryClientTest {

    private static final String REGISTERED = "{\"version\": {\"contentId\": 7}}";

    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        client = new RegistryClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Duration.ofSeconds(1), Duration.ZERO);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void asksAgainWhatWasNotAnsweredInTime() throws Exception {
        // Given a registry that is still busy with its own start
        server.createContext("/", exchange -> {
            if (asked.incrementAndGet() > 1) {
                answer(exchange, 200, REGISTERED);
            }
        });

        // Then
        assertThat(client.register(RunCommanded.getClassSchema())).isEqualTo(7);
        assertThat(asked).hasValue(2);
    }

    @Test
    void asksAgainWhereTheRegistryCannotServeYet() throws Exception {
        server.createContext("/", exchange -> answer(exchange, asked.incrementAndGet() < 3 ? 503 : 204, ""));

        client.requireBackwardCompatibility();

        assertThat(asked).hasValue(3);
    }

    @Test
    void givesUpInTheEndAndSaysHowOftenItAsked() {
        server.createContext("/", exchange -> asked.incrementAndGet());

        assertThatThrownBy(client::requireBackwardCompatibility).isInstanceOf(IOException.class)
                .hasMessageContaining("gave no answer 4 times");
        assertThat(asked).hasValue(4);
    }

    @Test
    void asksOnceWhereTheRegistryRefuses() {
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            answer(exchange, 409, "{\"title\": \"Incompatible artifact\"}");
        });

        assertThatThrownBy(() -> client.register(RunCommanded.getClassSchema())).isInstanceOf(IOException.class)
                .hasMessageContaining("status 409: Incompatible artifact");
        assertThat(asked).hasValue(1);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
