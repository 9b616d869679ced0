package io.turnstream.audit.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an archive says of itself.
///
/// @param format always [#FORMAT]
/// @param formatVersion 1
/// @param runId the run
/// @param redacted whether texts and images are withheld
/// @param partitions how many partitions the topics keyed by dialogue had
/// @param events how many events it holds
/// @param seals the run's seals, for a first look; what counts are the events
/// @param missing what the run refers to but whoever wrote the archive did not have, such as `image 3f..`
/// @param quoting of a redacted archive: events of earlier versions that hold what a provider said in one string with
///     the reason, or a text in the place of a name, where it cannot be withheld without changing their digests
/// @param writtenBy version of the code that wrote it
/// @param writtenAt when, ISO 8601
/// @param files every other file
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
        String format,
        int formatVersion,
        String runId,
        boolean redacted,
        int partitions,
        long events,
        List<Seal> seals,
        List<String> missing,
        long quoting,
        String writtenBy,
        String writtenAt,
        List<Entry> files) {

    /// What [#format] says.
    public static final String FORMAT = "turnstream-archive";

    /// The version of the format that this code writes, and the newest that it reads.
    public static final int VERSION = 1;

    /// A seal.
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Seal(
            String sealId,
            @Nullable String judgementSetId,
            String root,
            long leaves,
            @Nullable String supersedes,
            @Nullable String signature,
            @Nullable String publicKey) {}

    /// A file.
    ///
    /// @param bytes its size, uncompressed
    /// @param sha256 of its bytes, hex
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Entry(String name, long bytes, String sha256) {}

    public Manifest {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("its format is '" + format + "', not '" + FORMAT + "'");
        }
        if (formatVersion < 1 || formatVersion > VERSION) {
            throw new IllegalArgumentException(
                    "its format has version " + formatVersion + "; this code reads up to " + VERSION);
        }
        if (runId == null || !runId.matches("[0-9A-Z]{26}")) {
            throw new IllegalArgumentException("its runId is no run's id");
        }
        if (partitions < 1 || partitions > 10_000) {
            throw new IllegalArgumentException("its number of partitions is " + partitions + ", expected 1 to 10000");
        }
        seals = seals == null ? List.of() : List.copyOf(seals);
        missing = missing == null ? List.of() : List.copyOf(missing);
        files = files == null ? List.of() : List.copyOf(files);
    }
}
