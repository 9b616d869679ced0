package io.turnstream.standalone.cli;

import io.turnstream.audit.RunEvents;
import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveParts;
import io.turnstream.events.Topics;
import io.turnstream.projection.report.RunNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// An archive, read like a log that holds one run.
///
/// @param archive open, and closed by whoever opened it
public record ArchivedLog(Archive archive) implements AuditLog {

    @Override
    public Optional<String> runId(String idOrPrefixOrLast) {
        return RunNames.choose(new TreeSet<>(List.of(archive.runId())), idOrPrefixOrLast);
    }

    @Override
    public <T> T run(String runId, Function<RunEvents, T> use) {
        return use.apply(archive);
    }

    @Override
    public SortedSet<String> dialogues(String part) {
        SortedSet<String> found = new TreeSet<>();
        archive.read(Topics.DIALOGUES, event -> {
            if (event.key().contains(part)) {
                found.add(event.key());
            }
        });
        return found;
    }

    @Override
    public ArchiveParts parts() {
        return new ArchiveParts() {
            @Override
            public Optional<byte[]> image(String sha256) {
                return archive.images().contains(sha256) ? Optional.of(archive.image(sha256)) : Optional.empty();
            }

            @Override
            public Optional<Map<String, byte[]>> pack(String digest) {
                return archive.packs().contains(digest) ? Optional.of(archive.pack(digest).files()) : Optional.empty();
            }
        };
    }
}
