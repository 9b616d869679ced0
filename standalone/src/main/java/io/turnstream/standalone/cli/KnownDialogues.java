package io.turnstream.standalone.cli;

import io.turnstream.projection.report.Reports;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Finds the dialogue that a person means.
final class KnownDialogues {

    private static final int SHOWN = 8;

    private KnownDialogues() {}

    /// A dialogue and the run it belongs to.
    record Known(String runId, String dialogueId) {}

    /// @param run the run it must be of, as people call it; empty where `given` names it or any will do
    /// @param given its id as exports print it; a part of one; or `RUN/part` with a prefix of the run's id, or `last`
    /// @throws UsageException if there is none, or there are several
    static Known find(AuditLog log, Optional<String> run, String given, String where) {
        String wanted = given.strip();
        Optional<String> runId = run.map(name -> runId(log, name, where));
        int slash = wanted.indexOf('/');
        if (slash > 0 && !wanted.startsWith("type_")) {
            Optional<String> named = log.runId(wanted.substring(0, slash));
            if (named.isPresent()) {
                if (runId.isPresent() && !runId.equals(named)) {
                    throw new UsageException("--dialogue", "it is of run " + named.get() + ", not of " + runId.get(),
                            "Leave one of the two out.");
                }
                runId = named;
                wanted = wanted.substring(slash + 1);
            }
        }
        String part = wanted;
        SortedSet<String> found = runId.map(id -> within(log.dialogues(id + '/'), id, part))
                .orElseGet(() -> log.dialogues(part));
        if (found.isEmpty()) {
            throw new UsageException("DIALOGUE", "there is no dialogue '" + given.strip() + "' in " + where,
                    "Give the id that 'turnstream export' prints, such as RUN/type_a/12/multimodal/unsafe/v0/e1, or a part of it.");
        }
        if (found.size() > 1) {
            List<String> some = found.stream().limit(SHOWN).toList();
            throw new UsageException("DIALOGUE",
                    "'" + given.strip() + "' fits " + found.size() + " dialogues: " + String.join(", ", some)
                            + (found.size() > SHOWN ? " and " + (found.size() - SHOWN) + " more" : ""),
                    "Give more of the id.");
        }
        String id = found.first();
        return new Known(id.substring(0, id.indexOf('/')), id);
    }

    /// @throws UsageException if there is no such run
    static String runId(AuditLog log, String wanted, String where) {
        return log.runId(wanted).orElseThrow(() -> wanted.equals(Reports.LAST)
                ? new UsageException(where, "there is no run yet",
                        "Start one with 'turnstream eval', or try 'turnstream demo'.")
                : new UsageException("RUN", "there is no run '" + wanted + "' in " + where,
                        wanted.endsWith(".zip")
                                ? "An archive is given with --archive FILE."
                                : "'turnstream list' shows those there are."));
    }

    /// The whole id wins over ids that begin with it, and these over ids that hold it somewhere.
    private static SortedSet<String> within(SortedSet<String> ids, String runId, String part) {
        String id = runId + '/' + part;
        if (ids.contains(id)) {
            return new TreeSet<>(List.of(id));
        }
        for (String beginning : List.of(id.endsWith("/") ? id : id + '/', id)) {
            SortedSet<String> fitting = new TreeSet<>(ids);
            fitting.removeIf(each -> !each.startsWith(beginning));
            if (!fitting.isEmpty()) {
                return fitting;
            }
        }
        SortedSet<String> holding = new TreeSet<>(ids);
        holding.removeIf(each -> !each.contains(part));
        return holding;
    }
}
