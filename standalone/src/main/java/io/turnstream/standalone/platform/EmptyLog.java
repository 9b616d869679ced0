package io.turnstream.standalone.platform;

import io.turnstream.audit.NoSuchRunException;
import io.turnstream.audit.RunEvents;
import io.turnstream.audit.archive.ArchiveParts;
import io.turnstream.standalone.cli.AuditLog;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/// The log of a home that does not exist yet: reading makes none.
record EmptyLog() implements AuditLog {

    @Override
    public Optional<String> runId(String idOrPrefixOrLast) {
        return Optional.empty();
    }

    @Override
    public <T> T run(String runId, Function<RunEvents, T> use) {
        throw new NoSuchRunException(runId);
    }

    @Override
    public SortedSet<String> dialogues(String part) {
        return Collections.emptySortedSet();
    }

    @Override
    public ArchiveParts parts() {
        return new ArchiveParts() {
            @Override
            public Optional<byte[]> image(String sha256) {
                return Optional.empty();
            }

            @Override
            public Optional<Map<String, byte[]>> pack(String digest) {
                return Optional.empty();
            }
        };
    }
}
