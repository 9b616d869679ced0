package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.events.SealSigner;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.standalone.cli.Place;
import io.turnstream.standalone.home.HomeLayout;
import io.turnstream.standalone.platform.HomeRig.Done;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A key stands in every place where a user can put one, and the providers send back what they were sent. Afterwards
/// the keys are nowhere: in no record of the log, no document, file or log line, nothing that is printed, exported or
/// served.
class SecretsIT {

    private static final Path MINI = Path.of("").toAbsolutePath().getParent().resolve("datasets/mini");
    /// In all keys but the one that signs.
    private static final String MARK = "pL4nt3d";

    @TempDir
    private Path folder;

    private final Map<String, String> left = new TreeMap<>();
    private final StringWriter logged = new StringWriter();

    @Test
    void a_key_is_used_where_it_belongs_and_stays_nowhere() throws Exception {
        // Given
        HomeRig rig = new HomeRig(folder);
        byte[] signing = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
        Files.writeString(folder.resolve("operator.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(signing)
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(folder.resolve("judge.key"), MARK + "/of+the=judge\n");
        Path home = folder.resolve("home");
        Handler handler = listening();
        try (EchoingProvider provider = new EchoingProvider()) {
            rig.environment.putAll(Map.of(
                    "TURNSTREAM_HOME", home.toString(),
                    "OPENAI_API_KEY", MARK + "/of+the=model",
                    "OPENAI_BASE_URL", provider.address() + "/" + MARK + "0123456789/v1",
                    "TURNSTREAM_PROVIDER_THEJUDGE_BASE_URL", provider.address() + "/v1",
                    "TURNSTREAM_PROVIDER_THEJUDGE_API_KEY_FILE", folder.resolve("judge.key").toString(),
                    "TURNSTREAM_PROVIDER_IDLE_BASE_URL", provider.address() + "/v1",
                    "TURNSTREAM_PROVIDER_IDLE_API_KEY", MARK + "-of-a-provider-that-is-not-called",
                    "TURNSTREAM_TOKEN", MARK + "-of-a-deployed-platform",
                    "HF_TOKEN", MARK + "-of-others",
                    SealSigner.KEY_FILE, folder.resolve("operator.pem").toString()));

            // When
            rig.environment.put("TURNSTREAM_MAX_RETRIES", "0");
            Done evaluated = kept("eval",
                    rig.run("eval", "--model", "openai/echo", "--model", "openai/locked", "--judge", "thejudge/judge",
                            "--dataset", MINI.toString(), "--split", "type_a", "--limit", "1"));
            assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(3);
            String run = rig.platforms.read(new Place(new HomeLayout(home), null, null, 0, false, null), reports -> {
                String echo = reports.runs().stream().filter(each -> each.model().equals("openai/echo")).findFirst()
                        .orElseThrow().id();
                reports.runs().forEach(each -> {
                    String id = each.id();
                    List<Object> served = new ArrayList<>(List.of(each, reports.run(id).orElseThrow(),
                            reports.progress(id).orElseThrow(), reports.cells(id), reports.rejections(id),
                            reports.judgementSets(id)));
                    reports.rows(id, served::add);
                    reports.dialogues(id, served::add);
                    left.put("served of " + each.model(), served.stream().map(ReportJson::line).toList().toString());
                });
                return echo;
            });
            kept("score", rig.done("score", run, "--judge", "thejudge/judge2"));
            kept("compare", rig.done("compare", "--judgements", "thejudge/judge", "thejudge/judge2", run, "--json"));
            for (String format : List.of("json", "csv")) {
                kept(format, rig.done("export", run, "--format", format));
            }
            kept("archive", rig.done("export", run, "--format", "archive", "--output", "run.zip"));
            kept("trace", rig.done("trace", run + "/type_a/0/unimodal/safe"));
            kept("explain", rig.done("explain", run, "--json"));
            kept("show", rig.done("show", run, "--provenance", "--by", "category"));
            kept("show --json", rig.done("show", run, "--json"));
            kept("dead letters", rig.done("dead-letters", "list", "--json"));
            wrongly(rig, "a base URL", "--model-base-url", "https://u:" + MARK + "@127.0.0.1:1/v1");
            wrongly(rig, "a query", "--judge-base-url", "http://127.0.0.1:1/v1?api_key=" + MARK);
            wrongly(rig, "a data set", "--dataset", "https://u:" + MARK + "@h/x.parquet");
            rig.environment.put(SealSigner.KEY_FILE, MARK + "-itself");
            wrongly(rig, "a signing key", "--tags", "x");

            // Then
            assertThat(provider.keys()).as("all were used").containsExactlyInAnyOrder(MARK + "/of+the=model",
                    MARK + "/of+the=judge");
        } finally {
            Logger.getLogger("").removeHandler(handler);
        }
        left.put("log", logged.toString());
        ZipEntries.of(folder.resolve("run.zip")).forEach((entry, bytes) -> left.put("run.zip " + entry, text(bytes)));
        readLog(new HomeLayout(home));
        try (Stream<Path> files = Files.walk(home)) {
            files.filter(Files::isRegularFile).forEach(file -> left.put("home " + home.relativize(file), read(file)));
        }
        assertEchoesWereKept();
        String key = Base64.getEncoder().encodeToString(signing).substring(24);
        assertThat(
                left.entrySet().stream().filter(each -> each.getValue().contains(MARK) || each.getValue().contains(key))
                        .map(each -> each.getKey() + ": " + around(each.getValue(), MARK)).toList())
                .as("what holds a key").isEmpty();
    }

    /// Segments are compressed, so files alone do not tell. Every topic is read, those of the services' stores
    /// included.
    private void readLog(HomeLayout home) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(home.kafka());
                KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                        KafkaConnection.to(kafka.bootstrapServers(), "secrets").consumer())) {
            List<TopicPartition> all = consumer.listTopics().values().stream().flatMap(List::stream)
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            HomeUnderTest.await("all of the log", () -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> left.merge("topic " + record.topic(), record.key() + " " + record.headers()
                                + (record.value() == null ? "" : text(record.value())), String::concat));
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
    }

    /// What the providers said is in all that holds answers, so it was looked for in the right places.
    private void assertEchoesWereKept() {
        assertThat(left.entrySet().stream().filter(
                each -> each.getValue().contains(EchoingProvider.SAID) && each.getValue().contains("[redacted]"))
                .map(Map.Entry::getKey).toList())
                .contains("served of openai/echo", "served of openai/locked", "eval", "json", "csv", "trace", "explain",
                        "topic turnstream.turn-answers",
                        "topic turnstream.dialogue-events", "topic turnstream.judge-requests",
                        "topic turnstream.judgements")
                .anyMatch(where -> where.startsWith("home store/"))
                .anyMatch(where -> where.startsWith("run.zip events/"));
        assertThat(left.get("show --json")).contains("\"publicKey\" : \"MCow");
    }

    private Done kept(String what, Done done) {
        left.put(what, done.out() + done.err());
        return done;
    }

    /// A command with a key in a place where none may be.
    private void wrongly(HomeRig rig, String what, String flag, String value) {
        List<String> arguments = new ArrayList<>(
                List.of("eval", "--model", "openai/x", "--judge", "thejudge/x", "--debug", flag, value));
        if (!flag.equals("--dataset")) {
            arguments.addAll(List.of("--dataset", MINI.toString()));
        }
        Done done = kept(what, rig.run(arguments.toArray(String[]::new)));
        assertThat(done.code()).as(what).isEqualTo(2);
        assertThat(done.err()).as(what).contains("turnstream: ");
    }

    private Handler listening() {
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (String.valueOf(record.getLoggerName()).startsWith("com.sun.net.httpserver")) {
                    // the providers of this test
                    return;
                }
                PrintWriter out = new PrintWriter(logged, true);
                out.println(record.getLoggerName() + " " + record.getMessage() + " "
                        + java.util.Arrays.toString(record.getParameters()));
                if (record.getThrown() != null) {
                    record.getThrown().printStackTrace(out);
                }
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing to close
            }
        };
        handler.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(handler);
        return handler;
    }

    private static String around(String text, String what) {
        int at = text.indexOf(what);
        return at < 0 ? "" : text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 60));
    }

    private static String read(Path file) {
        try {
            return text(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
