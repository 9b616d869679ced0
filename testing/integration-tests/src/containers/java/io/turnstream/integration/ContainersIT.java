package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turnstream.cluster.Cluster;
import io.turnstream.cluster.ComposeFile;
import io.turnstream.cluster.Reactor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.mongodb.MongoDBContainer;
import org.testcontainers.utility.DockerImageName;

/// The end-to-end run on broker, registry and document store from the images that `docker-compose.yml` names.
class ContainersIT {

    private static final int ROWS = 3;
    private static final int CONNECTIONS = 8;
    private static final int REGISTRY_PORT = 8080;
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    /// Before each test and not once for all, so that the skipped test is counted and says why.
    @BeforeEach
    void requireDocker() {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine runs here: broker, registry and MongoDB are tried from their images");
    }

    @Test
    void a_run_gives_the_same_figures_as_the_standalone_platform(@TempDir Path home) throws Exception {
        try (KafkaContainer kafka = new KafkaContainer(image("kafka"));
             MongoDBContainer mongodb = new MongoDBContainer(image("mongodb"));
             GenericContainer<?> registry = new GenericContainer<>(image("registry")).withExposedPorts(REGISTRY_PORT)
                     .waitingFor(Wait.forHttp("/apis/registry/v3/admin/rules"))) {
            Startables.deepStart(kafka, mongodb, registry).join();
            Cluster.Backing backing = new Cluster.Backing(kafka.getBootstrapServers(),
                    "http://" + registry.getHost() + ":" + registry.getMappedPort(REGISTRY_PORT), mongodb.getConnectionString());

            try (Cluster cluster = Cluster.startOn(backing, 2)) {
                String runId = cluster.submit(Orders.rows(ROWS, CONNECTIONS));
                Figures figures = Figures.of(cluster.settled(runId, PATIENCE).withoutCategories());

                assertThat(figures.state()).isEqualTo("completed");
                AcceptedDialogues.of(cluster.log(), runId).requireEachOnce();
                assertThat(new StandaloneProgram(home, cluster.simulator().baseUrl()).eval(ROWS, CONNECTIONS)).isEqualTo(figures);
            }
        }
    }

    private static DockerImageName image(String service) {
        ComposeFile compose = ComposeFile.read(Reactor.ROOT.resolve("docker-compose.yml"), Map.of());
        return DockerImageName.parse(compose.services().get(service).get("image").toString());
    }
}
