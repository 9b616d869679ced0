package io.turnstream.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.apache.avro.Schema;

/// The few calls to the Apicurio Registry (REST API v3) that a deployment makes once: the BACKWARD rule and one artifact per event.
///
/// All of them may be made twice. So a call that gets no answer, or a 5xx, is made again a few times: at a deployment's first start the
/// registry is busy with its own.
final class RegistryClient {

    private static final String GROUP = "turnstream";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 4;

    private final URI base;
    private final Duration timeout;
    private final Duration pause;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();

    /// @param base such as `http://127.0.0.1:8081`
    RegistryClient(URI base) {
        this(base, TIMEOUT, PAUSE);
    }

    /// @param timeout longest time for one attempt
    /// @param pause between two attempts
    RegistryClient(URI base, Duration timeout, Duration pause) {
        this.base = base;
        this.timeout = timeout;
        this.pause = pause;
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout).build();
    }

    /// Makes the registry refuse schemas that cannot read what was written before.
    void requireBackwardCompatibility() throws IOException, InterruptedException {
        ObjectNode rule = json.createObjectNode().put("ruleType", "COMPATIBILITY").put("config", "BACKWARD");
        int status = post("/apis/registry/v3/admin/rules", rule).statusCode();
        if (status != 204 && status != 200 && status != 409) {
            throw new IOException("the registry at " + base + " refused the compatibility rule with status " + status);
        }
    }

    /// Registers a schema, or finds it.
    ///
    /// @return its content id
    /// @throws IOException if the registry refuses it, as incompatible for instance
    int register(Schema schema) throws IOException, InterruptedException {
        ObjectNode request = json.createObjectNode().put("artifactId", schema.getFullName()).put("artifactType", "AVRO");
        request.putObject("firstVersion").putObject("content").put("content", schema.toString()).put("contentType", "application/json");
        HttpResponse<String> response = post(
                "/apis/registry/v3/groups/" + URLEncoder.encode(GROUP, StandardCharsets.UTF_8) + "/artifacts?ifExists=FIND_OR_CREATE_VERSION",
                request);
        if (response.statusCode() != 200) {
            throw new IOException("the registry at " + base + " refused the schema " + schema.getFullName() + " with status "
                    + response.statusCode() + ": " + messageOf(response.body()));
        }
        JsonNode contentId = json.readTree(response.body()).path("version").path("contentId");
        if (!contentId.isIntegralNumber()) {
            throw new IOException("the registry at " + base + " gave no content id for " + schema.getFullName());
        }
        return contentId.intValue();
    }

    private HttpResponse<String> post(String path, ObjectNode body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() < 500 || attempt == ATTEMPTS) {
                    return response;
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException("the registry at " + base + " gave no answer " + ATTEMPTS + " times ("
                            + Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()) + ")", e);
                }
            }
            Thread.sleep(pause);
        }
    }

    private String messageOf(String body) {
        try {
            JsonNode tree = json.readTree(body);
            return tree.path("title").asText(tree.path("message").asText("no reason given"));
        } catch (IOException e) {
            return "no reason given";
        }
    }
}
