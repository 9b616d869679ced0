package io.turnstream.integration.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.contracts.Usage;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.integration.workers.WorkerPool.Kind;
import io.turnstream.messaging.KafkaDeadLetters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a pool of workers guarantees, each on a broker of its own, with packaged model workers as processes.
class WorkerPromisesIT {

    private static final ModelTarget SLOW = new ModelTarget("sim", "contextual@slow");
    private static final String FIRST = "worker-1";
    private static final String SECOND = "worker-2";

    @TempDir
    private Path folder;
    private WorkerPool pool;
    private final String runId = Ids.newRunId();

    private void open(NewTopic... topics) throws Exception {
        pool = new WorkerPool(Kind.MODELS, folder, topics);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    /// Calls of [#SLOW] take so long, others no time.
    private void slow(int millis) {
        pool.simulator.apply(pool.simulator.settings()
                .merged("{\"models\": {\"contextual@slow\": {\"latency\": {\"fixedMillis\": " + millis + "}}}}"));
    }

    private List<AskModel> turnsIn(int partition, int count, ModelTarget target) {
        return WorkerPool.rowsIn(partition, count, row -> Requests.dialogueId(runId, row)).stream()
                .map(row -> Requests.turn(runId, row, target)).toList();
    }

    private long calls() {
        return pool.simulator.stats().total().calls();
    }

    private Set<String> answered() {
        return pool.writtenFor(runId, TurnAnswered.class).stream().map(Requests::requestIdOf)
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void commits_no_further_than_the_first_request_without_an_answer_and_lets_the_others_pass_it() throws Exception {
        // Given a slow request before quick ones
        open();
        slow(8_000);
        List<AskModel> quick = turnsIn(2, 21, Requests.MODEL).subList(1, 21);
        pool.ask(turnsIn(2, 1, SLOW));
        pool.ask(quick);

        // When
        pool.start(FIRST);
        pool.awaitWritten(runId, 20);

        // Then
        assertThat(pool.committed(2)).isZero();
        assertThat(answered()).containsExactlyInAnyOrderElementsOf(quick.stream().map(AskModel::getRequestId).toList());
        WorkerPool.await(() -> "committed " + pool.committed(2), () -> pool.committed(2) == 21);
        assertThat(answered()).hasSize(21);
    }

    @Test
    void has_no_more_requests_under_way_than_it_may_and_takes_all_of_them_in_time() throws Exception {
        // Given
        open();
        slow(400);
        pool.ask(IntStream.rangeClosed(1, 300).mapToObj(row -> Requests.turn(runId, row, SLOW, 500)).toList());

        // When
        pool.start(FIRST, Map.of("TURNSTREAM_PARKING", "50"));
        pool.awaitWritten(runId, 300);

        // Then
        assertThat(pool.simulator.stats().total().maxInFlight()).isBetween(30L, 100L);
        assertThat(calls()).isEqualTo(300);
    }

    @Test
    void calls_nobody_for_what_the_log_answers_though_the_commits_are_lost() throws Exception {
        // Given
        open();
        pool.ask(Requests.turns(runId, 40));
        pool.start(FIRST);
        pool.awaitWritten(runId, 40);
        pool.kill9(FIRST);
        WorkerPool.await(() -> "the group is empty", () -> pool.membersWithPartitions() == 0);
        pool.forgetPositions();

        // When
        pool.start(SECOND);
        WorkerPool.await(() -> "lag " + pool.lag(), () -> pool.lag() == 0);

        // Then
        assertThat(pool.writtenFor(runId)).hasSize(40);
        assertThat(calls()).isEqualTo(40);
    }

    @Test
    void finds_answers_whose_broker_has_a_clock_that_is_behind() throws Exception {
        // Given answers that were written before their requests by the clock of their partitions' leaders
        open(byTheWriter(Topics.TURN_REQUESTS), byTheWriter(Topics.TURN_ANSWERS));
        long now = System.currentTimeMillis();
        for (AskModel ask : Requests.turns(runId, 12)) {
            pool.write(Topics.TURN_REQUESTS, Requests.dialogueIdOf(ask), ask, now);
            pool.write(Topics.TURN_ANSWERS, Requests.dialogueIdOf(ask), answerTo(ask),
                    now - Duration.ofSeconds(90).toMillis());
        }

        // When
        pool.start(FIRST);
        WorkerPool.await(() -> "lag " + pool.lag(), () -> pool.lag() == 0);

        // Then
        assertThat(calls()).isZero();
    }

    private static NewTopic byTheWriter(Topics topic) {
        return new NewTopic(topic.topicName(), WorkerPool.PARTITIONS, (short) 1)
                .configs(Map.of("message.timestamp.type", "CreateTime"));
    }

    private static TurnAnswered answerTo(AskModel ask) {
        return new TurnAnswered(EventTypes.causedBy(ask, Ids.newEventId(), Requests.ASKED_AT + 1), ask.getRequestId(),
                ask.getSubject(), ask.getStep(),
                1, Outcome.ANSWERED, new Answer(Requests.text("Tea."), null, null, null, "stop", "contextual", null,
                        new CallParameters(0.1, 128, null), new CallParameters(0.1, 128, null), new Usage(1L, 1L, 0L),
                        0L, List.of(), "", null, "elsewhere",
                        Requests.ASKED_AT, Requests.ASKED_AT + 1, null, null));
    }

    @Test
    void skips_what_was_brought_in_from_another_installation() throws Exception {
        // Given
        open();
        AskModel foreign = Requests.turn(runId, 1, Requests.MODEL);
        pool.writeBytes(new ProducerRecord<>(Topics.TURN_REQUESTS.topicName(), null, null,
                Requests.dialogueIdOf(foreign), pool.bytes(foreign),
                List.of(new RecordHeader("turnstream-imported", "ab".getBytes(StandardCharsets.UTF_8)))));

        // When
        pool.start(FIRST);
        WorkerPool.await(() -> "lag " + pool.lag(), () -> pool.lag() == 0);

        // Then
        assertThat(calls()).isZero();
        assertThat(pool.writtenFor(runId)).isEmpty();
    }

    @Test
    void lays_aside_what_cannot_be_read_as_it_was_and_goes_on() throws Exception {
        // Given a record that is no event, an event that is no request, one without key and value, and one that is fine
        open();
        pool.writeBytes(new ProducerRecord<>(Topics.TURN_REQUESTS.topicName(), 0, "somebody", new byte[] {1, 2, 3},
                List.of(new RecordHeader("own", new byte[] {7}))));
        AskModel fine = Requests.turn(runId, 1, Requests.MODEL);
        pool.write(Topics.TURN_REQUESTS, Requests.dialogueIdOf(fine), answerTo(fine));
        pool.writeBytes(new ProducerRecord<>(Topics.TURN_REQUESTS.topicName(), 0, null, null));
        pool.ask(List.of(Requests.turn(runId, 2, Requests.MODEL)));

        // When
        pool.start(FIRST);
        WorkerPool.await(() -> "lag " + pool.lag(), () -> pool.lag() == 0);

        // Then
        assertThat(answered()).hasSize(1);
        List<ConsumerRecord<String, byte[]>> letters = pool.read(Topics.DEAD_LETTERS);
        assertThat(letters).hasSize(3);
        ConsumerRecord<String, byte[]> letter = letters.stream().filter(record -> "somebody".equals(record.key()))
                .findFirst().orElseThrow();
        assertThat(letter.value()).containsExactly(1, 2, 3);
        assertThat(letter.headers().lastHeader("own").value()).containsExactly(7);
        assertThat(header(letter, "dl_topic")).isEqualTo(Topics.TURN_REQUESTS.topicName());
        assertThat(header(letter, "dl_partition")).isEqualTo("0");
        assertThat(header(letter, "dl_offset")).isEqualTo("0");
        assertThat(header(letter, "dl_reason")).contains("not an event");
        assertThat(header(letter, "dl_service")).isEqualTo("model-worker");
        assertThat(Arrays.stream(letter.headers().toArray()).map(one -> one.key()))
                .allMatch(name -> name.startsWith("dl_") || name.equals("own"));
    }

    @Test
    void lays_aside_the_beginning_of_a_record_that_is_too_large_with_the_reason_beside_it() throws Exception {
        // Given a record that a topic just takes
        open();
        byte[] value = new byte[8 * 1024 * 1024 - 150];
        Arrays.fill(value, (byte) 'x');
        pool.writeBytes(new ProducerRecord<>(Topics.TURN_REQUESTS.topicName(), 0, "large", value));
        pool.ask(turnsIn(0, 1, Requests.MODEL));

        // When
        pool.start(FIRST);
        WorkerPool.await(() -> "lag " + pool.lag(), () -> pool.lag() == 0);

        // Then
        assertThat(answered()).hasSize(1);
        ConsumerRecord<String, byte[]> letter = pool.read(Topics.DEAD_LETTERS).getFirst();
        assertThat(letter.value()).hasSizeBetween(1_000, 1_000_000)
                .isEqualTo(Arrays.copyOf(value, letter.value().length));
        assertThat(header(letter, "dl_reason")).contains("too large", Integer.toString(value.length), "not an event");
        assertThat(header(letter, "dl_offset")).isEqualTo("0");
        assertThat(new KafkaDeadLetters(pool.connection(), pool.serde(), java.time.Clock.systemUTC()).letters()
                .getFirst().bytes()).isEqualTo(value.length);
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void gives_running_calls_time_to_end_when_it_is_asked_to_stop_and_leaves_the_others_uncommitted() throws Exception {
        // Given a worker in the middle of slow calls, four at a time
        open();
        slow(2_000);
        List<AskModel> requests = turnsIn(1, 40, SLOW).stream().map(ask -> {
            ask.getLimits().setMaxConnections(4);
            return ask;
        }).toList();
        pool.ask(requests);
        pool.start(FIRST);
        WorkerPool.await(() -> "calls " + calls(), () -> calls() >= 4);

        // When
        pool.stop(FIRST);

        // Then what was called for is answered, and what was not is left
        assertThat((long) answered().size()).isEqualTo(calls());
        assertThat(answered()).hasSizeLessThan(40);
        assertThat(pool.committed(1)).isLessThanOrEqualTo(answered().size());
        slow(0);
        pool.start(SECOND);
        pool.awaitWritten(runId, 40);
        assertThat(answered()).hasSize(40);
        assertThat(calls()).isEqualTo(40);
        assertThat(pool.simulator.stats().total().repeatedKeys()).isZero();
    }

    @Test
    void shares_its_partitions_with_a_worker_that_joins_and_repeats_no_call_that_goes_on() throws Exception {
        // Given calls that take longer than a rebalance
        open();
        slow(6_000);
        pool.ask(IntStream.rangeClosed(1, 40).mapToObj(row -> Requests.turn(runId, row, SLOW)).toList());
        pool.start(FIRST);
        WorkerPool.await(() -> "calls " + calls(), () -> calls() == 40);

        // When another worker takes over some of their partitions
        pool.start(SECOND);
        WorkerPool.await(() -> "both have partitions", () -> pool.membersWithPartitions() == 2);
        pool.ask(IntStream.rangeClosed(41, 80).mapToObj(row -> Requests.turn(runId, row, Requests.MODEL)).toList());
        pool.awaitWritten(runId, 80);

        // Then
        assertThat(pool.writtenFor(runId, TurnAnswered.class).stream().map(answer -> answer.getAnswer().getWorker())
                .distinct()).hasSize(2);
        assertThat(answered()).hasSize(80);
        assertThat(calls()).isEqualTo(80);
        WorkerPool.await(() -> "lag " + pool.lag(), () -> pool.lag() == 0);
    }

    @Test
    void goes_on_with_the_partitions_it_keeps_while_calls_of_those_it_gives_away_run() throws Exception {
        // Given calls that fill the whole grace period, in all partitions
        open();
        slow(40_000);
        List<AskModel> slow = IntStream.range(0, WorkerPool.PARTITIONS).mapToObj(n -> turnsIn(n, 1, SLOW))
                .flatMap(List::stream).toList();
        pool.ask(slow);
        pool.start(FIRST, Map.of("TURNSTREAM_GRACE", "60s"));
        WorkerPool.await(() -> "calls " + calls(), () -> calls() == slow.size());

        // When another member of the group takes partitions over, and quick requests come in all partitions
        long joined = System.nanoTime();
        pool.begin(SECOND, Map.of("TURNSTREAM_GRACE", "60s"));
        WorkerPool.await(() -> "both have partitions", () -> pool.membersWithPartitions() == 2
                || System.nanoTime() - joined > Duration.ofSeconds(30).toNanos());
        List<AskModel> quick = IntStream.range(0, WorkerPool.PARTITIONS)
                .mapToObj(n -> turnsIn(n, 6, Requests.MODEL).subList(1, 6))
                .flatMap(List::stream).toList();
        pool.ask(quick);
        pool.awaitWritten(runId, quick.size());

        // Then nobody has waited for the slow calls, and none of them is made twice
        assertThat(answered()).doesNotContainAnyElementsOf(slow.stream().map(AskModel::getRequestId).toList());
        pool.awaitWritten(runId, quick.size() + slow.size());
        assertThat(calls()).isEqualTo(quick.size() + slow.size());
    }

    @Test
    void loses_no_request_of_partitions_whose_answers_cannot_be_read_when_they_are_assigned() throws Exception {
        // Given a worker that shares its partitions with somebody who does nothing, and answers that are gone for now
        open();
        pool.start(FIRST);
        AtomicBoolean done = new AtomicBoolean();
        Set<Integer> lent = ConcurrentHashMap.newKeySet();
        Thread other = Thread.ofPlatform().start(() -> {
            try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                    pool.connection().as("idle").consumer("turnstream-model-workers"))) {
                consumer.subscribe(List.of(Topics.TURN_REQUESTS.topicName()));
                while (!done.get()) {
                    consumer.poll(Duration.ofMillis(50));
                    consumer.assignment().forEach(partition -> lent.add(partition.partition()));
                }
            }
        });
        WorkerPool.await(() -> "both have partitions", () -> pool.membersWithPartitions() == 2 && lent.size() == 2);
        try (Admin admin = pool.admin()) {
            admin.deleteTopics(List.of(Topics.TURN_ANSWERS.topicName())).all().get();
            WorkerPool.await(() -> "the answers are gone", () -> {
                try {
                    return !admin.listTopics().names().get().contains(Topics.TURN_ANSWERS.topicName());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        // When the partitions come back to it, and their answers only after its clients have waited in vain
        done.set(true);
        other.join();
        lent.forEach(partition -> pool.ask(turnsIn(partition, 10, Requests.MODEL)));
        WorkerPool.await(() -> "the worker says that it is not ready", () -> !pool.isReady(FIRST));
        WorkerPool.await(() -> "it has tried in vain", () -> pool.log(FIRST).contains("cannot be read for now"));
        pool.createMissingTopics();

        // Then
        pool.awaitWritten(runId, 20);
        assertThat(answered()).hasSize(20);
        assertThat(calls()).isEqualTo(20);
        WorkerPool.await(() -> "lag " + pool.lag(), () -> pool.lag() == 0 && pool.isReady(FIRST));
    }
}
