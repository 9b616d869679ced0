package io.turnstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRegistryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SCHEMA = """
            {"artifactId": "turn", "artifactType": "AVRO", "firstVersion": {"content": {
              "content": "{\\"type\\": \\"record\\", \\"name\\": \\"Turn\\", \\"fields\\": []}",
              "contentType": "application/json"}}}""";

    @TempDir
    Path folder;

    @Test
    void keeps_schemas_over_a_restart() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            try (EmbeddedRegistry registry = start(folder.resolve("a registry"))) {
                registry.awaitReady(PATIENCE);
                HttpResponse<String> made = http.send(HttpRequest.newBuilder(artifacts(registry))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(SCHEMA)).build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
            }

            try (EmbeddedRegistry registry = start(folder.resolve("a registry"))) {
                registry.awaitReady(PATIENCE);
                HttpResponse<String> found = http.send(HttpRequest.newBuilder(artifacts(registry)).GET().build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(found.body()).contains("\"artifactId\":\"turn\"");
            }
        }
    }

    @Test
    void ends_with_its_parent_when_that_is_killed() throws Exception {
        long pid = Long.parseLong(KilledProcess.killOnceItSays("registry", folder, "started"));

        Optional<ProcessHandle> orphan = ProcessHandle.of(pid);
        if (orphan.isPresent()) {
            orphan.get().onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void what_a_killed_one_had_unpacked_is_gone_at_the_next_start() throws Exception {
        Path left = folder.resolve("tmp").resolve("com_aayushatharva_brotli4j_1").resolve("libbrotli.so");
        Files.createDirectories(left.getParent());
        Files.writeString(left, "native");

        try (EmbeddedRegistry registry = start(folder)) {
            registry.awaitReady(PATIENCE);

            assertThat(left).doesNotExist();
            assertThat(folder.resolve("tmp")).as("where this one unpacks").isNotEmptyDirectory();
        }
    }

    @Test
    void a_damaged_file_is_an_error_that_names_the_log() throws Exception {
        Files.writeString(folder.resolve("schemas.mv.db"), "not a database".repeat(1_000));

        try (EmbeddedRegistry registry = start(folder)) {
            assertThatThrownBy(() -> registry.awaitReady(PATIENCE))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining(folder.resolve("registry.log").toString());
        }
    }

    private static EmbeddedRegistry start(Path folder) {
        return EmbeddedRegistry.start(folder, folder.resolve("registry.log"));
    }

    private static URI artifacts(EmbeddedRegistry registry) {
        return URI.create(registry.url() + "/groups/turnstream/artifacts");
    }
}
