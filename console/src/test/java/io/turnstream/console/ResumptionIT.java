package io.turnstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.RunLog;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.providers.prices.Prices;
import io.turnstream.testsupport.TestBroker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Resuming, on a real log, with a run controller and a projection that take their time.
@Timeout(120)
class ResumptionIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String RUN = RecordedPlatform.ID;
    private static final String OTHER = "01RUNOTHER";
    private static final String TWICE = "01RUNTWICE";

    private final KafkaConnection connection = KafkaConnection.to(TestBroker.bootstrapServers(), "test");
    private final RecordedPlatform recorded = new RecordedPlatform();
    private ServiceKafka kafka;

    @BeforeEach
    void open() {
        new TopicLayout(4, 1, (short) 1).createMissing(connection);
        kafka = ServiceKafka.sharing("resumption-test", connection, SchemaIds.byPosition());
    }

    @AfterEach
    void close() {
        kafka.close();
    }

    @Test
    void a_halted_run_is_resumed_once_the_controller_has_taken_it_up_and_the_projection_shows_it() throws Exception {
        // Given
        Instant halted = Instant.now();
        state(RUN, 1, RunState.HALTED, new EventMeta(Ids.newEventId(), null, null, halted.toEpochMilli()));
        recorded.changedAt = halted;

        // When nobody has heard of it
        CompletableFuture<Void> resuming = CompletableFuture.runAsync(
                () -> platform(LONG).command(RUN, RunCommand.RESUME, null),
                // the common pool's threads may belong to an application of another test, with a class loader of its
                // own
                task -> Thread.ofPlatform().name("resuming").start(task));
        RunCommanded command = awaitCommand(resuming);
        assertThat(resuming).isNotDone();

        // When the controller has
        long taken = halted.toEpochMilli() + 5;
        state(RUN, 2, RunState.RUNNING, EventTypes.causedBy(command, Ids.newEventId(), taken));
        assertThat(resuming).isNotDone();

        // Then only the projection is waited for
        recorded.changedAt = Instant.ofEpochMilli(taken);
        resuming.get(LONG.toSeconds(), TimeUnit.SECONDS);

        // and a run that goes on has nothing to be waited for
        platform(LONG).command(RUN, RunCommand.RESUME, null);
    }

    @Test
    void a_resumption_that_nobody_takes_is_told_as_that() {
        state(OTHER, 3, RunState.PAUSED, new EventMeta(Ids.newEventId(), null, null, 1L));

        assertThatThrownBy(() -> platform(Duration.ofMillis(500)).command(OTHER, RunCommand.RESUME, null))
                .isInstanceOf(PlatformUnreachableException.class)
                .hasMessageContaining("no dispatcher has taken it yet");
    }

    @Test
    void of_two_resumptions_at_once_the_one_that_changes_nothing_is_shown_what_the_other_did() throws Exception {
        // Given
        Instant halted = Instant.now();
        state(TWICE, 1, RunState.HALTED, new EventMeta(Ids.newEventId(), null, null, halted.toEpochMilli()));
        Resumption second = new Resumption(kafka, recorded, Duration.ofMillis(500));
        assertThat(second.changes(TWICE)).isTrue();

        // When another command has resumed it
        long taken = halted.toEpochMilli() + 5;
        state(TWICE, 2, RunState.RUNNING, new EventMeta(Ids.newEventId(), Ids.newEventId(), null, taken));

        // Then this one is no dispatcher's fault, and the projection is waited for
        recorded.id = TWICE;
        recorded.changedAt = halted;
        assertThatThrownBy(() -> second.awaitShown(TWICE, Ids.newEventId()))
                .hasMessageContaining("its documents do not show it yet");
        recorded.changedAt = Instant.ofEpochMilli(taken);
        second.awaitShown(TWICE, Ids.newEventId());
    }

    private KafkaPlatform platform(Duration patience) {
        return new KafkaPlatform(kafka, kafka.producer(), recorded,
                new KafkaPlatform.Rules(ModelAdmission.allowing(List.of()), "test", Prices.bundled()),
                Clock.systemUTC(), patience);
    }

    private void state(String run, long version, RunState state, EventMeta meta) {
        RunStateChanged changed = RunStateChanged.newBuilder().setMeta(meta).setRunId(run).setVersion(version)
                .setState(state).setDialogues(0)
                .setCostNanoUsd(0L).setJudgeCostNanoUsd(0L).setUnpricedCalls(0L).build();
        kafka.producer().send(Topics.RUNS, run, changed, null).join();
    }

    private RunCommanded awaitCommand(CompletableFuture<Void> resuming) {
        Optional<RunCommanded> command = Optional.empty();
        while (command.isEmpty()) {
            assertThat(resuming).isNotCompletedExceptionally();
            command = RunLog.read(connection, kafka.serde(), RUN, Long.MAX_VALUE).events(RunCommanded.class)
                    .findFirst();
        }
        return command.get();
    }
}
