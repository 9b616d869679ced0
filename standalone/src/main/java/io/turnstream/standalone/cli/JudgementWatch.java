package io.turnstream.standalone.cli;

import io.turnstream.console.JudgementSetName;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.RunStates;
import io.turnstream.standalone.render.JudgementText;
import io.turnstream.standalone.render.LiveArea;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Follows judgement sets and shows how far they are, until they are over, stand still for good, or somebody presses
/// Ctrl-C, which pauses them.
final class JudgementWatch {

    private static final long LOOK_MILLIS = 150;
    private static final int PAUSE_LOOKS = 100;
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    private static final Duration FIRST_LINE = Duration.ofSeconds(2);
    private static final Duration UNSETTLED = Duration.ofSeconds(30);

    private final Surroundings around;
    private final Platforms.Reached reached;
    private final Map<JudgementSetName, Guests.Judging> judges;
    private final Map<JudgementSetName, JudgementSetFacts> facts = new LinkedHashMap<>();
    private final Map<JudgementSetName, Instant> changed = new LinkedHashMap<>();
    private final JudgementText text = new JudgementText();

    /// @param judges by set, in the order to be shown
    JudgementWatch(Surroundings around, Platforms.Reached reached, Map<JudgementSetName, Guests.Judging> judges) {
        this.around = around;
        this.reached = reached;
        this.judges = new LinkedHashMap<>(judges);
    }

    /// Watches.
    RunWatch.End follow() {
        LiveArea area = new LiveArea(around.err());
        Instant begin = around.clock().instant();
        Instant nextLine = begin.plus(FIRST_LINE);
        List<String> said = List.of();
        while (true) {
            Instant now = around.clock().instant();
            look(now);
            Optional<RunWatch.End> end = around.interrupts().interrupted()
                    ? Optional.of(RunWatch.End.INTERRUPTED)
                    : end(now);
            List<String> lines = lines();
            if (around.status().interactive()) {
                area.draw(lines);
            }
            boolean isTime = end.isPresent() || !around.status().interactive() && !now.isBefore(nextLine);
            if (isTime && !lines.equals(said)) {
                area.clear();
                around.say(lines);
                said = lines;
                nextLine = now.plus(LINE_EVERY);
            }
            if (end.isPresent()) {
                if (end.get() == RunWatch.End.INTERRUPTED) {
                    pause();
                }
                return end.get();
            }
            around.interrupts().pause(LOOK_MILLIS);
        }
    }

    /// What is known of a set; empty before it was first heard of.
    Optional<JudgementSetFacts> facts(JudgementSetName set) {
        return Optional.ofNullable(facts.get(set));
    }

    /// Whether any set goes on, as far as is known.
    boolean goesOn() {
        return judges.keySet().stream().anyMatch(this::goesOn);
    }

    private void look(Instant now) {
        judges.keySet().stream().filter(set -> !isSettled(set)).map(JudgementSetName::runId).distinct()
                .forEach(runId -> {
                    for (JudgementSetFacts known : reached.platform().reports().judgementSets(runId)) {
                        JudgementSetName name = new JudgementSetName(runId, known.judgementSetId());
                        Guests.Judging judging = judges.get(name);
                        if (judging != null && known.changedAt() != null
                                && !known.changedAt().isBefore(judging.since())) {
                            if (!known.equals(facts.put(name, known))) {
                                changed.put(name, now);
                            }
                        }
                    }
                });
    }

    private Optional<RunWatch.End> end(Instant now) {
        if (judges.keySet().stream().allMatch(set -> isOver(set, now))) {
            return Optional.of(RunWatch.End.OVER);
        }
        return judges.keySet().stream().allMatch(set -> isOver(set, now) || standsStill(set))
                ? Optional.of(RunWatch.End.STUCK)
                : Optional.empty();
    }

    private boolean isOver(JudgementSetName set, Instant now) {
        return facts(set).filter(known -> known.settled() || RunStates.isFinal(known.state())
                && Duration.between(changed.get(set), now).compareTo(UNSETTLED) > 0).isPresent();
    }

    private boolean isSettled(JudgementSetName set) {
        return facts(set).filter(JudgementSetFacts::settled).isPresent();
    }

    private boolean standsStill(JudgementSetName set) {
        return facts(set).filter(known -> known.state().equals("halted") || known.state().equals("paused")).isPresent();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        judges.forEach((set, judging) -> lines.add(text.line(set.runId(), judging.judge(), facts.get(set))));
        return lines;
    }

    private void pause() {
        around.announcePause();
        List<JudgementSetName> open = judges.keySet().stream()
                .filter(set -> facts(set).filter(known -> RunStates.isFinal(known.state())).isEmpty()).toList();
        open.forEach(set -> reached.platform().command(set, RunCommand.PAUSE, "interrupted by the user"));
        for (int looks = 0; looks < PAUSE_LOOKS && open.stream().anyMatch(this::goesOn); looks++) {
            around.interrupts().pause(LOOK_MILLIS);
            look(around.clock().instant());
        }
    }

    private boolean goesOn(JudgementSetName set) {
        return !standsStill(set) && facts(set).filter(known -> RunStates.isFinal(known.state())).isEmpty();
    }
}
