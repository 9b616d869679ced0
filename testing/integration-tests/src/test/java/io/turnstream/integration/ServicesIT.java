package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turnstream.cluster.Cluster;
import io.turnstream.cluster.Ports;
import io.turnstream.cluster.Reactor;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// The services as processes of their own, two model workers among them, over a real broker, registry and document
/// store.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServicesIT {

    private static final int ROWS = 3;
    private static final int CONNECTIONS = 8;
    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private Cluster cluster;
    private String runId;
    private Figures figures;

    @BeforeAll
    void run() {
        cluster = Cluster.shared();
        runId = cluster.submit(Orders.rows(ROWS, CONNECTIONS));
        figures = Figures.of(cluster.settled(runId, PATIENCE));
    }

    @AfterAll
    void startTheRegistryAgain() {
        if (cluster != null) {
            cluster.startMissing();
        }
    }

    @Test
    @Order(1)
    void a_run_completes_and_both_model_workers_take_part() {
        assertThat(figures.state()).isEqualTo("completed");
        assertThat(figures.outcomes().values().stream().flatMap(kind -> kind.values().stream())
                .mapToLong(Long::longValue).sum())
                .isEqualTo(figures.planned());
        AcceptedDialogues.of(cluster.log(), runId).requireEachOnce();
        assertThat(cluster.log().events(Topics.DIALOGUE_EVENTS, StepSettled.class, runId))
                .extracting(step -> step.getAnswer().getWorker()).doesNotContainNull()
                .satisfies(workers -> assertThat(workers.stream().distinct()).hasSize(2));
    }

    @Test
    @Order(2)
    void the_registry_holds_the_schema_of_every_event() throws Exception {
        JsonNode artifacts = registry("/groups/" + registryGroup() + "/artifacts?limit=500");

        assertThat(artifacts.findValuesAsText("artifactId"))
                .containsExactlyInAnyOrderElementsOf(EventTypes.schemas().stream().map(Schema::getFullName).toList());
    }

    @Test
    @Order(3)
    void every_record_carries_cloud_events_attributes_and_a_trace() {
        for (Topics topic : Topics.values()) {
            if (topic == Topics.SCHEMAS || topic == Topics.DEAD_LETTERS) {
                continue; // entries of the catalog and foreign records, not events
            }
            List<ConsumerRecord<String, byte[]>> records = cluster.log().records(topic);
            if (topic != Topics.QUOTA_ASKS && topic != Topics.QUOTA_LEASES) { // nobody calls under a quota here
                assertThat(records).as(topic.topicName()).isNotEmpty();
            }
            assertThat(records).as(topic.topicName()).allSatisfy(ServicesIT::requireHeaders);
        }
        assertThat(cluster.log().records(Topics.DEAD_LETTERS)).isEmpty();
    }

    private static void requireHeaders(ConsumerRecord<String, byte[]> record) {
        assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
        for (String attribute : List.of("ce_id", "ce_source", "ce_time")) {
            assertThat(header(record, attribute)).as(attribute).isNotBlank();
        }
        assertThat(header(record, "ce_type")).startsWith("io.turnstream.contracts.");
        assertThat(header(record, "ce_subject")).isEqualTo(record.key());
        assertThat(header(record, "traceparent")).matches(TRACEPARENT);
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        assertThat(header).as("%s of %s[%d]@%d", name, record.topic(), record.partition(), record.offset()).isNotNull();
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    @Test
    @Order(4)
    void the_images_health_check_tells_ready_from_not() throws Exception {
        assertThat(healthCheck(cluster.httpPort(Cluster.DISPATCHER), "/q/health/ready")).isZero();
        assertThat(healthCheck(cluster.httpPort(Cluster.DISPATCHER), "/no-such-page")).isNotZero();
        assertThat(healthCheck(Ports.free(), "/q/health/ready")).isNotZero();
    }

    private static int healthCheck(int port, String path) throws IOException, InterruptedException {
        Process check = new ProcessBuilder("bash", Reactor.ROOT.resolve("deploy").resolve("healthy.sh").toString(),
                Integer.toString(port), path)
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(check.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return check.exitValue();
    }

    /// Last, since it leaves the registry down.
    @Test
    @Order(5)
    void restarted_services_read_and_write_without_the_registry() {
        // Given
        cluster.kill9(Cluster.REGISTRY);
        List<String> services = List.of(Cluster.LOADER, Cluster.DISPATCHER, Cluster.modelWorker(1),
                Cluster.modelWorker(2),
                Cluster.JUDGE_WORKER, Cluster.AGGREGATOR, Cluster.CONSOLE);
        services.forEach(cluster::kill9);

        // When
        services.forEach(cluster::start);
        services.forEach(cluster::awaitReady);
        String again = cluster.submit(Orders.rows(ROWS, CONNECTIONS));

        // Then
        assertThat(Figures.of(cluster.settled(again, PATIENCE))).isEqualTo(figures);
    }

    private String registryGroup() throws IOException, InterruptedException {
        return registry("/groups").findValuesAsText("groupId").getFirst();
    }

    private JsonNode registry(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return JsonMapper.builder().build().readTree(
                    http.send(HttpRequest.newBuilder(URI.create(cluster.registryUrl() + "/apis/registry/v3" + path))
                            .build(), BodyHandlers.ofString()).body());
        }
    }
}
