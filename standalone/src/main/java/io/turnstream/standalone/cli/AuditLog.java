package io.turnstream.standalone.cli;

import io.turnstream.audit.RunEvents;
import io.turnstream.audit.archive.ArchiveParts;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/// What is recorded, open for reading: the log of an installation, or an archive of one run. No projection is asked.
public interface AuditLog {

    /// The id of the run that a person means: its id, a prefix of it, or `last`.
    ///
    /// @throws io.turnstream.projection.report.AmbiguousRunException if the prefix fits several runs
    Optional<String> runId(String idOrPrefixOrLast);

    /// Reads a run.
    ///
    /// @param runId full id
    <T> T run(String runId, Function<RunEvents, T> use);

    /// The ids of planned dialogues that hold a text, sorted.
    ///
    /// @param part such as `01J.../type_a/12/` or `12/multimodal/unsafe`
    SortedSet<String> dialogues(String part);

    /// Images and protocol packs that runs name.
    ArchiveParts parts();
}
