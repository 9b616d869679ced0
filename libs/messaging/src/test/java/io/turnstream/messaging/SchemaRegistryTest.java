package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turnstream.contracts.RunCommanded;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaRegistryTest {

    private static final String REGISTERED = "{\"version\": {\"contentId\": 7}}";

    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private URI address;
    private SchemaRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        registry = new SchemaRegistry(address, new SchemaRegistry.Patience(Duration.ofSeconds(1), Duration.ZERO, 4));
    }

    @AfterEach
    void stop() {
        registry.close();
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
        assertThat(registry.register(RunCommanded.getClassSchema())).isEqualTo(7);
        assertThat(asked).hasValue(2);
    }

    @Test
    void asksAgainWhereTheRegistryCannotServeYet() throws Exception {
        server.createContext("/", exchange -> answer(exchange, asked.incrementAndGet() < 3 ? 503 : 204, ""));

        registry.requireBackwardCompatibility();

        assertThat(asked).hasValue(3);
    }

    @Test
    void givesUpInTheEndAndSaysHowOftenItAsked() {
        server.createContext("/", exchange -> asked.incrementAndGet());

        assertThatThrownBy(registry::requireBackwardCompatibility).isInstanceOf(IOException.class)
                .hasMessageContaining("gave no answer 4 times");
        assertThat(asked).hasValue(4);
    }

    @Test
    void asksOnceWhereTheRegistryRefuses() {
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            answer(exchange, 409, "{\"title\": \"Incompatible artifact\"}");
        });

        assertThatThrownBy(() -> registry.register(RunCommanded.getClassSchema())).isInstanceOf(IOException.class)
                .hasMessageContaining("status 409: Incompatible artifact");
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksAgainWhereSomethingElseAnswersThatTheRegistryIsBusy() throws Exception {
        // Given a proxy's page before the registry serves
        server.createContext("/", exchange -> {
            if (asked.incrementAndGet() < 3) {
                try (exchange) {
                    exchange.getResponseHeaders().add("Content-Type", "text/html");
                    exchange.sendResponseHeaders(502, 0);
                    exchange.getResponseBody().write("<h1>Bad gateway</h1>".getBytes(StandardCharsets.UTF_8));
                }
            } else {
                answer(exchange, 200, REGISTERED);
            }
        });

        assertThat(registry.register(RunCommanded.getClassSchema())).isEqualTo(7);
        assertThat(asked).hasValue(3);
    }

    @Test
    void takesARuleThatIsThereForWhatItAskedFor() throws Exception {
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            answer(exchange, 409, "{\"title\": \"A rule named 'COMPATIBILITY' already exists.\"}");
        });

        registry.requireBackwardCompatibility();

        assertThat(asked).hasValue(1);
    }

    @Test
    void registersTheWholeSchemaUnderItsNameForGood() throws Exception {
        // Given
        List<String> calls = new CopyOnWriteArrayList<>();
        List<JsonNode> bodies = new CopyOnWriteArrayList<>();
        server.createContext("/", exchange -> {
            calls.add(exchange.getRequestMethod() + ' ' + exchange.getRequestURI());
            bodies.add(new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes()));
            answer(exchange, 200, REGISTERED);
        });

        // When
        registry.register(RunCommanded.getClassSchema());

        // Then
        assertThat(calls).singleElement().asString().startsWith("POST /apis/registry/v3/groups/turnstream/artifacts?")
                .contains("ifExists=FIND_OR_CREATE_VERSION");
        JsonNode body = bodies.getFirst();
        assertThat(body.path("artifactId").textValue()).isEqualTo(RunCommanded.getClassSchema().getFullName());
        assertThat(body.path("artifactType").textValue()).isEqualTo("AVRO");
        assertThat(body.at("/firstVersion/content/content").textValue())
                .isEqualTo(RunCommanded.getClassSchema().toString());
        assertThat(body.at("/firstVersion/content/contentType").textValue()).isEqualTo("application/json");
    }

    @Test
    void fallsBackToTheSchemaThatTheRegistryHasUnderAnId() {
        // Given
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith("/ids/contentIds/7/references")) {
                answer(exchange, 200, "[]");
            } else if (path.endsWith("/ids/contentIds/7")) {
                answer(exchange, 200, RunCommanded.getClassSchema().toString());
            } else {
                answer(exchange, 404, "{\"title\": \"No content with id 8\"}");
            }
        });
        RegistryFallback fallback = new RegistryFallback(() -> address, Clock.systemUTC());

        // Then it is our own object that stands for it
        assertThat(fallback.schemaOf(7)).isSameAs(RunCommanded.getClassSchema());
        // and what the registry does not know says so, and keeps nobody from asking for the next
        assertThatThrownBy(() -> fallback.schemaOf(8)).isInstanceOf(SchemaIds.UnknownSchemaException.class)
                .hasMessageContaining("no schema has the id 8 in turnstream.schemas, nor in the registry");
        assertThat(fallback.schemaOf(7)).isSameAs(RunCommanded.getClassSchema());
    }

    @Test
    void asksARegistryThatGivesNoAnswerOnlyOnceInAWhileForWhatIsBeingRead() {
        // Given
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            answer(exchange, 503, "");
        });
        Instant[] now = {Instant.parse("2026-11-28T12:00:00Z")};
        RegistryFallback fallback = new RegistryFallback(() -> address, new Clock() {
            @Override
            public Instant instant() {
                return now[0];
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });

        // Then
        for (int id = 1; id <= 3; id++) {
            int unknown = id;
            assertThatThrownBy(() -> fallback.schemaOf(unknown)).isInstanceOf(SchemaIds.UnknownSchemaException.class)
                    .hasMessageContaining("the id " + id).hasMessageContaining("the registry cannot be asked")
                    .hasMessageContaining(address.toString());
        }
        assertThat(asked).hasValue(1);

        // When it is later
        now[0] = now[0].plusSeconds(31);
        assertThatThrownBy(() -> fallback.schemaOf(1)).isInstanceOf(SchemaIds.UnknownSchemaException.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void saysWhatIsMissingWhereThereIsNoRegistryToFallBackTo() {
        RegistryFallback fallback = new RegistryFallback(() -> {
            throw new IllegalStateException("set REGISTRY_URL");
        }, Clock.systemUTC());

        assertThatThrownBy(() -> fallback.schemaOf(5)).isInstanceOf(SchemaIds.UnknownSchemaException.class)
                .hasMessageContaining("no schema has the id 5").hasMessageContaining("set REGISTRY_URL");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type",
                    status < 400 ? "application/json" : "application/problem+json");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
