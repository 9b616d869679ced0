package io.turnstream.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.turnstream.standalone.home.RunningPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Runs asked for over the documented REST API, field by field, so that any version of the program can be asked: this
/// version's classes would send fields that an older one refuses, and miss those that it does not send.
final class ProgramApi implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MULTIPLE_CHOICES = 300;
    private static final int NOT_FOUND = 404;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final RunningPlatform program;

    ProgramApi(RunningPlatform program) {
        this.program = program;
    }

    /// @return the run's id
    String submit(Load load) {
        HttpRequest request = request("").header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(load.json())).build();
        return send(request).path("runs").path(0).asText();
    }

    /// As documented: `state`, `settled`, `calls` and others; a missing node while nothing is known of the run yet,
    /// which was only asked for.
    JsonNode progress(String runId) {
        return send(request("/" + runId + "/progress").build());
    }

    /// As documented: an element of `runs` in `schemas/report.schema.json`.
    JsonNode report(String runId) {
        return send(request("/" + runId).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(program.url() + "/api/v1/runs" + path)).timeout(PATIENCE)
                .header("Authorization", "Bearer " + program.token());
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == NOT_FOUND) {
                return MissingNode.getInstance();
            }
            if (response.statusCode() >= MULTIPLE_CHOICES) {
                throw new IllegalStateException(request.method() + " " + request.uri().getPath() + " was answered with "
                        + response.statusCode() + ": "
                        + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("the program gave no answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the program", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
