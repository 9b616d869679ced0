package io.turnstream.integration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The kills of one sequence, summed up by what was killed.
final class KillTable {

    private static final String ROW = "| %s | %d | %d | %d | %d | %d |";

    private final long seed;
    private final long calls;
    private final Map<String, List<Kill>> kills = new LinkedHashMap<>();

    /// A kill in a run, and what the simulator saw of it.
    ///
    /// @param inFlight calls in flight at the kill
    /// @param callsAgain calls beyond those of an undisturbed run
    /// @param paidTwice of these, calls whose request had been answered with success before
    record Kill(long inFlight, long callsAgain, long paidTwice) {}

    /// @param seed what repeats the sequence
    /// @param calls of an undisturbed run
    KillTable(long seed, long calls) {
        this.seed = seed;
        this.calls = calls;
    }

    void add(String killed, Kill kill) {
        kills.computeIfAbsent(killed, name -> new ArrayList<>()).add(kill);
    }

    List<String> markdown() {
        List<String> lines = new ArrayList<>();
        List<Kill> all = kills.values().stream().flatMap(List::stream).toList();
        long paidTwice = all.stream().mapToLong(Kill::paidTwice).sum();
        lines.add(String.format(Locale.ROOT,
                "%d kills in as many runs of %d calls, seed %d; paid twice: %d of %d calls (%.2f %%).", all.size(),
                calls,
                seed, paidTwice, all.size() * calls, 100.0 * paidTwice / Math.max(1, all.size() * calls)));
        lines.add("");
        lines.add(
                "| killed | kills | in flight at the kills | called again | paid twice | most called again after one kill |");
        lines.add("|---|---|---|---|---|---|");
        kills.forEach((killed, its) -> lines.add(row(killed, its)));
        lines.add(row("all", all));
        return lines;
    }

    private static String row(String killed, List<Kill> kills) {
        return ROW.formatted(killed, kills.size(), kills.stream().mapToLong(Kill::inFlight).sum(),
                kills.stream().mapToLong(Kill::callsAgain).sum(),
                kills.stream().mapToLong(Kill::paidTwice).sum(),
                kills.stream().mapToLong(Kill::callsAgain).max().orElse(0));
    }
}
