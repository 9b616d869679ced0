package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.audit.DialogueProof;
import io.turnstream.audit.Expected;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveLimits;
import io.turnstream.audit.archive.ArchiveWriter;
import io.turnstream.audit.archive.UnusableArchiveException;
import io.turnstream.audit.trace.DialogueTrace;
import io.turnstream.audit.trace.TraceJson;
import io.turnstream.audit.trace.TraceText;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.EventDigests;
import io.turnstream.fuzzing.Bounds;
import io.turnstream.fuzzing.Fuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives that were damaged or tampered with in thousands of ways: each is read, found different or refused in words,
/// within bounds.
class ArchiveFuzzTest {

    private static final String RUN = "01JD0000000000000000000005";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final double SECONDS = 6;
    /// What tells a person nothing: places of the JSON library, names of classes.
    private static final Pattern INSIDES = Pattern.compile(
            "Source:|\\b(io\\.turnstream|com\\.fasterxml|org\\.apache|java\\.(lang|util|nio))\\.|\\w+(Exception|Error)\\b|\\[B@");

    /// What breaks readers of JSON, numbers, names and schemas.
    private static final List<String> HOSTILE = List.of("", "null", "-1", "9223372036854775808", "1e999", "{}", "[]",
            "[".repeat(5_000), "\"", "\\ud800", "\u0000",
            "\n", "\u202e", "9".repeat(400), "{\"type\":\"map\",\"values\":\"int\"}",
            "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2147483647}",
            "\"java-class\":\"java.io.File\"", "../../etc/passwd", "a".repeat(64), "0".repeat(64), "true",
            "/s999999999999", "\"withheld\"");

    @TempDir
    private Path folder;

    private RandomGenerator random = RandomGenerator.getDefault();
    private int refused;
    private int different;
    private int held;

    @Test
    void a_mutated_archive_is_read_or_refused_within_bounds() throws IOException {
        byte[] archive;
        String dialogue;
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.plan(1, List.of("it is empty"));
            run.answerAll();
            List<Recorded> log = run.log();
            dialogue = log.stream().filter(record -> record.event() instanceof StepSettled).findFirst().orElseThrow()
                    .key();
            Path file = folder.resolve("whole.zip");
            try (OutputStream out = Files.newOutputStream(file)) {
                ArchiveWriter.write(new ListedEvents(RUN, log), new ArchivedParts(), false, "test", START, out);
            }
            archive = Files.readAllBytes(file);
        }
        Map<String, byte[]> contents = contents(archive);
        Fuzz.read(SECONDS, Bounds.usual(), seeded -> {
            random = seeded;
            return random.nextInt(4) == 0 ? mutated(archive) : zip(rewritten(contents));
        }, mutated -> tryToRead(mutated, dialogue));
        System.out.printf("%d refused, %d different, %d held%n", refused, different, held);
        assertThat(refused + different).as("what is mutated differs, mostly").isPositive();
    }

    private void tryToRead(byte[] mutated, String dialogue) {
        try {
            read(Files.write(folder.resolve("mutated.zip"), mutated), dialogue);
        } catch (UnusableArchiveException e) {
            refused++;
            assertThat(e.getMessage()).contains("mutated.zip").doesNotContainPattern(INSIDES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Path file, String dialogue) {
        Archive.isArchive(file);
        try (Archive archive = Archive.open(file, ArchiveLimits.standard())) {
            Verified verified = Verification.of(archive, Expected.nothing());
            if (verified.holds()) {
                held++;
            } else {
                different++;
            }
            DialogueProof.of(archive, dialogue, Expected.nothing());
            DialogueTrace trace = DialogueTrace.of(archive, dialogue);
            TraceText.of(trace);
            TraceJson.of(trace);
            archive.checkRest(verified.checked().getOrDefault("events", 0L));
        }
    }

    /// One or a few files changed, and mostly the manifest with them.
    private Map<String, byte[]> rewritten(Map<String, byte[]> contents) {
        Map<String, byte[]> files = new LinkedHashMap<>(contents);
        List<String> names = new ArrayList<>(files.keySet());
        List<String> events = names.stream().filter(name -> name.startsWith("events/")).toList();
        for (int i = 0; i <= random.nextInt(3); i++) {
            String name = random.nextInt(4) == 0
                    ? names.get(random.nextInt(names.size()))
                    : events.get(random.nextInt(events.size()));
            switch (random.nextInt(12)) {
                case 0 -> files.remove(name);
                case 1 -> files.put(HOSTILE.get(random.nextInt(HOSTILE.size())) + name,
                        files.getOrDefault(name, new byte[0]));
                case 2, 3, 4 -> files.computeIfPresent(name, (same, bytes) -> mutated(bytes));
                default -> files.computeIfPresent(name, (same, bytes) -> spliced(bytes));
            }
        }
        if (random.nextInt(8) > 0 && files.containsKey("manifest.json")) {
            files.put("manifest.json", manifest(files));
        }
        return files;
    }

    private static byte[] manifest(Map<String, byte[]> files) {
        try {
            if (new ObjectMapper().readTree(files.get("manifest.json")) instanceof ObjectNode manifest) {
                ArrayNode entries = manifest.putArray("files");
                files.forEach((name, bytes) -> {
                    if (!name.equals("manifest.json")) {
                        entries.addObject().put("name", name).put("bytes", bytes.length).put("sha256",
                                EventDigests.sha256Hex(bytes));
                    }
                });
                return manifest.toString().getBytes(StandardCharsets.UTF_8);
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            // it was hit itself: left as it is
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.get("manifest.json");
    }

    /// Bytes flipped, taken out, doubled or cut off.
    private byte[] mutated(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        byte[] copy = bytes.clone();
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(64));
        return switch (random.nextInt(4)) {
            case 0 -> {
                for (int i = 0; i < 1 + random.nextInt(4); i++) {
                    copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield copy;
            }
            case 1 -> joined(bytes, at, at + length, new byte[0]);
            case 2 -> joined(bytes, at, at, java.util.Arrays.copyOfRange(bytes, at, at + length));
            default -> java.util.Arrays.copyOf(bytes, at);
        };
    }

    /// A value between two marks of JSON replaced by a hostile one or by another of the file, or a line moved.
    private byte[] spliced(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int from = random.nextInt(text.length() + 1);
        int start = text.indexOf(':', from) + 1;
        int end = start;
        while (end < text.length() && ",}]\n".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String other = HOSTILE.get(random.nextInt(HOSTILE.size()));
        if (random.nextInt(4) > 0) {
            int there = text.indexOf(':', random.nextInt(text.length() + 1)) + 1;
            int thereEnd = there;
            while (thereEnd < text.length() && ",}]\n".indexOf(text.charAt(thereEnd)) < 0) {
                thereEnd++;
            }
            other = text.substring(there, thereEnd);
        }
        if (random.nextInt(4) == 0) {
            List<String> lines = new ArrayList<>(List.of(text.split("(?<=\n)")));
            String moved = lines.remove(random.nextInt(lines.size()));
            lines.add(random.nextInt(lines.size() + 1), moved);
            return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
        }
        return (text.substring(0, start) + other + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[] bytes, int from, int to, byte[] between) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + between.length);
        out.write(bytes, 0, from);
        out.writeBytes(between);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    private Map<String, byte[]> contents(byte[] archive) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(Files.write(folder.resolve("read.zip"), archive).toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                contents.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return contents;
    }

    private static byte[] zip(Map<String, byte[]> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
