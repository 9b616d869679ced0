package io.turnstream.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks at a broker's folder before the broker does.
///
/// A broker takes what it finds for all there is: where a file is missing or cut short it begins anew or goes on behind
/// the cut, and after an unclean stop it cuts a log at the first record that it cannot read, whatever stands behind.
/// For a log that is the truth both are damage. Here they are errors, and nothing is changed. What a killed process
/// leaves is none: a last record that is written in part, with nothing behind it.
///
/// After a clean stop small logs are looked through, of large ones the end, which together takes a moment; after an
/// unclean one all that the broker looks through then.
final class LogInspection {

    private static final String CLEAN = ".kafka_cleanshutdown";
    private static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
    private static final int OFFSET_DIGITS = 20;
    private static final String SEGMENT = ".log";
    private static final List<String> NOTES = List.of(RECOVERY_POINTS, "replication-offset-checkpoint",
            "log-start-offset-checkpoint",
            "cleaner-offset-checkpoint");
    private static final long SMALL_BYTES = 4 * 1024 * 1024;
    private static final String RESTORE = "Put back the file as it was from a copy of the home; this one is left as it is.";

    private final Path folder;
    private final Predicate<String> lasting;

    /// @param lasting topics that are never deleted; no others are looked at
    LogInspection(Path folder, Predicate<String> lasting) {
        this.folder = folder;
        this.lasting = lasting;
    }

    /// @throws DamagedLogException if something is missing, cut short or damaged
    /// @throws CannotStartException if that cannot be told
    void requireWhole() {
        try {
            requireReadableNotes();
            Map<String, Long> reached = recoveryPoints();
            boolean clean = Files.exists(folder.resolve(CLEAN));
            for (Map.Entry<String, Long> partition : reached.entrySet()) {
                Path log = folder.resolve(partition.getKey());
                if (!Files.isDirectory(log) && partition.getValue() > 0) {
                    throw new DamagedLogException("A part of the log is missing", log.toString(),
                            "Put back the folder from a copy of the home.");
                }
            }
            for (Path log : logs()) {
                requireWhole(log, reached.getOrDefault(log.getFileName().toString(), 0L), clean);
            }
        } catch (IOException e) {
            throw new CannotStartException("The broker's folder cannot be read (" + EmbeddedKafka.reason(e) + ")",
                    folder.toString(),
                    "Check the disk and the permissions in this folder.", e);
        }
    }

    /// A version, how many lines follow, and these: topic, partition, offset.
    private void requireReadableNotes() throws IOException {
        for (String note : NOTES) {
            Path file = folder.resolve(note);
            if (Files.exists(file) && Files.size(file) > 0) {
                List<String> lines = lines(file);
                if (!lines.getFirst().equals("0") || lines.size() < 2
                        || !lines.get(1).equals(Integer.toString(lines.size() - 2))
                        || !lines.stream().skip(2).allMatch(line -> line.matches("\\S+ \\d{1,9} \\d{1,18}"))) {
                    throw new CannotStartException("The broker's note of how far its logs go is damaged",
                            file.toString(),
                            "Delete this one file: it is made anew.");
                }
            }
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    }

    private static String topicOf(String partition) {
        return partition.substring(0, partition.lastIndexOf('-'));
    }

    /// Up to where each log had been written to the disk for certain, by name of its folder; empty where the broker's
    /// note of it is missing.
    private Map<String, Long> recoveryPoints() throws IOException {
        Map<String, Long> points = new HashMap<>();
        Path file = folder.resolve(RECOVERY_POINTS);
        if (!Files.exists(file)) {
            return points;
        }
        for (String line : lines(file).stream().skip(2).toList()) {
            String[] words = line.split(" ");
            if (lasting.test(words[0])) {
                points.put(words[0] + "-" + words[1], Long.parseLong(words[2]));
            }
        }
        return points;
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).filter(file -> isLasting(file.getFileName().toString())).sorted()
                    .toList();
        }
    }

    private boolean isLasting(String name) {
        return name.matches(".+-\\d+") && lasting.test(topicOf(name));
    }

    private static void requireWhole(Path log, long reached, boolean clean) throws IOException {
        TreeMap<Long, Path> segments = segments(log);
        if (segments.isEmpty()) {
            if (reached > 0) {
                throw new DamagedLogException("A part of the log is missing, which had reached offset " + reached,
                        log.resolve("0".repeat(OFFSET_DIGITS) + SEGMENT).toString(),
                        "Put back the file from a copy of the home.");
            }
            return;
        }
        long from = clean ? segments.lastKey() : floor(segments, reached);
        boolean small = Files.size(segments.lastEntry().getValue()) <= SMALL_BYTES;
        long end = 0;
        for (Map.Entry<Long, Path> segment : segments.tailMap(from, true).entrySet()) {
            SegmentScan scan = clean && !small
                    ? SegmentScan.ofTheEnd(segment.getValue(), segment.getKey())
                    : SegmentScan.of(segment.getValue(), segment.getKey());
            requireNothingBehind(segment.getValue(), scan);
            if (clean && scan.whole() < Files.size(segment.getValue())) {
                throw new DamagedLogException(
                        "A file of the log is cut short in the middle of a record, behind offset " + scan.end(),
                        segment.getValue().toString(), RESTORE);
            }
            end = scan.end();
        }
        if (end < reached) {
            throw new DamagedLogException(
                    "A file of the log is cut short: it ends at offset " + end + " and had reached " + reached,
                    segments.lastEntry().getValue().toString(), RESTORE);
        }
    }

    private static long floor(TreeMap<Long, Path> segments, long offset) {
        @Nullable
        Long floor = segments.floorKey(offset);
        return floor == null ? segments.firstKey() : floor;
    }

    private static void requireNothingBehind(Path file, SegmentScan scan) {
        if (scan.behindDamage() >= 0) {
            throw new DamagedLogException(
                    "A file of the log is damaged at byte " + scan.whole() + " (offset " + scan.end()
                            + "), with records behind it from byte " + scan.behindDamage() + " on",
                    file.toString(), RESTORE);
        }
    }

    private static TreeMap<Long, Path> segments(Path log) throws IOException {
        TreeMap<Long, Path> segments = new TreeMap<>();
        try (Stream<Path> files = Files.list(log)) {
            files.filter(file -> file.getFileName().toString().matches("\\d{" + OFFSET_DIGITS + "}\\" + SEGMENT))
                    .forEach(file -> segments
                            .put(Long.parseLong(file.getFileName().toString().substring(0, OFFSET_DIGITS)), file));
        }
        return segments;
    }
}
