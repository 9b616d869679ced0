package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.answerOf;
import static io.turnstream.dispatch.DispatcherFixture.meta;
import static io.turnstream.dispatch.DispatcherFixture.plan;

import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunAccount;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Writes runs into a real log, at times that a test chooses.
final class RecordedRunLog implements AutoCloseable {

    /// Accepted events of a dialogue that came to its end: opened, three turns, verdict, closed.
    static final int EVENTS_PER_DIALOGUE = 6;

    private final KafkaProducer<String, byte[]> producer;
    private final EventSerde serde;
    private long now;

    RecordedRunLog(KafkaConnection connection, EventSerde serde, long startMillis) {
        this.producer = new KafkaProducer<>(connection.producer());
        this.serde = serde;
        this.now = startMillis;
    }

    long now() {
        return now;
    }

    void pass(long millis) {
        now += millis;
    }

    /// A run from its request to its seal, all within two seconds.
    void record(String runId, int dialogues) {
        begin(runId, dialogues);
        for (int ordinal = 0; ordinal < dialogues; ordinal++) {
            dialogue(runId, ordinal);
        }
        end(runId, dialogues * 4L);
    }

    void begin(String runId, int dialogues) {
        state(runId, RunState.PLANNING);
        runs(runId, new RunPlanned(meta("planned"), runId, dialogues, List.of(), 1L, 0L, 0L, 0L, "d".repeat(64), null,
                "js-own", 0L, 0L));
        pass(1_000);
    }

    /// Seals a run: one leaf for each event, and one for the account.
    void end(String runId, long sealedEvents) {
        end(runId, sealedEvents + 1, new RunAccount("e".repeat(64), null, 0L, null, null, null, null, null, null));
    }

    /// @param account null as in seals that an earlier version made
    void end(String runId, long leaves, @Nullable RunAccount account) {
        pass(1_000);
        runs(runId, new RunSealed(meta("seal"), runId, runId + "/s1", null, "r".repeat(64), leaves, null, null, null,
                account));
        state(runId, RunState.COMPLETED);
    }

    void state(String runId, RunState state) {
        runs(runId, new RunStateChanged(meta("state"), runId, 1L, state, null, List.of(), 0, 0L, 0L, 0L, null, null,
                null, null, null));
    }

    void dialogue(String runId, int ordinal) {
        DialoguePlan plan = plan(runId, ordinal, 0);
        event(plan, new DialogueOpened(meta("0"), 0, plan));
        for (int turn = 1; turn <= 3; turn++) {
            turn(plan, turn, turn, Outcome.ANSWERED, "answer " + turn);
        }
        verdict(plan, 4, "js-own", 1, Outcome.JUDGED);
        closed(plan, 5);
    }

    void turn(DialoguePlan plan, int sequence, int turn, Outcome outcome, String text) {
        event(plan,
                new StepSettled(meta("turn"), plan.getSubject(), sequence, "request",
                        new Step("r" + turn, StepKind.TURN), 1, outcome,
                        plan.getUserTurns().get(turn - 1), null, answerOf(text)));
    }

    void verdict(DialoguePlan plan, int sequence, String setId, int generation, Outcome outcome) {
        event(plan,
                new JudgementSettled(meta("verdict"), plan.getSubject(), sequence, "request", setId,
                        DispatcherFixture.target("j"), generation,
                        outcome, outcome == Outcome.JUDGED ? (Integer) 3 : null, answerOf("{}")));
    }

    void closed(DialoguePlan plan, int sequence) {
        event(plan, new DialogueClosed(meta("closed"), plan.getSubject(), sequence, List.of(), true));
    }

    void event(DialoguePlan plan, SpecificRecord event) {
        write(Topics.DIALOGUE_EVENTS, plan.getSubject().getDialogueId(), event);
    }

    /// Opens a set now.
    JudgementSetOpened open(String runId, JudgementSpec spec, boolean onlyUnscored) {
        var meta = meta("opened-" + runId + '-' + spec.getJudgementSetId());
        meta.setOccurredAtMillis(now);
        JudgementSetOpened opened = new JudgementSetOpened(meta, runId, now, spec, onlyUnscored, List.of(), 10,
                "tester", "test", null);
        runs(runId, opened);
        return opened;
    }

    void runs(String runId, SpecificRecord event) {
        write(Topics.RUNS, runId, event);
    }

    void write(Topics topic, String key, SpecificRecord event) {
        producer.send(new ProducerRecord<>(topic.topicName(), null, now, key, serde.toBytes(event)));
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
