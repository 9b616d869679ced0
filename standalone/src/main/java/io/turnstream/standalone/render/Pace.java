package io.turnstream.standalone.render;

import io.turnstream.events.Costs;
import io.turnstream.projection.report.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// How fast a run goes and how long it has to go, from looks at its progress. Pure: times come in.
public final class Pace {

    private static final Duration WINDOW = Duration.ofSeconds(30);
    /// Shorter, a rate is a guess.
    private static final Duration LEAST = Duration.ofMillis(900);
    private static final double NANOS = 1e9;

    private record Look(Instant at, long calls, long done, long tokens) {}

    private final Deque<Look> looks = new ArrayDeque<>();
    private Instant lastChange = Instant.MIN;
    private String state = "";
    private long open;

    /// Takes a look at the run.
    public void look(Progress progress, Instant now) {
        long done = progress.turns().done() + progress.questions().done() + progress.judgements().done();
        open = progress.turns().open() + progress.questions().open() + progress.judgements().open();
        Look last = looks.peekLast();
        if (last == null || last.calls() != progress.calls() || last.done() != done
                || !progress.state().equals(state)) {
            lastChange = now;
        }
        state = progress.state();
        if (done == 0 && progress.calls() == 0) {
            // time that passes before the first call says nothing about the pace
            looks.clear();
        }
        looks.addLast(
                new Look(now, progress.calls(), done, Costs.plus(progress.inputTokens(), progress.outputTokens())));
        while (looks.size() > 2 && looks.peekFirst().at().isBefore(now.minus(WINDOW))) {
            looks.removeFirst();
        }
    }

    /// Calls a second over the last half minute; empty until there is enough to tell.
    public Optional<Double> callsPerSecond() {
        return rate(Look::calls);
    }

    /// Tokens a second over the last half minute; empty until there is enough to tell.
    public Optional<Double> tokensPerSecond() {
        return rate(Look::tokens);
    }

    /// How long the rest takes at the pace of the last half minute; empty while nothing moves.
    public Optional<Duration> timeLeft() {
        return rate(Look::done).filter(rate -> rate > 0).map(rate -> Duration.ofMillis((long) (1000 * open / rate)));
    }

    /// How long nothing has happened.
    public Duration stillFor(Instant now) {
        return lastChange.equals(Instant.MIN) ? Duration.ZERO : Duration.between(lastChange, now);
    }

    private Optional<Double> rate(ToLongFunction<Look> of) {
        Look first = looks.peekFirst();
        Look last = looks.peekLast();
        if (first == null || last == null) {
            return Optional.empty();
        }
        Duration span = Duration.between(first.at(), last.at());
        if (span.compareTo(LEAST) < 0) {
            return Optional.empty();
        }
        long made = of.applyAsLong(last) - of.applyAsLong(first);
        return Optional.of(Math.max(0, made) / (span.toNanos() / NANOS));
    }
}
