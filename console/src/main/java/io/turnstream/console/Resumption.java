package io.turnstream.console;

import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.events.EventTypes;
import io.turnstream.messaging.RunLog;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Reports;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// How a run or a judgement set goes on after it was asked to.
///
/// Until the run controller has heard of it, and the projection of that, reports show the state from which it was
/// resumed, which looks like one that it came to since. Only the log tells them apart: the state that the command
/// brought about names the command as its cause.
final class Resumption {

    private static final long LOOK_MILLIS = 50;
    private static final Duration LISTEN = Duration.ofSeconds(2);

    private record State(RunState name, Instant since) {

        boolean standsStill() {
            return name == RunState.PAUSED || name == RunState.HALTED;
        }
    }

    private final ServiceKafka kafka;
    private final Reports reports;
    private final Duration patience;

    /// @param patience how long the controller may take to hear, and then the projection
    Resumption(ServiceKafka kafka, Reports reports, Duration patience) {
        this.kafka = kafka;
        this.reports = reports;
        this.patience = patience;
    }

    /// Whether a run stands still, so that resuming it changes its state.
    boolean changes(String runId) {
        return state(runId).filter(State::standsStill).isPresent();
    }

    /// The same of a judgement set.
    boolean changes(JudgementSetName set) {
        return state(set).filter(State::standsStill).isPresent();
    }

    private Optional<State> state(String runId) {
        return log(runId).events(RunStateChanged.class).reduce((before, after) -> after)
                .map(last -> new State(last.getState(), occurred(last)));
    }

    private Optional<State> state(JudgementSetName set) {
        return log(set.runId()).events(JudgementSetStateChanged.class)
                .filter(changed -> changed.getJudgementSetId().equals(set.judgementSetId()))
                .reduce((before, after) -> after)
                .map(last -> new State(last.getState(), occurred(last)));
    }

    private static Instant occurred(SpecificRecord event) {
        return Instant.ofEpochMilli(EventTypes.metaOf(event).getOccurredAtMillis());
    }

    private RunLog log(String runId) {
        return RunLog.read(kafka.connection(), kafka.serde(), runId, Long.MAX_VALUE);
    }

    /// Waits until reports show what a command has made of a run.
    ///
    /// @param commandId eventId of the command
    /// @throws PlatformUnreachableException if nobody takes it
    void awaitShown(String runId, String commandId) {
        Instant at = answeredAt(runId, commandId, () -> state(runId));
        await("run " + runId, () -> reports.changedAt(runId).orElse(null), at);
    }

    /// The same of a judgement set.
    void awaitShown(JudgementSetName set, String commandId) {
        Instant at = answeredAt(set.runId(), commandId, () -> state(set));
        await("judgement set " + set.judgementSetId(), () -> reports.judgementSets(set.runId()).stream()
                .filter(known -> known.judgementSetId().equals(set.judgementSetId())).map(JudgementSetFacts::changedAt)
                .findFirst().orElse(null), at);
    }

    /// Where another command has resumed it at the same time, this one changes nothing and no event names it: then the
    /// state itself is the answer.
    private Instant answeredAt(String runId, String commandId, Supplier<Optional<State>> now) {
        long end = System.nanoTime() + patience.toNanos();
        Duration listen = patience.compareTo(LISTEN) < 0 ? patience : LISTEN;
        do {
            Optional<Instant> answered = RunLog.awaitAnswer(kafka.connection(), kafka.serde(), runId, commandId, listen)
                    .map(Resumption::occurred)
                    .or(() -> now.get().filter(state -> !state.standsStill()).map(State::since));
            if (answered.isPresent()) {
                return answered.get();
            }
        } while (System.nanoTime() < end);
        throw new PlatformUnreachableException(
                "the command stands in the log, but no dispatcher has taken it yet. It goes on when one does", null);
    }

    private void await(String what, Supplier<@Nullable Instant> shown, Instant at) {
        long end = System.nanoTime() + patience.toNanos();
        @Nullable
        Instant changedAt = shown.get();
        while (changedAt == null || changedAt.isBefore(at)) {
            if (System.nanoTime() > end) {
                throw new PlatformUnreachableException(
                        what + " goes on, but its documents do not show it yet. Look again with 'turnstream list'",
                        null);
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PlatformUnreachableException("interrupted while waiting for " + what, e);
            }
            changedAt = shown.get();
        }
    }
}
