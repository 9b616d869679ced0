package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.ComposeFile;
import io.turnstream.cluster.Reactor;
import io.turnstream.embedded.EmbeddedDocumentStore;
import io.turnstream.testsupport.TestBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The health checks of broker and document store in the Compose file, on a real broker and what speaks MongoDB's
/// protocol.
class HealthCheckIT {

    private static final ComposeFile COMPOSE = ComposeFile.read(Reactor.ROOT.resolve("docker-compose.yml"), Map.of());
    private static final int BROKER_PORT = 9092;
    private static final int STORE_PORT = 27_017;

    @Test
    void a_broker_that_answers_is_healthy() throws Exception {
        int port = Integer.parseInt(TestBroker.bootstrapServers().replaceAll(".*:", ""));

        assertThat(check("kafka", BROKER_PORT, port)).isZero();
    }

    @Test
    void a_document_store_that_answers_is_healthy(@TempDir Path folder) throws Exception {
        try (EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder)) {
            assertThat(check("mongodb", STORE_PORT, URI.create(store.connectionString()).getPort())).isZero();
        }
    }

    @Test
    void one_that_listens_and_says_nothing_or_is_not_there_is_not() throws Exception {
        int port;
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            port = mute.getLocalPort();
            assertThat(check("kafka", BROKER_PORT, port)).isNotZero();
            assertThat(check("mongodb", STORE_PORT, port)).isNotZero();
        }
        assertThat(check("kafka", BROKER_PORT, port)).isNotZero();
        assertThat(check("mongodb", STORE_PORT, port)).isNotZero();
    }

    /// Runs it as the engine does, which ends what takes too long; with another port.
    private static int check(String service, int usual, int port) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("timeout", "5"));
        COMPOSE.healthCheck(service).stream().skip(1)
                .map(word -> word.replace("/127.0.0.1/" + usual, "/127.0.0.1/" + port)).forEach(command::add);
        Process check = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return check.exitValue();
    }
}
