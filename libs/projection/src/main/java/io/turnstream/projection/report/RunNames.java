package io.turnstream.projection.report;

import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;

/// What people call runs: a whole id, a prefix of one in upper or lower case, or `last`.
public final class RunNames {

    private RunNames() {}

    /// The run that is meant.
    ///
    /// @param ids of all runs; ids are made of times, so the last is the newest
    /// @throws AmbiguousRunException if it fits several
    public static Optional<String> choose(SortedSet<String> ids, String idOrPrefixOrLast) {
        String wanted = idOrPrefixOrLast.strip();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        if (ids.contains(wanted)) {
            return Optional.of(wanted);
        }
        if (wanted.equalsIgnoreCase(Reports.LAST)) {
            return ids.isEmpty() ? Optional.empty() : Optional.of(ids.last());
        }
        String prefix = wanted.toUpperCase(Locale.ROOT);
        var fitting = ids.stream().filter(id -> id.toUpperCase(Locale.ROOT).startsWith(prefix)).toList();
        if (fitting.size() > 1) {
            throw new AmbiguousRunException(wanted, fitting);
        }
        return fitting.stream().findFirst();
    }
}
