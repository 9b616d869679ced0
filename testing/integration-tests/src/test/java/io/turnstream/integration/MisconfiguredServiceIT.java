package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.Reactor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Services that cannot start because of what they were told: they say so in one line, and connect to nobody.
class MisconfiguredServiceIT {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"model-worker", "judge-worker"})
    void a_worker_whose_key_file_cannot_be_read_names_it(String worker) throws Exception {
        assertThat(said(worker, Map.of("OPENAI_API_KEY_FILE", folder.toString())))
                .isEqualTo("turnstream: The key file of provider 'openai' cannot be read: OPENAI_API_KEY_FILE names "
                        + folder
                        + ", which is no file that user " + System.getProperty("user.name") + " may read");
    }

    @Test
    void a_dispatcher_whose_signing_key_cannot_be_read_names_it() throws Exception {
        assertThat(said("turn-dispatcher", Map.of("TURNSTREAM_SIGNING_KEY_FILE", folder.toString())))
                .startsWith("turnstream: TURNSTREAM_SIGNING_KEY_FILE").contains(folder.toString()).hasLineCount(1);
    }

    @Test
    void a_console_that_others_could_reach_without_a_token_does_not_listen() throws Exception {
        assertThat(said("console", Map.of("QUARKUS_HTTP_HOST", "0.0.0.0")))
                .startsWith("turnstream: The console would listen on 0.0.0.0").contains("Set TURNSTREAM_TOKEN")
                .hasLineCount(1);
        assertThat(said("console", Map.of("TURNSTREAM_TOKEN", ""))).startsWith("turnstream: TURNSTREAM_TOKEN is empty")
                .hasLineCount(1);
    }

    /// What it says until it has ended, in one line or more, without the records of its log.
    private String said(String service, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xmx128m", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-Dquarkus.http.port=0", "-jar",
                Reactor.application(service).toString())
                .redirectErrorStream(true);
        program.environment().keySet().removeIf(name -> name.startsWith("TURNSTREAM_") || name.startsWith("OPENAI_"));
        program.environment().putAll(environment);
        Process started = program.start();
        try {
            String all = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(started.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(started.exitValue()).as(all).isEqualTo(1);
            assertThat(all).doesNotContain("\tat ", "Exception");
            return String.join("\n", all.lines().filter(line -> !line.startsWith("{")).toList());
        } finally {
            started.destroyForcibly();
        }
    }
}
