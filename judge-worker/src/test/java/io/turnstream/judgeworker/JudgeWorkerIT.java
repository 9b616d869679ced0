package io.turnstream.judgeworker;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.channels.Channels;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunState;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.providers.ChatApi;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.ProviderSettings;
import io.turnstream.providers.Providers;
import io.turnstream.providers.quota.QuotaGate;
import io.turnstream.providers.work.ProviderCaller;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import io.turnstream.testsupport.ConnectedChannel;
import io.turnstream.testsupport.TestBroker;
import io.turnstream.worker.Worker;
import io.turnstream.worker.Workers;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Judge workers on a real broker, with a simulated judge at the other end of real HTTP.
class JudgeWorkerIT {

    private static final ModelTarget JUDGE = new ModelTarget("sim", "judge");

    private final Simulator simulator = Simulator.start(SimulatorSettings.defaults());
    private final KafkaConnection connection = KafkaConnection.to(TestBroker.bootstrapServers(), "test");
    private final String runId = Ids.newRunId();
    private ServiceKafka kafka;
    private ProviderCaller judges;

    @BeforeEach
    void open() {
        new TopicLayout(4, 1, (short) 1).createMissing(connection);
        kafka = ServiceKafka.sharing("judge-worker-test", connection, SchemaIds.byPosition());
        judges = ProviderCaller.open(
                Providers
                        .of(List.of(new ProviderSettings("sim", ChatApi.OPENAI, simulator.baseUrl().toString(), null))),
                ImageSource.none(), ProviderCaller.Quotas.over(kafka, QuotaGate.Role.JUDGE, Clock.systemUTC()),
                Clock.systemUTC());
        List<FileEntry> files = Requests.PACK.files().entrySet().stream()
                .map(file -> new FileEntry(file.getKey(), ByteBuffer.wrap(file.getValue())))
                .toList();
        kafka.producer()
                .send(Topics.PROTOCOL_PACKS, Requests.PACK.digest(),
                        new ProtocolPackPublished(meta(), Requests.PACK.digest(),
                                Requests.PACK.name(), files),
                        null)
                .join();
    }

    @AfterEach
    void close() {
        judges.close();
        kafka.close();
        simulator.close();
    }

    @Test
    void givesAScoreToEveryTranscript() {
        IntStream.rangeClosed(1, 20).forEach(row -> ask(Requests.verdict(runId, row, JUDGE)));

        List<SpecificRecord> written;
        try (RunningWorker worker = worker()) {
            written = awaitWritten(20);
        }

        assertThat(written).hasSize(20)
                .allSatisfy(event -> assertThat(event).isInstanceOfSatisfying(JudgementGiven.class, given -> {
                    assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGED);
                    assertThat(given.getScore()).isBetween(1, 5);
                    assertThat(given.getAnswer().getReading()).isEqualTo(String.valueOf(given.getScore()));
                    assertThat(given.getAnswer().getServedModel()).isNotBlank();
                }));
        assertThat(simulator.stats().total().calls()).isEqualTo(20);
    }

    @Test
    void asksAgainWhereAnAnswerHoldsNoScoreAndKeepsIt() {
        // Given a judge that leaves one transcript in six without a score until it is asked again
        IntStream.rangeClosed(1, 40)
                .forEach(row -> ask(Requests.verdict(runId, row, new ModelTarget("sim", "judge-odd"))));

        // When
        List<JudgementGiven> given;
        try (RunningWorker worker = worker()) {
            given = awaitWritten(40).stream().map(JudgementGiven.class::cast).toList();
        }

        // Then
        assertThat(given).extracting(JudgementGiven::getOutcome).containsOnly(Outcome.JUDGED);
        List<JudgementGiven> askedAgain = given.stream()
                .filter(judgement -> judgement.getAnswer().getAttempts().size() > 1).toList();
        assertThat(askedAgain).isNotEmpty().allSatisfy(judgement -> {
            assertThat(judgement.getAnswer().getAttempts()).extracting(Attempt::getCause).containsExactly("unparseable",
                    "ok");
            assertThat(judgement.getAnswer().getFirstText()).isNotNull();
        });
        assertThat(simulator.stats().total().calls()).isEqualTo(40 + askedAgain.size());
    }

    @Test
    void handsBackTranscriptsOfAPausedRun() {
        kafka.producer().send(Topics.RUN_CONTROL, runId, new RunControl(
                new EventMeta(Ids.newEventId(), null, null, Requests.ASKED_AT + 1), runId, RunState.PAUSED, null, 1L),
                null).join();
        ask(Requests.verdict(runId, 1, JUDGE));

        try (RunningWorker worker = worker()) {
            assertThat(awaitWritten(1)).hasSize(1).first().isInstanceOf(RequestDeferred.class);
        }
        assertThat(simulator.stats().total().calls()).isZero();
    }

    /// A worker on a channel of its own.
    private record RunningWorker(JudgeWorker service, ConnectedChannel channel) implements AutoCloseable {

        @Override
        public void close() {
            service.close();
            channel.close();
        }
    }

    private RunningWorker worker() {
        Channels channels = new Channels();
        Workers workers = new Workers(channels);
        JudgeWorker worker = new JudgeWorker(workers, ServiceKafka::producer);
        ConnectedChannel channel = ConnectedChannel.open(
                connection, ConnectedChannel.Parts.of(channels, workers), JudgeWorker.REQUESTS, 256,
                Map.of("auto.commit.interval.ms", "100"), worker::take);
        worker.open(kafka, new Worker.Settings(Duration.ofSeconds(10), Duration.ofSeconds(1)), judges, 2,
                Clock.systemUTC());
        return new RunningWorker(worker, channel);
    }

    private void ask(AskJudge ask) {
        kafka.producer().send(Topics.JUDGE_REQUESTS, ask.getSubject().getDialogueId(), ask, null).join();
    }

    private List<SpecificRecord> awaitWritten(int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        List<SpecificRecord> written = written();
        while (written.size() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + count + " records, there are " + written.size());
            }
            LockSupport.parkNanos(20_000_000);
            written = written();
        }
        return written;
    }

    private List<SpecificRecord> written() {
        List<SpecificRecord> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(connection.as("reader").consumer())) {
            List<TopicPartition> partitions = IntStream.range(0, 4)
                    .mapToObj(n -> new TopicPartition(Topics.JUDGEMENTS.topicName(), n))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.key().startsWith(runId + '/')) {
                        found.add(kafka.serde().fromBytes(record.value()));
                    }
                });
            }
        }
        return found;
    }

    private static EventMeta meta() {
        return new EventMeta(Ids.newEventId(), null, null, Requests.ASKED_AT);
    }
}
