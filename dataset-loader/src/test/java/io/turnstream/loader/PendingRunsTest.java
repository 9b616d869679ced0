package io.turnstream.loader;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RecordedProvider;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.StepParameters;
import io.turnstream.loader.PendingRuns.PendingRun;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PendingRunsTest {

    private static final TopicPartition PARTITION = new TopicPartition("runs", 0);
    private static final EventMeta META = new EventMeta("e", null, null, 0L);

    private final PendingRuns runs = new PendingRuns();
    private long offset;

    @Test
    void aRequestIsPendingUntilItsPlanIsRead() {
        read(requested("a"));
        read(requested("b"));
        read(planned("a"));

        assertThat(first()).isEqualTo("b");
    }

    @Test
    void runsWaitBehindOneThatIsNotPlannedYet() {
        read(requested("a"));
        assertThat(runs.hasMore()).isFalse();

        read(requested("b"));
        assertThat(runs.hasMore()).isTrue();

        read(planned("a"));
        assertThat(runs.hasMore()).isFalse();
    }

    @Test
    void aRunWhosePlanningFailedIsNotPlannedAgain() {
        read(requested("a"));
        read(new PlanningFailed(META, "a", "x", "y", "z"));

        assertThat(runs.first()).isEmpty();
    }

    @Test
    void aRecordedRunIsLeftToWhoeverBringsItIn() {
        RunRequested recorded = requested("a");
        recorded.setTarget(new ModelTarget(RecordedProvider.NAME, "m"));
        read(recorded);

        assertThat(runs.first()).isEmpty();
    }

    @Test
    void aRequestThatIsReadTwiceIsPendingOnce() {
        read(requested("a"));
        read(requested("a"));
        runs.done(runs.first().orElseThrow());

        assertThat(runs.first()).isEmpty();
    }

    @Test
    void everythingUpToTheFirstPendingRequestMayBeCommitted() {
        assertThat(runs.firstNeeded(PARTITION)).isEmpty();
        read(requested("a"));
        read(requested("b"));
        assertThat(runs.firstNeeded(PARTITION)).hasValue(0);

        runs.done(runs.first().orElseThrow());
        assertThat(runs.firstNeeded(PARTITION)).hasValue(1);
        assertThat(runs.firstNeeded(new TopicPartition("runs", 1))).isEmpty();
    }

    @Test
    void aCancellationIsSeenWhoeverSaysIt() {
        read(requested("a"));
        read(requested("b"));
        read(requested("c"));
        PendingRun a = runs.first().orElseThrow();
        read(new RunCommanded(META, "a", RunCommand.PAUSE, null, "tester", null, null, List.of()));
        assertThat(a.isCancelled()).isFalse();

        read(new RunCommanded(META, "a", RunCommand.CANCEL, null, "tester", null, null, List.of()));
        read(new RunStateChanged(META, "b", 2L, RunState.CANCELLED, null, List.of(), 0, 0L, 0L, 0L, null, null, null, null, null));

        assertThat(a.isCancelled()).isTrue();
        runs.done(a);
        assertThat(runs.first().orElseThrow().isCancelled()).isTrue();
    }

    @Test
    void runsOfARevokedPartitionAreDropped() {
        read(requested("a"));
        PendingRun a = runs.first().orElseThrow();

        runs.drop(List.of(PARTITION));

        assertThat(a.isDropped()).isTrue();
        assertThat(runs.first()).isEmpty();
    }

    private String first() {
        return runs.first().orElseThrow().requested().getRunId();
    }

    private void read(SpecificRecord event) {
        runs.read(new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset++, "key", new byte[0]), event);
    }

    private static RunPlanned planned(String runId) {
        return new RunPlanned(META, runId, 1, List.of(), 1L, 0L, 0L, 0L, "d", null, null, 0L, 0L);
    }

    private static RunRequested requested(String runId) {
        CallParameters parameters = new CallParameters(null, null, null);
        CallLimits limits = new CallLimits(1, 0, 1L, null, null, null, null);
        return new RunRequested(META, runId, new ModelTarget("p", "m"), null, null, List.of("data"), null, null,
                new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1), "pack", "mtmcs-v1",
                new StepParameters(parameters, parameters, parameters, parameters), limits, limits, 1, false, null, List.of(),
                "tester", "test", null, null, null);
    }
}
