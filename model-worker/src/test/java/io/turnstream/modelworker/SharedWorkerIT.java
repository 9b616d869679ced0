package io.turnstream.modelworker;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.RunState;
import io.turnstream.events.Ids;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings.Latency;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A worker that has taken hundreds of requests of one run: others get through, and a cancelled run makes no more
/// calls.
class SharedWorkerIT {

    private static final ModelTarget MODEL = new ModelTarget("sim", "contextual");
    private static final int CONNECTIONS = 4;

    private final WorkerRig rig = WorkerRig.start();
    private final Simulator simulator = rig.simulator;
    private final String first = Ids.newRunId();
    private final String second = Ids.newRunId();

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void makesNoMoreCallsOfACancelledRunThoughItHasTakenFiveHundredRequests() {
        // Given
        simulator.apply(simulator.settings().withLatency(Latency.ofMillis(1_000, 0)));
        rig.ask(requests(first, 500, MODEL, CONNECTIONS));
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            WorkerRig.await(() -> worker.unfinished() >= 490 && simulator.stats().total().calls() > CONNECTIONS);

            // When
            long before = simulator.stats().total().calls();
            rig.control(first, RunState.CANCELLED);
            WorkerRig.await(() -> rig.lag() == 0);

            // Then it has ended what was in flight, and at most what began while the news was on its way: 4 a second
            assertThat(simulator.stats().total().calls() - before).isLessThanOrEqualTo(5 * CONNECTIONS);
            assertThat(worker.unfinished()).isZero();
        }
    }

    @Test
    void sharesItsConnectionsBetweenABigRunAndASmallOneThatComesLater() {
        // Given
        simulator.apply(simulator.settings().withLatency(Latency.ofMillis(200, 0)));
        rig.ask(requests(first, 400, MODEL, CONNECTIONS));
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            WorkerRig.await(() -> rig.writtenFor(first).size() > 2 * CONNECTIONS);

            // When
            rig.ask(requests(second, 10, MODEL, CONNECTIONS));
            rig.awaitWritten(second, 10);

            // Then the small one has not waited for the big one
            assertThat(rig.writtenFor(first)).hasSizeLessThan(200);
            rig.control(first, RunState.CANCELLED);
        }
    }

    @Test
    void isNotHeldUpByARunWithASingleConnection() {
        // Given
        simulator.apply(simulator.settings().withLatency(Latency.ofMillis(200, 0)));
        rig.ask(requests(first, 200, MODEL, 1));
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            WorkerRig.await(() -> worker.unfinished() > 100);

            // When
            rig.ask(requests(second, 100, MODEL, 32));
            rig.awaitWritten(second, 100);

            // Then
            assertThat(rig.writtenFor(first)).hasSizeLessThan(100);
            rig.control(first, RunState.CANCELLED);
        }
    }

    @Test
    void isNotHeldUpByAModelThatIsSlowAndTakesFewCallsAtATime() {
        // Given a model of which four calls a second get through, the others are turned away
        ModelTarget limited = new ModelTarget("sim", "contextual@limited");
        simulator.apply(simulator.settings().merged("""
                {"models": {"contextual@limited": {"maxInFlight": 2, "latency": {"fixedMillis": 500}}}}"""));
        rig.ask(requests(first, 200, limited, 32));
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            WorkerRig.await(() -> worker.unfinished() > 100 && rig.writtenFor(first).size() > 2);

            // When
            rig.ask(requests(second, 100, MODEL, 32));
            rig.awaitWritten(second, 100);

            // Then
            assertThat(rig.writtenFor(first)).hasSizeLessThan(100);
            rig.control(first, RunState.CANCELLED);
        }
    }

    private static List<AskModel> requests(String runId, int count, ModelTarget target, int connections) {
        return IntStream.rangeClosed(1, count).mapToObj(row -> {
            AskModel ask = Requests.turn(runId, row, 1, target);
            ask.setLimits(new CallLimits(connections, 3, 5_000L, null, null, null, null));
            return ask;
        }).toList();
    }
}
