package io.turnstream.standalone.cli;

import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.RunReport;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// Finds the judgement set that a person means.
final class KnownSets {

    private KnownSets() {}

    /// A run under the judge that a person names.
    ///
    /// @param flag where the name stands
    /// @param wanted a set's id, a prefix of it, or the judge's `provider/name` or bare name; each must fit one set
    ///         only
    /// @throws UsageException naming the sets there are
    static JudgedRun of(RunReport run, String flag, String wanted) {
        String name = wanted.strip();
        List<JudgedRun> all = JudgedRun.byEachJudge(run);
        if (all.isEmpty()) {
            throw new UsageException(flag, "run " + run.id() + " has no verdicts",
                    "Judge it with 'turnstream score " + run.id() + " --judge PROVIDER/NAME'.");
        }
        List<JudgedRun> fitting = all.stream().filter(set -> id(set).equals(name)).toList();
        if (fitting.isEmpty()) {
            fitting = all.stream().filter(set -> !name.isEmpty() && id(set).startsWith(name) || isJudge(set, name))
                    .toList();
        }
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        throw new UsageException(flag, fitting.isEmpty()
                ? "run " + run.id() + " has no judgement set '" + name + "'"
                : "'" + name + "' fits " + fitting.size() + " judgement sets of run " + run.id(),
                "There are " + (fitting.isEmpty() ? all : fitting).stream().map(set -> id(set) + " by " + set.judge())
                        .collect(Collectors.joining(", ")) + ".");
    }

    private static boolean isJudge(JudgedRun set, String name) {
        String judge = set.judge();
        return judge != null && (judge.equals(name) || judge.substring(judge.indexOf('/') + 1).equals(name));
    }

    private static String id(JudgedRun set) {
        return Objects.requireNonNull(set.judgementSetId());
    }
}
