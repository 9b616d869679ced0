package io.turnstream.audit;

import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What came of checking a run.
///
/// @param run what was checked, as its own events say
/// @param difference the first difference; null where everything holds
/// @param checked how much was checked until then, by what
/// @param types how many events of each type were among it
/// @param seals the seals that hold, in the order of the log
/// @param unaccepted answers that were never accepted, at most [#MOST_LISTED] of them
/// @param notes what else somebody should know who relies on this
public record Verified(
        AuditedRun run,
        @Nullable Difference difference,
        SequencedMap<String, Long> checked,
        SortedMap<String, Long> types,
        List<CheckedSeal> seals,
        List<UnacceptedAnswer> unaccepted,
        List<String> notes) {

    /// Most unaccepted answers that are listed one by one; all are counted.
    public static final int MOST_LISTED = 1_000;

    public Verified {
        types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
        seals = List.copyOf(seals);
        unaccepted = List.copyOf(unaccepted);
        notes = List.copyOf(notes);
    }

    /// Whether everything is as it must be.
    public boolean holds() {
        return difference == null;
    }

    public String runId() {
        return run.runId();
    }

    /// The run's last state, such as `COMPLETED`.
    public String state() {
        return run.state();
    }
}
