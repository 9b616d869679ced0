package io.turnstream.loader;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.channels.TakenPartition;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.StepParameters;
import io.turnstream.events.RecordedProvider;
import io.turnstream.loader.PendingRuns.PendingRun;
import io.turnstream.loader.PendingRuns.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class PendingRunsTest {

    private static final EventMeta META = new EventMeta("e", null, null, 0L);

    private final TakenPartition partition = new TakenPartition(new TopicPartition("runs", 0), 1);
    private final PendingRuns runs = new PendingRuns();
    private final List<Long> finished = new ArrayList<>();
    private long offset;

    @Test
    void aRequestIsPendingUntilItsPlanIsRead() {
        PendingRun a = requested("a", 0);
        PendingRun b = requested("b", 1);
        read(planned("a"));

        assertThat(runs.isPending(a)).isFalse();
        assertThat(runs.isPending(b)).isTrue();
        assertThat(finished).containsExactly(0L, 2L);
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
        PendingRun a = requested("a", 0);
        read(new PlanningFailed(META, "a", "x", "y", "z"));

        assertThat(runs.isPending(a)).isFalse();
        assertThat(finished).containsExactly(0L, 1L);
    }

    @Test
    void aRecordedRunIsLeftToWhoeverBringsItIn() {
        RunRequested recorded = requested("a");
        recorded.setTarget(new ModelTarget(RecordedProvider.NAME, "m"));

        assertThat(read(recorded)).isEmpty();
        assertThat(finished).containsExactly(0L);
    }

    @Test
    void whatWasCopiedFromAnotherInstallationIsLeftAlone() {
        PendingRun mine = requested("a", 0);
        RecordHeaders imported = new RecordHeaders();
        imported.add("turnstream-imported", new byte[] {1});

        assertThat(runs.read(new Taken(imported, partition, () -> finished.add(1L)), requested("b"))).isEmpty();
        runs.read(new Taken(imported, partition, () -> finished.add(2L)), planned("a"));

        assertThat(runs.isPending(mine)).isTrue();
        assertThat(finished).containsExactly(1L, 2L);
    }

    @Test
    void aRequestThatIsReadTwiceIsPendingOnce() {
        PendingRun a = requested("a", 0);
        assertThat(read(requested("a"))).isEmpty();
        assertThat(finished).containsExactly(1L);

        runs.done(a);

        assertThat(runs.isPending(a)).isFalse();
        assertThat(finished).containsExactly(1L, 0L);
    }

    @Test
    void aRequestIsFinishedOnceThoughItsPlanIsWrittenAndRead() {
        PendingRun a = requested("a", 0);
        runs.done(a);
        read(planned("a"));
        runs.done(a);

        assertThat(finished).containsExactly(0L, 1L);
    }

    @Test
    void aCancellationIsSeenWhoeverSaysIt() {
        PendingRun a = requested("a", 0);
        PendingRun b = requested("b", 1);
        read(new RunCommanded(META, "a", RunCommand.PAUSE, null, "tester", null, null, List.of()));
        assertThat(a.isCancelled()).isFalse();

        read(new RunCommanded(META, "a", RunCommand.CANCEL, null, "tester", null, null, List.of()));
        runs.hear(new RunStateChanged(META, "b", 2L, RunState.CANCELLED, null, List.of(), 0, 0L, 0L, 0L, null, null,
                null, null, null));

        assertThat(a.isCancelled()).isTrue();
        assertThat(b.isCancelled()).isTrue();
    }

    @Test
    void runsOfARevokedPartitionAreDroppedAndTheirPlanningIsInterrupted() throws Exception {
        PendingRun a = requested("a", 0);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread.ofVirtual().start(a.task(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        }));
        begun.await();

        partition.revoke();
        runs.drop(List.of(partition));

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(a.isDropped()).isTrue();
        assertThat(runs.isPending(a)).isFalse();
        assertThat(finished).isEmpty();
    }

    @Test
    void aRequestThatIsReadAsItsPartitionGoesIsNotPlanned() {
        partition.revoke();

        assertThat(read(requested("a"))).isEmpty();
        assertThat(finished).isEmpty();
    }

    private PendingRun requested(String runId, long at) {
        assertThat(offset).isEqualTo(at);
        return read(requested(runId)).orElseThrow();
    }

    private Optional<PendingRun> read(SpecificRecord event) {
        long mine = offset++;
        return runs.read(new Taken(new RecordHeaders(), partition, () -> finished.add(mine)), event);
    }

    private static RunPlanned planned(String runId) {
        return new RunPlanned(META, runId, 1, List.of(), 1L, 0L, 0L, 0L, "d", null, null, 0L, 0L);
    }

    private static RunRequested requested(String runId) {
        CallParameters parameters = new CallParameters(null, null, null);
        CallLimits limits = new CallLimits(1, 0, 1L, null, null, null, null);
        return new RunRequested(META, runId, new ModelTarget("p", "m"), null, null, List.of("data"), null, null,
                new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1), "pack", "mtmcs-v1",
                new StepParameters(parameters, parameters, parameters, parameters), limits, limits, 1, false, null,
                List.of(),
                "tester", "test", null, null, null);
    }
}
