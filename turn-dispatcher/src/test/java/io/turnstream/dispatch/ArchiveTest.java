package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.audit.Expected;
import io.turnstream.audit.LoggedEvent;
import io.turnstream.audit.RunEvents;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveLimits;
import io.turnstream.audit.archive.ArchiveWriter;
import io.turnstream.audit.archive.Manifest;
import io.turnstream.audit.archive.UnusableArchiveException;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

    private static final String RUN = "01JD0000000000000000000002";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ArchiveLimits LIMITS = ArchiveLimits.standard();

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static List<Recorded> log = List.of();
    private static Path whole = Path.of("");
    private static Path redacted = Path.of("");

    @BeforeAll
    static void write() throws IOException {
        try (RecordedRun run = RecordedRun.completed(RUN, START)) {
            log = run.log();
        }
        whole = write(shared.resolve("whole.zip"), false);
        redacted = write(shared.resolve("redacted.zip"), true);
    }

    static Path write(Path file, boolean redact) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ArchiveWriter.write(new ListedEvents(RUN, log), new ArchivedParts(), redact, "test", START, out);
        }
        return file;
    }

    @Test
    void anArchiveHoldsEveryEventAsItWasWritten() {
        try (Archive archive = Archive.open(whole, LIMITS)) {
            List<LoggedEvent> original = all(new ListedEvents(RUN, log));
            List<LoggedEvent> archived = all(archive);
            assertThat(archived).hasSameSizeAs(original).hasSize((int) archive.manifest().events());
            for (int i = 0; i < original.size(); i++) {
                assertThat(archived.get(i).place()).isEqualTo(original.get(i).place());
                assertThat(archived.get(i).written()).isEqualTo(original.get(i).written());
                assertThat(archived.get(i).event()).isEqualTo(original.get(i).event());
                assertThat(archived.get(i).timestampMillis()).isEqualTo(original.get(i).timestampMillis());
                assertThat(archived.get(i).headers()).isEqualTo(original.get(i).headers());
            }
            assertThat(archive.image(RecordedRun.IMAGE)).isEqualTo(ArchivedParts.IMAGE);
            assertThat(archive.packs()).containsExactly(RecordedRun.PACK);
            assertThat(archive.pack(RecordedRun.PACK).digest()).isEqualTo(RecordedRun.PACK);
            assertThat(archive.manifest().missing()).isEmpty();
        }
    }

    @Test
    void anArchiveIsVerifiedLikeALog() {
        Verified expected = Verification.of(new ListedEvents(RUN, log), Expected.nothing());
        try (Archive archive = Archive.open(whole, LIMITS)) {
            Verified verified = Verification.of(archive, new Expected(expected.seals().getFirst().root(), null));
            assertThat(verified.difference()).isNull();
            assertThat(verified.checked()).isEqualTo(expected.checked());
            assertThat(archive.manifest().seals()).extracting(Manifest.Seal::root)
                    .isEqualTo(expected.seals().stream().map(seal -> seal.root()).toList());
        }
    }

    @Test
    void aRedactedArchiveHoldsNoTextAndNoImageAndVerifiesToTheSameRoot() throws IOException {
        String root = Verification.of(new ListedEvents(RUN, log), Expected.nothing()).seals().getFirst().root();
        for (Map.Entry<String, byte[]> file : contents(redacted).entrySet()) {
            assertThat(new String(file.getValue(), StandardCharsets.UTF_8)).as(file.getKey())
                    .doesNotContain("said in").doesNotContain("which?").doesNotContain("boats at night")
                    .doesNotContain("a harbour");
        }
        assertThat(contents(whole).values().stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .anyMatch(text -> text.contains("said in r1"));
        try (Archive archive = Archive.open(redacted, LIMITS)) {
            assertThat(archive.images()).isEmpty();
            Verified verified = Verification.of(archive, new Expected(root, null));
            assertThat(verified.difference()).isNull();
            assertThat(verified.checked()).containsEntry("texts", 0L);
        }
    }

    @Test
    void anEventThatWasChangedTogetherWithTheManifestIsFoundByVerification() throws IOException {
        Map<String, byte[]> files = contents(whole);
        String name = files.keySet().stream().filter(each -> each.startsWith("events/turnstream.dialogue-events/"))
                .findFirst().orElseThrow();
        String changed = new String(files.get(name), StandardCharsets.UTF_8).replace("said in r2", "said in X2");
        files.put(name, changed.getBytes(StandardCharsets.UTF_8));
        files.put("manifest.json", new String(files.get("manifest.json"), StandardCharsets.UTF_8)
                .replace(sha256(contents(whole).get(name)), sha256(files.get(name))).getBytes(StandardCharsets.UTF_8));
        try (Archive archive = Archive.open(zip(files), LIMITS)) {
            Verified verified = Verification.of(archive, Expected.nothing());
            assertThat(verified.difference()).isNotNull();
            assertThat(verified.difference().problem()).contains("not the one it was committed to");
        }
    }

    @Test
    void aFileThatIsNotWhatTheManifestSaysIsRefused() throws IOException {
        Map<String, byte[]> files = contents(whole);
        String name = files.keySet().stream().filter(each -> each.startsWith("events/turnstream.dialogue-events/"))
                .findFirst().orElseThrow();
        byte[] bytes = files.get(name).clone();
        bytes[bytes.length / 2] ^= 1;
        files.put(name, bytes);
        try (Archive archive = Archive.open(zip(files), LIMITS)) {
            assertThatThrownBy(() -> all(archive)).isInstanceOf(UnusableArchiveException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws IOException {
        for (String name : List.of("../../etc/passwd", "/etc/passwd", "events/../x",
                "packs/" + "a".repeat(64) + "/../x", "images\\x", "other",
                "events/turnstream.secrets/0.jsonl")) {
            Map<String, byte[]> files = contents(whole);
            files.put(name, new byte[1]);
            Path hostile = zip(files);
            assertThatThrownBy(() -> Archive.open(hostile, LIMITS)).as(name)
                    .isInstanceOf(UnusableArchiveException.class)
                    .hasMessageContaining("none of an archive");
        }
    }

    @Test
    void aFileThatUnpacksToFarMoreIsRefusedBeforeItIsUnpacked() throws IOException {
        Map<String, byte[]> files = contents(whole);
        files.put("images/" + "a".repeat(64), new byte[8 << 20]);
        Path bomb = zip(files);
        assertThatThrownBy(() -> Archive.open(bomb, LIMITS)).isInstanceOf(UnusableArchiveException.class)
                .hasMessageContaining("packed that well");
    }

    @Test
    void moreThanIsAllowedIsRefused() {
        assertThatThrownBy(() -> Archive.open(whole, limits(3, 1L << 30, 1 << 20)))
                .hasMessageContaining("3 are allowed");
        assertThatThrownBy(() -> Archive.open(whole, limits(1_000, 1_000, 1 << 20)))
                .hasMessageContaining("1000 bytes together");
        try (Archive archive = Archive.open(whole, limits(1_000, 1L << 30, 100))) {
            assertThatThrownBy(() -> all(archive)).hasMessageContaining("100 are allowed");
        }
    }

    @Test
    void anArchiveThatDoesNotEndWhereItsTableSaysIsRefused() throws IOException {
        byte[] end = Arrays.copyOf(new byte[] {'P', 'K', 5, 6}, 22);
        end[20] = 1;
        for (byte[] appended : List.of(new byte[3], end)) {
            Path padded = folder.resolve("padded.zip");
            Files.copy(whole, padded, StandardCopyOption.REPLACE_EXISTING);
            Files.write(padded, appended, StandardOpenOption.APPEND);
            new ZipFile(padded.toFile()).close();

            assertThat(Archive.isArchive(padded)).isFalse();
            assertThatThrownBy(() -> Archive.open(padded, LIMITS)).isInstanceOf(UnusableArchiveException.class)
                    .hasMessageContaining("it is no ZIP file, or cut off");
        }
    }

    private static ArchiveLimits limits(int entries, long totalBytes, int lineBytes) {
        return new ArchiveLimits(entries, totalBytes, lineBytes, 1 << 20, 1 << 20, 1_000, 1 << 20, 1_000, 64, 1 << 20,
                200);
    }

    @Test
    void packsAreFewAndSmallAndOneAtATimeIsRead() throws IOException {
        // a digest each, so that each is another pack
        Map<String, byte[]> many = contents(whole);
        for (int i = 0; i < 1_001; i++) {
            many.put("packs/" + sha256(new byte[] {(byte) i, (byte) (i >> 8)}) + "/pack.yaml", new byte[1]);
        }
        Path packs = zip(named(many));
        assertThatThrownBy(() -> Archive.open(packs, LIMITS)).isInstanceOf(UnusableArchiveException.class)
                .hasMessageContaining("1000 are allowed");

        Map<String, byte[]> files = contents(whole);
        for (int i = 0; i < 64; i++) {
            files.put("packs/" + RecordedRun.PACK + "/more-" + i, new byte[1]);
        }
        Path wide = zip(named(files));
        assertThatThrownBy(() -> Archive.open(wide, LIMITS)).isInstanceOf(UnusableArchiveException.class)
                .hasMessageContaining("64 are allowed");

        Map<String, byte[]> large = contents(whole);
        byte[] noise = new byte[9 << 20];
        new Random(1).nextBytes(noise);
        large.put("packs/" + RecordedRun.PACK + "/a", noise);
        large.put("packs/" + RecordedRun.PACK + "/b", noise);
        Path heavy = zip(named(large));
        assertThatThrownBy(() -> Archive.open(heavy, LIMITS)).isInstanceOf(UnusableArchiveException.class)
                .hasMessageContaining("bytes together");
    }

    @Test
    void aSchemaThatAsksForMemoryIsRefused() throws IOException {
        Map<String, byte[]> files = contents(whole);
        String name = files.keySet().stream().filter(each -> each.startsWith("schemas/")
                && new String(files.get(each), StandardCharsets.UTF_8).contains("\"RunPlanned\"")).findFirst()
                .orElseThrow();
        for (String type : List.of("{\"type\":\"fixed\",\"name\":\"F\",\"size\":16777216}",
                "{\"type\":\"map\",\"values\":\"int\"}")) {
            String schema = new String(files.get(name), StandardCharsets.UTF_8)
                    .replaceFirst("\"fields\" : \\[", "\"fields\" : [ {\"name\":\"more\",\"type\":" + type + "},");
            String renamed = "schemas/"
                    + HexFormat.of().formatHex(EventDigests.fingerprint(new Schema.Parser().parse(schema))) + ".avsc";
            Map<String, byte[]> hostile = new LinkedHashMap<>(files);
            hostile.put(renamed, schema.getBytes(StandardCharsets.UTF_8));
            Path file = zip(named(hostile));
            assertThatThrownBy(() -> Archive.open(file, LIMITS)).isInstanceOf(UnusableArchiveException.class)
                    .hasMessageContaining("no event has a");
        }
    }

    @Test
    void aManifestOfMillionsOfNothingsIsRefused() throws IOException {
        Map<String, byte[]> files = contents(whole);
        String manifest = new String(files.get("manifest.json"), StandardCharsets.UTF_8);
        files.put("manifest.json", manifest.replaceFirst("\"files\" : \\[", "\"files\" : [ " + "{},".repeat(2_000_000))
                .getBytes(StandardCharsets.UTF_8));
        Path hostile = zip(files);
        assertThatThrownBy(() -> Archive.open(hostile,
                new ArchiveLimits(200_000, 256L << 30, 64 << 20, 64 << 20, 64 << 20, 1_000, 256 << 10, 1_000, 64,
                        16 << 20, 2_000)))
                .isInstanceOf(UnusableArchiveException.class).hasMessageContaining("manifest");
    }

    /// With a manifest that names every file.
    private static Map<String, byte[]> named(Map<String, byte[]> files) throws IOException {
        ObjectNode manifest = (ObjectNode) new ObjectMapper().readTree(files.get("manifest.json"));
        ArrayNode entries = manifest.putArray("files");
        files.forEach((name, bytes) -> {
            if (!name.equals("manifest.json")) {
                entries.addObject().put("name", name).put("bytes", bytes.length).put("sha256", sha256(bytes));
            }
        });
        Map<String, byte[]> all = new LinkedHashMap<>(files);
        all.put("manifest.json", manifest.toString().getBytes(StandardCharsets.UTF_8));
        return all;
    }

    @Test
    void whatIsNoArchiveIsRefusedInWords() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "no archive");
        assertThat(Archive.isArchive(text)).isFalse();
        assertThatThrownBy(() -> Archive.open(text, LIMITS)).hasMessageContaining("notes.txt")
                .hasMessageContaining("no ZIP");

        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> Archive.open(cut, LIMITS)).hasMessageContaining("cut off");

        Map<String, byte[]> files = contents(whole);
        files.remove("manifest.json");
        Path without = zip(files);
        assertThatThrownBy(() -> Archive.open(without, LIMITS)).hasMessageContaining("manifest.json");

        files = contents(whole);
        files.put("manifest.json", new String(files.get("manifest.json"), StandardCharsets.UTF_8)
                .replace("\"formatVersion\" : 1", "\"formatVersion\" : 9").getBytes(StandardCharsets.UTF_8));
        Path newer = zip(files);
        assertThatThrownBy(() -> Archive.open(newer, LIMITS)).hasMessageContaining("version 9");
    }

    @Test
    void aSchemaThatIsNoEventsIsRefused() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>(contents(whole));
        String name = files.keySet().stream().filter(each -> each.startsWith("schemas/")).findFirst().orElseThrow();
        byte[] schema = "{\"type\":\"record\",\"name\":\"Evil\",\"namespace\":\"java.lang\",\"fields\":[]}"
                .getBytes(StandardCharsets.UTF_8);
        String manifest = new String(files.get("manifest.json"), StandardCharsets.UTF_8);
        manifest = manifest.replaceAll("(\"name\" : \"" + name + "\",\\s*\"bytes\" : )\\d+(,\\s*\"sha256\" : )\"\\w+\"",
                "$1" + schema.length + "$2\"" + sha256(schema) + "\"");
        files.put(name, schema);
        files.put("manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
        Path hostile = zip(files);
        assertThatThrownBy(() -> Archive.open(hostile, LIMITS))
                .hasMessageContaining("does not know the event java.lang.Evil");
    }

    private static List<LoggedEvent> all(RunEvents events) {
        List<LoggedEvent> all = new ArrayList<>();
        RunEvents.BY_RUN.forEach(topic -> events.read(topic, all::add));
        for (Topics topic : RunEvents.BY_DIALOGUE) {
            for (int partition = 0; partition < events.partitions(); partition++) {
                events.read(topic, partition, all::add);
            }
        }
        return all;
    }

    private static Map<String, byte[]> contents(Path file) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                contents.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return contents;
    }

    private Path zip(Map<String, byte[]> files) throws IOException {
        Path file = folder.resolve("made-" + System.nanoTime() + ".zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> content : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(content.getKey()));
                zip.write(content.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    private static String sha256(byte[] bytes) {
        return EventDigests.sha256Hex(bytes);
    }
}
