package io.turnstream.standalone.render;

import io.turnstream.events.Costs;
import io.turnstream.messaging.Escapes;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Progress.Stage;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.RunStates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a run's progress reads: a block of lines for a terminal, one line for a log.
public final class ProgressText {

    private static final Duration STILL = Duration.ofSeconds(10);
    /// After so long without an answer, a person hears what is known of it.
    private static final Duration HESITATION = Duration.ofSeconds(2);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /// How much of a quota a run that is held back by it uses at least; what settles late counts late.
    private static final double NEAR = 0.7;
    /// A small quota makes pauses; so many times as long as its calls are apart, it is not the quota.
    private static final int SLOWEST = 3;
    private static final int LONG_BAR = 24;
    private static final int SHORT_BAR = 12;
    private static final int ROOMY = 95;
    private static final int MOST_REASON_LINES = 3;

    private final Terminal terminal;

    public ProgressText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// The lines of a run in a terminal.
    ///
    /// @param model `provider/name`
    /// @param elapsed since this command looks at the run
    public List<String> block(String model, Progress progress, Pace pace, Duration elapsed, Instant now) {
        List<String> lines = new ArrayList<>();
        String dot = terminal.either(" · ", " - ");
        String head = "  " + model + dot + state(progress) + dot + Amounts.clock(elapsed)
                + left(progress, pace).map(text -> dot + text).orElse("");
        lines.add(terminal.bold(fit(head)));
        lines.add(fit(stage("turns", "answered", progress.turns())));
        lines.add(fit(stage("questions", "answered", progress.questions())));
        if (progress.judgements().planned() > 0 || progress.judgements().done() > 0) {
            lines.add(fit(stage("verdicts", "judged", progress.judgements())));
        }
        lines.add(terminal.dim(fit("    " + calls(progress, pace))));
        why(progress, pace, now).ifPresent(reason -> terminal.wrapped(reason, terminal.width() - 5, MOST_REASON_LINES)
                .forEach(line -> lines.add(terminal.warning("    " + line))));
        return lines;
    }

    /// The same in one line.
    public String line(String model, Progress progress, Pace pace, Duration elapsed, Instant now) {
        StringBuilder line = new StringBuilder(Amounts.clock(elapsed)).append("  ").append(model).append(": ")
                .append(state(progress));
        if (progress.turns().planned() > 0) {
            line.append(", turns ").append(share(progress.turns())).append(", questions ")
                    .append(share(progress.questions()));
            if (progress.judgements().planned() > 0) {
                line.append(", judged ").append(share(progress.judgements()));
            }
        }
        long failed = progress.turns().failed() + progress.questions().failed() + progress.judgements().failed();
        if (progress.calls() > 0) {
            line.append(", failed ").append(Amounts.count(failed)).append(", ").append(calls(progress, pace));
        }
        left(progress, pace).ifPresent(text -> line.append(", ").append(text));
        why(progress, pace, now).ifPresent(reason -> line.append("; ").append(reason));
        return line.toString();
    }

    private static String state(Progress progress) {
        return switch (progress.state()) {
            case "planning" -> "planning: reading the data set";
            case RunStates.REQUESTED -> "asked for";
            default -> progress.state();
        };
    }

    private String fit(String text) {
        return terminal.cut(text, terminal.width() - 1);
    }

    private String stage(String name, String done, Stage stage) {
        String counts = stage.planned() == 0
                ? "not planned yet"
                : String.format("%7s of %s", Amounts.count(stage.done()), Amounts.count(stage.planned()));
        StringBuilder line = new StringBuilder(String.format("    %-10s %s  %s", name, bar(stage), counts));
        if (stage.done() > 0) {
            line.append("   ").append(done).append(' ').append(Amounts.count(stage.answered()));
            line.append(", failed ").append(Amounts.count(stage.failed()));
            if (stage.notReached() > 0) {
                line.append(", not reached ").append(Amounts.count(stage.notReached()));
            }
        }
        return line.toString();
    }

    private String bar(Stage stage) {
        int length = terminal.width() < ROOMY ? SHORT_BAR : LONG_BAR;
        int filled = stage.planned() == 0 ? 0 : (int) Math.min(length, length * stage.done() / stage.planned());
        return terminal.either("█", "#").repeat(filled) + terminal.either("░", ".").repeat(length - filled);
    }

    private static String share(Stage stage) {
        return Amounts.count(stage.done()) + "/" + Amounts.count(stage.planned());
    }

    private static String calls(Progress progress, Pace pace) {
        StringBuilder text = new StringBuilder(Amounts.of(progress.calls(), "call"));
        pace.callsPerSecond().ifPresent(rate -> text.append(" (").append(Amounts.rate(rate)).append(')'));
        long cost = Costs.plus(progress.costNanoUsd(), progress.judgeCostNanoUsd());
        if (cost > 0) {
            text.append(", ").append(Amounts.money(cost));
        }
        return text.toString();
    }

    private static Optional<String> left(Progress progress, Pace pace) {
        boolean goingOn = progress.state().equals("running") && progress.dialogues() != null;
        return goingOn ? pace.timeLeft().map(left -> "about " + Amounts.duration(left) + " left") : Optional.empty();
    }

    /// The quota that holds the run back, if it goes about as fast as that allows.
    private static Optional<String> quota(Progress progress, Pace pace, Duration still) {
        Limits limits = progress.limits();
        if (limits == null) {
            return Optional.empty();
        }
        Integer requests = limits.requestsPerMinute();
        Long tokens = limits.tokensPerMinute();
        if (requests != null && (isNear(pace.callsPerSecond(), requests)
                || still.compareTo(STILL) >= 0 && still.toMillis() < SLOWEST * MINUTE.toMillis() / requests)) {
            return Optional.of("waiting for quota: " + Amounts.of(requests, "request") + " a minute");
        }
        return tokens != null && isNear(pace.tokensPerSecond(), tokens)
                ? Optional.of("waiting for quota: " + Amounts.of(tokens, "token") + " a minute")
                : Optional.empty();
    }

    private static boolean isNear(Optional<Double> perSecond, long perMinute) {
        return perSecond.filter(rate -> rate * MINUTE.toSeconds() >= NEAR * perMinute).isPresent();
    }

    private static Optional<String> standstill(String reason, Duration still) {
        return still.compareTo(HESITATION) < 0
                ? Optional.empty()
                : Optional.of(still.compareTo(STILL) < 0
                        ? reason
                        : "no answer for " + Amounts.duration(still) + "; " + reason);
    }

    /// Why nothing moves, where something should be said.
    private static Optional<String> why(Progress progress, Pace pace, Instant now) {
        boolean given = progress.reason() != null && !progress.reason().isBlank();
        String reason = given ? Escapes.line(String.valueOf(progress.reason())) : "";
        return switch (progress.state()) {
            case "paused" -> Optional.of("paused" + (given ? ": " + reason : "") + "; goes on with 'eval --resume'");
            case "halted" -> Optional.of("halted" + (given ? ": " + reason : ""));
            case "planning", RunStates.REQUESTED -> given ? standstill(reason, pace.stillFor(now)) : Optional.empty();
            case "running" -> {
                Duration still = pace.stillFor(now);
                Optional<String> quota = quota(progress, pace, still);
                // what the workers tell of the provider is known, the quota is a guess
                yield given && still.compareTo(HESITATION) >= 0
                        ? standstill(reason, still)
                        : still.compareTo(STILL) < 0
                                ? quota
                                : Optional.of("no call has ended for " + Amounts.duration(still) + ": "
                                        + quota.orElse("the provider is slow, limits us or is down"));
            }
            default -> given ? Optional.of(reason) : Optional.empty();
        };
    }
}
