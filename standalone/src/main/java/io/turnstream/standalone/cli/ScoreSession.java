package io.turnstream.standalone.cli;

import io.turnstream.console.AcceptedJudgement;
import io.turnstream.console.JudgementSetName;
import io.turnstream.console.UnacceptableRunException;
import io.turnstream.messaging.Escapes;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Asks for judgement sets, follows them in the foreground to their end, prints them, and finds the exit code.
final class ScoreSession {

    private static final Duration UNSETTLED = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 150;

    private final Surroundings around;
    private final Results results;
    private final Platforms.Reached reached;
    private final String flags;

    /// @param flags those that say which sets are meant, for the command that goes on with them
    ScoreSession(Surroundings around, Results results, Platforms.Reached reached, String flags) {
        this.around = around;
        this.results = results;
        this.reached = reached;
        this.flags = flags;
    }

    /// Sees the judging of runs through. A run that cannot be judged so is named, and the others are judged.
    ///
    /// @return the exit code
    int seeThrough(List<ScoreOrder.Asked> asked) {
        Map<JudgementSetName, Guests.Judging> judged = new LinkedHashMap<>();
        for (ScoreOrder.Asked run : asked) {
            try {
                AcceptedJudgement accepted = reached.platform().judge(run.runId(), run.order());
                judged.put(accepted.set(), new Guests.Judging(String.valueOf(run.order().judge()), accepted.at()));
                around.say("Run " + run.runId() + ": judgement set " + accepted.set().judgementSetId() + " by "
                        + run.order().judge());
            } catch (UnacceptableRunException e) {
                around.say("turnstream: run " + run.runId() + ": " + e.what() + ". " + e.remedy() + hint(e, run));
            }
        }
        if (judged.isEmpty()) {
            return ExitCode.WRONG_INPUT.code();
        }
        JudgementWatch watch = new JudgementWatch(around, reached, judged);
        ExitCode code = switch (watch.follow()) {
            case INTERRUPTED -> {
                around.say((watch.goesOn() ? "Asked to pause, which has not been heard yet." : "Paused.")
                        + " Nothing is lost; go on with: " + again(judged));
                yield ExitCode.INTERRUPTED;
            }
            case STUCK -> {
                judged.keySet()
                        .forEach(set -> watch.facts(set).filter(facts -> facts.state().equals("halted"))
                                .ifPresent(facts -> around.say(
                                        "turnstream: the judging of run " + set.runId() + " was halted: "
                                                + (facts.reason() == null
                                                        ? "no reason is known"
                                                        : Escapes.line(facts.reason())))));
                around.say("Mend what is named above, then: " + again(judged));
                yield ExitCode.INCOMPLETE;
            }
            case OVER -> over(judged, watch);
        };
        return (judged.size() < asked.size() && code.compareTo(ExitCode.WRONG_INPUT) < 0 ? ExitCode.WRONG_INPUT : code)
                .code();
    }

    private static String hint(UnacceptableRunException e, ScoreOrder.Asked run) {
        return !e.where().equals("judgements") || run.order().onlyUnscored()
                ? ""
                : " Add --only unscored to complete the set or to go on with it, or --replicate 2 to judge with the same judge anew.";
    }

    private String again(Map<JudgementSetName, Guests.Judging> judged) {
        return "turnstream score "
                + judged.keySet().stream().map(JudgementSetName::runId).collect(Collectors.joining(" ")) + " " + flags
                + " --only unscored";
    }

    private ExitCode over(Map<JudgementSetName, Guests.Judging> judged, JudgementWatch watch) {
        List<JudgedRun> runs = new ArrayList<>();
        for (JudgementSetName set : judged.keySet()) {
            settled(set.runId()).ifPresent(run -> runs.add(new JudgedRun(run, set.judgementSetId())));
        }
        results.printJudged(reached.platform().reports(), runs);
        for (JudgedRun run : runs) {
            boolean hasVerdicts = run.facts().filter(set -> set.state().equals("failed")).isEmpty();
            if (hasVerdicts && !run.isOwn() && run.run().provenance().judgementSetId() != null) {
                results.say((runs.getFirst().equals(run) ? System.lineSeparator() : "")
                        + "  What changed: turnstream compare --judgements "
                        + run.run().provenance().judgementSetId() + " " + run.judgementSetId() + " " + run.run().id());
            }
        }
        return judged.keySet().stream().map(
                set -> watch.facts(set).map(JudgementSetFacts::state).map(ExitCode::of).orElse(ExitCode.INCOMPLETE))
                .max(Enum::compareTo).orElse(ExitCode.DONE);
    }

    /// A run whose projection is being written anew is shown once all of it is there.
    private Optional<RunReport> settled(String runId) {
        Reports reports = reached.platform().reports();
        Instant end = around.clock().instant().plus(UNSETTLED);
        Optional<RunReport> report = reports.run(runId);
        while (report.map(run -> !run.settled()).orElse(true) && around.clock().instant().isBefore(end)
                && !around.interrupts().interrupted()) {
            around.interrupts().pause(LOOK_MILLIS);
            report = reports.run(runId);
        }
        return report;
    }
}
