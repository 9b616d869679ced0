package io.turnstream.modelworker;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings.Latency;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Model workers on a real broker, with a simulated model at the other end of real HTTP.
class ModelWorkerIT {

    private static final ModelTarget MODEL = new ModelTarget("sim", "contextual");

    private final WorkerRig rig = WorkerRig.start();
    private final Simulator simulator = rig.simulator;
    private final String runId = Ids.newRunId();

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void answersEveryRequestOnceAndGoesOnWithItsTrace() {
        // Given
        List<AskModel> requests = requests(20);
        rig.ask(requests);

        // When
        List<SpecificRecord> written;
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            written = rig.awaitWritten(runId, 20);
            assertThat(worker.isAlive()).isTrue();
            assertThat(worker.isAssigned()).isTrue();
        }

        // Then
        assertThat(WorkerRig.answers(written)).hasSize(20).extracting(TurnAnswered::getOutcome)
                .containsOnly(Outcome.ANSWERED);
        assertThat(written).extracting(WorkerRig::requestIdOf).containsExactlyInAnyOrderElementsOf(ids(requests));
        assertThat(simulator.stats().total().calls()).isEqualTo(20);
        assertThat(traces(Topics.TURN_ANSWERS)).containsExactlyInAnyOrderElementsOf(traces(Topics.TURN_REQUESTS));
    }

    @Test
    void callsNobodyAgainForWhatTheLogAnswers() throws Exception {
        // Given answered requests whose commits are lost
        rig.ask(requests(10));
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            rig.awaitWritten(runId, 10);
        }
        rig.forgetPositions();

        // When another worker takes over
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            WorkerRig.await(() -> rig.lag() == 0);
        }

        // Then
        assertThat(rig.writtenFor(runId)).hasSize(10);
        assertThat(simulator.stats().total().calls()).isEqualTo(10);
    }

    @Test
    void handsBackRequestsOfAPausedRunAndCallsNobody() {
        rig.control(runId, RunState.PAUSED);
        rig.ask(requests(5));

        List<SpecificRecord> written;
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            written = rig.awaitWritten(runId, 5);
        }

        assertThat(written).hasSize(5).allSatisfy(event -> assertThat(event).isInstanceOfSatisfying(
                RequestDeferred.class, deferred -> assertThat(deferred.getReason()).isEqualTo(DeferralReason.PAUSED)));
        assertThat(simulator.stats().total().calls()).isZero();
    }

    @Test
    void answersARequestThatIsSentAgainAfterItWasHandedBack() {
        // Given a request that was handed back
        rig.control(runId, RunState.PAUSED);
        AskModel first = Requests.turn(runId, 1, 1, MODEL);
        rig.ask(List.of(first));
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            rig.awaitWritten(runId, 1);

            // When the run goes on and the dispatcher sends it again, under the same requestId; once more for each time
            // that the worker hands it back because it has not heard of that yet
            rig.control(runId, RunState.RUNNING);
            for (int sends = 2; sends < 200 && WorkerRig.answers(rig.writtenFor(runId)).isEmpty(); sends++) {
                AskModel again = Requests.turn(runId, 1, 1, MODEL);
                again.getMeta().setEventId(first.getRequestId() + '/' + sends);
                rig.ask(List.of(again));
                rig.awaitWritten(runId, sends);
            }
        }

        // Then
        assertThat(WorkerRig.answers(rig.writtenFor(runId))).hasSize(1);
    }

    @Test
    void dropsRequestsOfACancelledRun() {
        rig.control(runId, RunState.CANCELLED);
        rig.ask(requests(5));

        try (WorkerRig.RunningWorker worker = rig.worker()) {
            WorkerRig.await(() -> rig.lag() == 0);
        }

        assertThat(rig.writtenFor(runId)).isEmpty();
        assertThat(simulator.stats().total().calls()).isZero();
    }

    @Test
    void buriesARecordThatIsNoRequestAndGoesOn() {
        // Given a record that nobody can read, before one that is fine
        AskModel fine = Requests.turn(runId, 1, 1, MODEL);
        String key = fine.getSubject().getDialogueId();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(rig.kafka.connection().producer())) {
            producer.send(new ProducerRecord<>(Topics.TURN_REQUESTS.topicName(), key, new byte[] {1, 2, 3}));
        }
        rig.ask(List.of(fine));

        // When
        try (WorkerRig.RunningWorker worker = rig.worker()) {
            rig.awaitWritten(runId, 1);
            WorkerRig.await(() -> rig.lag() == 0);
        }

        // Then
        List<ConsumerRecord<String, byte[]>> buried = rig.read(Topics.DEAD_LETTERS).stream()
                .filter(record -> key.equals(record.key())).toList();
        assertThat(buried).hasSize(1);
        assertThat(buried.getFirst().value()).containsExactly(1, 2, 3);
        assertThat(new String(buried.getFirst().headers().lastHeader("dl_reason").value())).contains("not an event");
    }

    @Test
    void sharesPartitionsWithAWorkerThatJoinsAndRepeatsNoCallThatIsFinished() {
        // Given one worker in the middle of slow calls
        simulator.apply(simulator.settings().withLatency(Latency.ofMillis(300, 0)));
        rig.ask(requests(100));
        try (WorkerRig.RunningWorker first = rig.worker()) {
            WorkerRig.await(() -> rig.writtenFor(runId).size() >= 20);

            // When another joins, and more requests come
            try (WorkerRig.RunningWorker second = rig.worker()) {
                WorkerRig.await(() -> second.isAssigned() && first.isAssigned());
                rig.ask(IntStream.rangeClosed(101, 200).mapToObj(row -> Requests.turn(runId, row, 1, MODEL)).toList());
                rig.awaitWritten(runId, 200);
            }
        }

        // Then both have answered, and each request was called for once
        List<TurnAnswered> answers = WorkerRig.answers(rig.writtenFor(runId));
        assertThat(answers).extracting(WorkerRig::requestIdOf).doesNotHaveDuplicates().hasSize(200);
        assertThat(answers.stream().map(answer -> answer.getAnswer().getWorker()).distinct()).hasSize(2);
        assertThat(simulator.stats().total().calls()).isEqualTo(200);
        assertThat(simulator.stats().total().repeatedKeys()).isZero();
    }

    @Test
    void leavesWhatHasNotBegunToTheNextWorkerWhenItCloses() {
        // Given a worker that is closed in the middle of its work
        simulator.apply(simulator.settings().withLatency(Latency.ofMillis(200, 0)));
        rig.ask(requests(60));
        try (WorkerRig.RunningWorker first = rig.worker()) {
            WorkerRig.await(() -> !rig.writtenFor(runId).isEmpty());
        }

        // When
        try (WorkerRig.RunningWorker second = rig.worker()) {
            rig.awaitWritten(runId, 60);
        }

        // Then nothing is lost and no finished call is repeated
        assertThat(rig.writtenFor(runId)).extracting(WorkerRig::requestIdOf).doesNotHaveDuplicates().hasSize(60);
        assertThat(simulator.stats().total().repeatedKeys()).isZero();
    }

    private List<AskModel> requests(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(row -> Requests.turn(runId, row, 1, MODEL)).toList();
    }

    private static List<String> ids(List<AskModel> requests) {
        return requests.stream().map(AskModel::getRequestId).toList();
    }

    private List<String> traces(Topics topic) {
        return rig.read(topic).stream()
                .filter(record -> record.key().startsWith(runId + '/'))
                .map(record -> String.valueOf(EventHeaders.traceparent(record.headers())).substring(3, 35))
                .toList();
    }
}
