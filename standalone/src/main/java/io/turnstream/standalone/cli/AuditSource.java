package io.turnstream.standalone.cli;

import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where what is audited is read: the log, or an archive.
final class AuditSource {

    @Option(names = "--archive", paramLabel = "FILE", order = FlagGroup.OF_DATA, description = "Read an archive ('turnstream export --format archive') instead of the log. Needs no home.")
    private @Nullable Path archive;

    /// Reads the log.
    ///
    /// @param use given the log, and what people call it
    <T> T read(Surroundings around, Place place, BiFunction<AuditLog, String, T> use) {
        if (archive == null) {
            return around.platforms().log(place, log -> use.apply(log, place.name()));
        }
        return open(around, archive, opened -> use.apply(new ArchivedLog(opened), archive.toString()));
    }

    /// Opens an archive.
    static <T> T open(Surroundings around, Path file, Function<Archive, T> use) {
        if (!Files.isRegularFile(around.folder().resolve(file))) {
            throw new UsageException(file.toString(),
                    Files.exists(around.folder().resolve(file)) ? "this is no file" : "there is no such file",
                    "Name a file that 'turnstream export --format archive' wrote.");
        }
        try (Archive archive = Archive.open(around.folder().resolve(file), ArchiveLimits.standard())) {
            return use.apply(archive);
        }
    }
}
