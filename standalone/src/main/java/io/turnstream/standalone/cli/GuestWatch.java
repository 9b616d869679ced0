package io.turnstream.standalone.cli;

import io.turnstream.console.JudgementSetName;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunStates;
import io.turnstream.standalone.render.Amounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Keeps a platform of this process open for runs and judgement sets that other terminals asked for.
public final class GuestWatch {

    private GuestWatch() {}

    /// Waits until they are over, or pauses them on Ctrl-C.
    ///
    public static void stay(Surroundings around, Platforms.Reached reached, Guests guests) {
        stayForRuns(around, reached, guests.runs());
        stayForJudgements(around, reached, guests.judgements());
    }

    private static void stayForRuns(Surroundings around, Platforms.Reached reached, Map<String, String> runs) {
        Reports reports = reached.platform().reports();
        Map<String, String> open = new LinkedHashMap<>(runs);
        open.keySet().removeIf(id -> reports.progress(id).map(Progress::state).filter(RunStates::isFinal).isPresent());
        if (open.isEmpty()) {
            return;
        }
        around.say("Staying for " + Amounts.of(open.size(), "run") + " that other terminals asked for; Ctrl-C pauses.");
        if (new RunWatch(around, reports, open, true).follow() == RunWatch.End.INTERRUPTED) {
            new RunSession(around, new Results(around, new TableOptions()), reached).pause(List.copyOf(open.keySet()));
        }
    }

    private static void stayForJudgements(Surroundings around, Platforms.Reached reached,
            Map<JudgementSetName, Guests.Judging> judgements) {
        Reports reports = reached.platform().reports();
        Map<JudgementSetName, Guests.Judging> open = new LinkedHashMap<>(judgements);
        open.entrySet().removeIf(set -> reports.judgementSets(set.getKey().runId()).stream()
                .anyMatch(known -> known.judgementSetId().equals(set.getKey().judgementSetId())
                        && RunStates.isFinal(known.state())
                        && known.changedAt() != null && !known.changedAt().isBefore(set.getValue().since())));
        if (!open.isEmpty()) {
            around.say("Staying for " + Amounts.of(open.size(), "judgement set")
                    + " that other terminals asked for; Ctrl-C pauses.");
            new JudgementWatch(around, reached, open).follow();
        }
    }
}
