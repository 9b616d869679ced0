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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void the_build_context_names_each_service_literally() throws IOException {
        List<String> exceptions = Files.readAllLines(Reactor.ROOT.resolve(".dockerignore")).stream()
                .filter(line -> line.startsWith("!")).map(line -> line.substring(1)).toList();

        assertThat(exceptions).as("wildcards, which older builders do not heed")
                .noneMatch(line -> line.matches(".*[*?\\[].*"));
        for (String service : OURS) {
            assertThat(exceptions).contains(
                    ComposeFile.mapping(ComposeFile.mapping(compose.services().get(service).get("build")).get("args"))
                            .get("SERVICE")
                            + "/target/quarkus-app");
        }
        assertThat(exceptions).contains("deploy");
    }

    @Test
    void the_broker_s_heap_is_half_of_its_memory_at_most() {
        Map<String, Object> kafka = compose.services().get("kafka");
        String heap = compose.environment("kafka").get("KAFKA_HEAP_OPTS");

        assertThat(kafka).containsEntry("mem_limit", "1g");
        // -Xms would be taken by every tool that is started in the container, too
        assertThat(heap).matches("-Xmx\\d+m").doesNotContain("-Xms");
        assertThat(Integer.parseInt(heap.replaceAll("\\D", ""))).isLessThanOrEqualTo(512);
    }

    @Test
    void no_health_check_starts_a_virtual_machine() {
        for (String part : List.of("kafka", "registry", "mongodb")) {
            assertThat(compose.healthCheck(part)).startsWith("CMD", "bash", "-c");
        }
    }

    @Test
    void the_images_fix_the_language_and_empty_their_temporary_folder_at_the_start() throws IOException {
        String image = Files.readString(Reactor.ROOT.resolve("Dockerfile"));

        assertThat(image).contains(
                "ENTRYPOINT [\"bash\", \"/usr/local/bin/start\", \"/data/tmp\", \"java\", \"-Djava.io.tmpdir=/data/tmp\"",
                "\"-Duser.language=en\"");
    }

    @Test
    void what_a_killed_jvm_left_is_gone_when_its_container_starts_again(@TempDir Path folder) throws Exception {
        Path scratch = Files.createDirectories(folder.resolve("tmp"));
        Files.writeString(scratch.resolve("librocksdbjni.so"), "native");

        Process started = new ProcessBuilder("bash", Reactor.ROOT.resolve("deploy").resolve("start.sh").toString(),
                scratch.toString(), "ls", "-A", scratch.toString())
                .redirectErrorStream(true).start();

        assertThat(new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(started.waitFor()).isZero();
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void a_temporary_folder_that_cannot_be_made_is_told_with_what_to_do(@TempDir Path folder) throws Exception {
        Path scratch = Files.writeString(folder.resolve("file"), "").resolve("tmp");

        Process started = new ProcessBuilder("bash", Reactor.ROOT.resolve("deploy").resolve("start.sh").toString(),
                scratch.toString(), "echo", "started")
                .redirectErrorStream(true).start();

        assertThat(new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains(scratch + ": user", "cannot write there")
                .doesNotContain("started");
        assertThat(started.waitFor()).isEqualTo(1);
    }

    @Test
    void publishes_on_loopback_only() {
        List<Object> ports = compose.services().values().stream()
                .flatMap(service -> ((List<?>) service.getOrDefault("ports", List.of())).stream())
                .collect(Collectors.toList());

        assertThat(ports).containsExactly("127.0.0.1:8080:8080");
    }

    @Test
    void nothing_keeps_the_workers_from_being_scaled() {
        for (String worker : List.of("model-worker", "judge-worker")) {
            assertThat(compose.services().get(worker)).doesNotContainKeys("container_name", "ports", "hostname",
                    "network_mode");
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
        ComposeFile started = ComposeFile.read(Reactor.ROOT.resolve("docker-compose.yml"),
                Map.of("OPENAI_API_KEY", "k"));

        assertThat(OURS).filteredOn(service -> started.environment(service).containsValue("k"))
                .containsExactlyInAnyOrder("model-worker", "judge-worker");
    }

    @Test
    void everything_that_must_outlive_a_container_is_in_a_named_volume() {
        assertThat(ComposeFile.mapping(compose.content().get("volumes"))).containsOnlyKeys("kafka-data", "mongodb-data",
                "images");
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
