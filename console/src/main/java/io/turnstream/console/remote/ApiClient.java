package io.turnstream.console.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.console.ApiJson;
import io.turnstream.console.PlatformUnreachableException;
import io.turnstream.console.UnacceptableRunException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Requests to a platform's REST API and what its status codes mean.
final class ApiClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT)
            .build();
    private final URI base;
    private final @Nullable String token;

    /// @param base the platform's address, without `/api/v1`
    ApiClient(URI base, @Nullable String token) {
        String address = base.toString();
        this.base = URI.create(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
        this.token = token;
    }

    /// The answer's body; empty where the platform knows of no such thing.
    Optional<String> get(String path) {
        HttpResponse<String> response = send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        requireFine(response.statusCode(), response.body());
        return Optional.of(response.body());
    }

    /// Takes something back.
    String delete(String path) {
        HttpResponse<String> response = send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString());
        requireFine(response.statusCode(), response.body());
        return response.body();
    }

    /// Sends a JSON body; empty where the platform knows of no such thing.
    Optional<String> postTo(String path, String json) {
        HttpRequest request = request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)).build();
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        requireFine(response.statusCode(), response.body());
        return Optional.of(response.body());
    }

    /// Sends a JSON body.
    String post(String path, String json) {
        HttpRequest request = request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)).build();
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
        requireFine(response.statusCode(), response.body());
        return response.body();
    }

    /// Reads an answer line by line.
    void lines(String path, Consumer<String> consumer) {
        HttpResponse<InputStream> response = send(request(path).GET().build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (response.statusCode() != 200) {
                requireFine(response.statusCode(), String.join("\n", reader.lines().toList()));
            }
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    consumer.accept(line);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new PlatformUnreachableException("the connection to " + base + " broke off. Try again.", e);
        }
    }

    /// A path segment.
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + "/api/v1" + path)).timeout(ANSWER);
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return builder;
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new PlatformUnreachableException("no platform answers at " + base
                    + ". Check the address (TURNSTREAM_URL) and whether it runs.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformUnreachableException("interrupted while waiting for " + base, e);
        }
    }

    private void requireFine(int status, String body) {
        if (status >= 200 && status < 300) {
            return;
        }
        if (status == 401) {
            throw new PlatformUnreachableException("the platform at " + base
                    + " does not accept the token. Set TURNSTREAM_TOKEN to the one its operator gave you.", null);
        }
        JsonNode error;
        try {
            error = ApiJson.answer(body, JsonNode.class).path("error");
        } catch (PlatformUnreachableException e) {
            throw new PlatformUnreachableException(
                    "what answers at " + base + " is no platform (status " + status + "). Check TURNSTREAM_URL.", e);
        }
        if (status == 400 || status == 409) {
            throw new UnacceptableRunException(error.path("what").asText("refused"),
                    error.path("where").asText("order"),
                    error.path("remedy").asText(""));
        }
        throw new PlatformUnreachableException("the platform at " + base + " cannot answer (status " + status + "): "
                + error.path("message").asText("it gives no reason"), null);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
