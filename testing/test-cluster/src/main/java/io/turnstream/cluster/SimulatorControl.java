package io.turnstream.cluster;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turnstream.simulator.SimulatorStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/// What the simulator has counted, and what it is to do, over HTTP.
public final class SimulatorControl {

    private final int port;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public SimulatorControl(int port) {
        this.port = port;
    }

    public int port() {
        return port;
    }

    /// As providers are configured.
    public String baseUrl() {
        return "http://127.0.0.1:" + port + "/v1";
    }

    public SimulatorStats stats() {
        try {
            return JsonMapper.builder().build().readValue(send(request("/stats").GET()), SimulatorStats.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Counts from zero.
    public void resetStats() {
        send(request("/stats/reset").POST(BodyPublishers.noBody()));
    }

    /// Lays settings over those it has.
    ///
    /// @param json an object as `docs/simulator.md` lists its fields
    public void settings(String json) {
        send(request("/settings").PUT(BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private String send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException("simulator: " + response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
