package io.turnstream.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turnstream.standalone.home.RunningPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgramApiTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ProgramApi api;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        api = new ProgramApi(new RunningPlatform(1, 0, server.getAddress().getPort(), "secret", null));
    }

    @AfterEach
    void stop() {
        api.close();
        server.stop(0);
    }

    @Test
    void a_run_that_was_only_asked_for_is_not_settled() {
        // Given a program whose projection has not heard of the run yet
        server.createContext("/", exchange -> answer(exchange, 404, "{\"error\": {\"what\": \"there is no run\"}}"));

        assertThat(api.progress("01J").path("settled").booleanValue()).isFalse();
    }

    @Test
    void asks_with_the_programs_token_where_the_documentation_says() {
        server.createContext("/", exchange -> answer(exchange, exchange.getRequestMethod().equals("POST") ? 201 : 200,
                exchange.getRequestMethod().equals("POST") ? "{\"runs\": [\"01J\"]}" : "{\"settled\": true}"));

        assertThat(api.submit(new Load(Path.of("/data"), 1, null, 1, 8, true))).isEqualTo("01J");
        assertThat(api.progress("01J").path("settled").booleanValue()).isTrue();
        assertThat(asked).containsExactly("POST /api/v1/runs Bearer secret",
                "GET /api/v1/runs/01J/progress Bearer secret");
    }

    @Test
    void what_the_program_refuses_is_told() {
        server.createContext("/", exchange -> answer(exchange, 400, "{\"error\": {\"what\": \"unknown field\"}}"));

        assertThatThrownBy(() -> api.submit(new Load(Path.of("/data"), 1, null, 1, 8, true)))
                .hasMessageContaining("400").hasMessageContaining("unknown field");
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        asked.add(exchange.getRequestMethod() + ' ' + exchange.getRequestURI() + ' '
                + exchange.getRequestHeaders().getFirst("Authorization"));
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
