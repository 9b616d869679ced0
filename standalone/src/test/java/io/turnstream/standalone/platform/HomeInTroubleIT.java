package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turnstream.embedded.CannotStartException;
import io.turnstream.standalone.cli.Place;
import io.turnstream.standalone.home.HomeLayout;
import io.turnstream.standalone.platform.HomeRig.Done;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A home whose files were changed by something else than the platform, or that cannot be written: one message with the
/// place and the remedy, nothing is made worse, and once the trouble is gone all is as before.
class HomeInTroubleIT {

    private static final String[] EVAL = {"eval", "--model", "sim/contextual", "--judge", "sim/judge", "--dataset",
            Path.of("").toAbsolutePath().getParent().resolve("datasets/mini").toString(), "--split", "type_a",
            "--limit", "1"};

    @TempDir
    private static Path shared;

    private static HomeRig rig;
    private static HomeLayout home;
    private static String table;

    @BeforeAll
    static void evaluate() {
        rig = new HomeRig(shared);
        home = new HomeLayout(shared.resolve("home"));
        rig.environment.put(HomeLayout.VARIABLE, home.root().toString());
        rig.done(EVAL);
        table = rig.done("show", "last").out();
    }

    /// A change to the log, and its undoing.
    private interface Change {

        void make() throws IOException;
    }

    @Test
    void a_log_that_lacks_something_or_was_changed_is_refused_and_left_as_it_is_until_the_file_is_put_back()
            throws IOException {
        // Given
        Path log = fullest(home.kafka(), "turnstream.dialogue-events-");
        byte[] whole = Files.readAllBytes(log);
        byte[] changed = whole.clone();
        changed[whole.length / 4] ^= 0x55;
        Path clean = home.kafka().resolve(".kafka_cleanshutdown");
        byte[] cleanly = Files.readAllBytes(clean);
        Path metadata = fullest(home.kafka(), "__cluster_metadata-");
        byte[] wholeMetadata = Files.readAllBytes(metadata);

        // When, Then
        refused(() -> Files.write(log, changed), "A file of the log is damaged at byte ", log);
        assertThat(rig.run(EVAL).code()).as("nothing was checked, and nothing run").isEqualTo(2);
        refused(() -> Files.delete(clean), "A file of the log is damaged at byte ", log);
        Files.write(clean, cleanly);
        refused(() -> Files.write(log, Arrays.copyOf(whole, whole.length / 2)), "A file of the log is cut short", log);
        refused(() -> Files.delete(log), "A part of the log is missing", log);
        refused(() -> Files.move(log.getParent(), shared.resolve("aside")), "A part of the log is missing",
                log.getParent());
        Files.move(shared.resolve("aside"), log.getParent());
        Files.write(log, whole);
        refused(() -> Files.write(metadata, Arrays.copyOf(wholeMetadata, wholeMetadata.length - 5)),
                "A file of the log is cut short", metadata);
        Files.write(metadata, wholeMetadata);

        assertThat(rig.done("verify", "last").out()).contains("VERIFIED");
        assertThat(rig.done("show", "last").out()).isEqualTo(table);
    }

    private static void refused(Change change, String message, Path place) throws IOException {
        change.make();
        Map<Path, Integer> before = contents();
        Done done = rig.run("verify", "last");
        assertThat(done.code()).as(done.err()).isEqualTo(1);
        assertThat(done.err()).startsWith("turnstream: " + message).contains(place.toString(), "from a copy")
                .doesNotContain("\tat ")
                .satisfies(text -> assertThat(text.lines()).hasSize(1));
        assertThat(contents()).isEqualTo(before);
        assertThat(rig.done("show", "last").out()).as("what needs no broker works").isEqualTo(table);
    }

    /// Of the log; what is locked and logged is nobody's data.
    private static Map<Path, Integer> contents() throws IOException {
        Map<Path, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home.kafka())) {
            for (Path file : files.filter(Files::isRegularFile).filter(file -> !file.endsWith(".lock")).toList()) {
                contents.put(file, Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private static Path fullest(Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".log")
                            && file.getParent().getFileName().toString().startsWith(prefix))
                    .max(java.util.Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
        }
    }

    @Test
    void what_can_be_made_anew_is_made_anew_without_a_word() throws IOException {
        // Given
        byte[] garbage = "no such thing".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Files.write(home.kafka().resolve("meta.properties"), garbage);
        Files.write(home.root().resolve("platform.json"), garbage);
        for (Path folder : new Path[] {home.images(), home.streams(), home.registry()}) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.write(file, new byte[] {(byte) 0xc3, 0x28, 0, 1, 2, 3});
                }
            }
        }

        // When
        Done done = rig.done(EVAL);

        // Then
        assertThat(done.out().lines().filter(line -> line.contains("overall")).toList())
                .isEqualTo(table.lines().filter(line -> line.contains("overall")).toList());
        assertThat(rig.done("verify", "last").out()).contains("VERIFIED");
        assertThat(rig.done("list").out().lines()).hasSize(3);
        table = rig.done("show", "last").out();
    }

    @Test
    void a_home_that_cannot_be_written_is_said_to_be_so() throws Exception {
        Path disk = Files.createDirectories(shared.resolve("disk"));
        assumeTrue(ran("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk.toString()),
                "nothing can be mounted here");
        try {
            assertThat(ran("cp", "-a", home.root().toString(), disk.resolve("home").toString())).isTrue();
            assertThat(ran("mount", "-o", "remount,ro", disk.toString())).isTrue();
            for (String[] command : new String[][] {{"list"}, {"verify", "last"}, {"dead-letters", "list"}, EVAL}) {
                String[] there = Stream
                        .concat(Arrays.stream(command), Stream.of("--home", disk.resolve("home").toString()))
                        .toArray(String[]::new);
                Done done = rig.run(there);
                assertThat(done.code()).isEqualTo(2);
                assertThat(done.err()).contains("Cannot write to the home", disk.toString(), "--home")
                        .doesNotContain("\tat ");
            }
        } finally {
            ran("umount", disk.toString());
        }
    }

    @Test
    void on_a_full_disk_all_that_only_reads_works() throws Exception {
        Path disk = Files.createDirectories(shared.resolve("full"));
        assumeTrue(ran("mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", disk.toString()),
                "nothing can be mounted here");
        try {
            // Given a disk on which there is no room at all
            assertThat(ran("cp", "-a", home.root().toString(), disk.resolve("home").toString())).isTrue();
            Path fill = disk.resolve("fill");
            ran("dd", "if=/dev/zero", "of=" + fill, "bs=64k");
            assertThat(Files.getFileStore(disk).getUsableSpace()).isZero();
            rig.environment.put(HomeLayout.VARIABLE, disk.resolve("home").toString());

            // Then
            assertThat(rig.done("list").out()).contains("completed");
            assertThat(rig.done("show", "last").out()).isEqualTo(table);
            assertThat(rig.done("export", "last", "--format", "csv").out()).contains("type_a");
            Done refused = rig.run(EVAL);
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("The disk is nearly full (0 MB left, at least 100 MB are needed)");
            assertThat(rig.run("verify", "last").err()).contains("The disk is nearly full (0 MB left, at least ");

            // When there is as much as reading the log takes
            try (FileChannel file = FileChannel.open(fill, StandardOpenOption.WRITE)) {
                file.truncate(file.size() - 5L * 1024 * 1024);
            }

            // Then
            assertThat(rig.done("verify", "last").out()).contains("VERIFIED");
            assertThat(rig.done("verify", "last").out()).contains("VERIFIED");
            assertThat(rig.done("trace", "type_a/0/multimodal/unsafe").out()).contains("type_a/0");
            assertThat(rig.done("dead-letters", "list").out()).isNotEmpty();
            assertThat(rig.done("show", "last").out()).isEqualTo(table);
        } finally {
            rig.environment.put(HomeLayout.VARIABLE, home.root().toString());
            ran("umount", "--lazy", disk.toString());
        }
    }

    private static boolean ran(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Test
    void a_port_in_use_is_named_with_the_flag() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Place place = new Place(home, null, null, other.getLocalPort(), false, null);

            assertThatThrownBy(() -> new QuarkusApi().around(place,
                    new ApiServer.ChannelPlan(new java.util.concurrent.CompletableFuture<>(),
                            new java.util.concurrent.CompletableFuture<>(),
                            io.turnstream.standalone.cli.Platforms.Work.NO_CALLS),
                    api -> 0)).isInstanceOf(CannotStartException.class)
                    .hasMessage("Port " + other.getLocalPort()
                            + " is in use: --port. Choose another one, or leave the flag out for a free one.");
        }
    }
}
