package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.turnstream.cluster.ComposeFile;
import io.turnstream.cluster.Reactor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComposeFileTest {

    private static final Set<String> OURS = Set.of("dataset-loader", "turn-dispatcher", "model-worker", "judge-worker",
            "metrics-aggregator", "console", "simulator");
    private static final Set<String> SECRETS = Set.of("OPENAI_API_KEY", "TURNSTREAM_TOKEN");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ComposeFile compose = ComposeFile.read(Reactor.ROOT.resolve("docker-compose.yml"), Map.of());

    @Test
    void is_valid_by_the_compose_specification() throws IOException {
        assertThat(composeSpecification().validate(JSON.valueToTree(compose.content()))).isEmpty();
    }

    @Test
    void the_schema_finds_a_mistake() throws IOException {
        JsonNode mistaken = JSON.readTree("""
                {"services": {"console": {"image": "turnstream/console", "enviroment": {"A": "b"}}}}""");

        assertThat(composeSpecification().validate(mistaken)).isNotEmpty();
    }

    private static JsonSchema composeSpecification() throws IOException {
        JsonNode schema = JSON.readTree(ComposeFileTest.class.getResourceAsStream("/compose-spec/compose-spec.json"));
        // an older draft's name for what is $id now, and no reference uses it
        schema.findParents("id").forEach(node -> {
            if (node.get("id").isTextual()) {
                ((ObjectNode) node).remove("id");
            }
        });
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V201909).getSchema(schema);
    }

    @Test
    void has_broker_registry_document_store_and_every_service() {
        Set<String> names = new TreeSet<>(OURS);
        names.addAll(Set.of("kafka", "registry", "mongodb"));

        assertThat(compose.services().keySet()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void builds_each_service_from_the_one_dockerfile_and_a_module_that_exists() {
        for (String service : OURS) {
            Map<String, Object> build = ComposeFile.mapping(compose.services().get(service).get("build"));
            String module = ComposeFile.mapping(build.get("args")).get("SERVICE").toString();

            assertThat(build.get("context")).isEqualTo(".");
            assertThat(Reactor.ROOT.resolve(module).resolve("pom.xml")).isRegularFile();
        }
    }

    @Test
    void publishes_on_loopback_only() {
        List<Object> ports = compose.services().values().stream()
                .flatMap(service -> ((List<?>) service.getOrDefault("ports", List.of())).stream()).collect(Collectors.toList());

        assertThat(ports).containsExactly("127.0.0.1:8080:8080");
    }

    @Test
    void nothing_keeps_the_workers_from_being_scaled() {
        for (String worker : List.of("model-worker", "judge-worker")) {
            assertThat(compose.services().get(worker)).doesNotContainKeys("container_name", "ports", "hostname", "network_mode");
        }
    }

    @Test
    void no_service_of_ours_runs_with_privileges() {
        for (String service : OURS) {
            Map<String, Object> facts = compose.services().get(service);
            assertThat(facts).doesNotContainKeys("privileged", "user", "pid").containsEntry("cap_drop", List.of("ALL"));
        }
    }

    @Test
    void passes_secrets_on_and_holds_none() throws IOException {
        String text = Files.readString(Reactor.ROOT.resolve("docker-compose.yml"));

        assertThat(text).doesNotContainPattern("(?i)(password|secret|token|api_key)[\"']?[:=][ ]*[^\\s]");
        for (String service : OURS) {
            assertThat(compose.environment(service)).doesNotContainKeys(SECRETS.toArray(String[]::new));
        }
    }

    @Test
    void only_workers_get_providers_keys() {
        ComposeFile started = ComposeFile.read(Reactor.ROOT.resolve("docker-compose.yml"), Map.of("OPENAI_API_KEY", "k"));

        assertThat(OURS).filteredOn(service -> started.environment(service).containsValue("k"))
                .containsExactlyInAnyOrder("model-worker", "judge-worker");
    }

    @Test
    void everything_that_must_outlive_a_container_is_in_a_named_volume() {
        assertThat(ComposeFile.mapping(compose.content().get("volumes"))).containsOnlyKeys("kafka-data", "mongodb-data", "images");
        assertThat(volumesOf("kafka")).containsExactly("kafka-data:/var/lib/kafka/data");
        assertThat(volumesOf("mongodb")).containsExactly("mongodb-data:/data/db");
        assertThat(volumesOf("dataset-loader")).contains("images:/data/images");
        assertThat(volumesOf("model-worker")).containsExactly("images:/data/images:ro");
    }

    @Test
    void every_part_tells_its_health() throws IOException {
        for (String part : List.of("kafka", "registry", "mongodb")) {
            assertThat(compose.services().get(part)).containsKey("healthcheck");
        }
        // ours have it from their image
        assertThat(Files.readString(Reactor.ROOT.resolve("Dockerfile"))).contains("HEALTHCHECK ", "USER 10001");
    }

    @SuppressWarnings("unchecked")
    private List<Object> volumesOf(String service) {
        return (List<Object>) compose.services().get(service).get("volumes");
    }
}
