package io.turnstream.testsupport;

import io.turnstream.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/// One real broker for all tests of a JVM: started at first use, in a folder of its own that is deleted at the end.
///
/// Tests share it, so each works on topics, groups and application ids of its own: [#newTopic(String, int)],
/// [#uniqueName(String)].
public final class TestBroker {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private TestBroker() {}

    /// `127.0.0.1:port`, for `bootstrap.servers`.
    public static String bootstrapServers() {
        return Running.KAFKA.bootstrapServers();
    }

    /// Settings that every client needs, to be extended: `bootstrap.servers` alone.
    public static Map<String, Object> clientSettings() {
        return Map.of("bootstrap.servers", bootstrapServers());
    }

    /// A name that no other test of this JVM uses, for a group or an application id.
    public static String uniqueName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    /// Makes an empty topic with a unique name.
    ///
    /// @param prefix     what the name starts with
    /// @param partitions at least 1
    /// @return the topic's name
    public static String newTopic(String prefix, int partitions) {
        String name = uniqueName(prefix);
        createTopics(new NewTopic(name, partitions, (short) 1));
        return name;
    }

    /// Makes topics with the given names and settings.
    ///
    /// @throws IllegalStateException if one of them is there already
    public static void createTopics(NewTopic... topics) {
        try (Admin admin = Admin.create(clientSettings())) {
            admin.createTopics(List.of(topics)).all().get();
            // The controller has them; the broker that answers clients hears of them a moment later.
            Set<String> names = Arrays.stream(topics).map(NewTopic::name).collect(Collectors.toSet());
            while (!admin.listTopics().names().get().containsAll(names)) {
                Thread.onSpinWait();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot make topics " + List.of(topics), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while making topics", e);
        }
    }

    private static final class Running {

        static final EmbeddedKafka KAFKA = start();

        private static EmbeddedKafka start() {
            try {
                Path folder = Files.createTempDirectory("turnstream-test-broker-");
                EmbeddedKafka kafka = EmbeddedKafka.start(folder);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    kafka.close();
                    delete(folder);
                }, "test-broker-stop"));
                return kafka;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                System.err.println("Left behind: " + folder + " (" + e.getMessage() + ")");
            }
        }
    }
}
