package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.audit.Expected;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.AnswerBounds;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/// Answers that were written before there was a bound on them, as a home holds them that could not be opened any more.
class LongAnswersTest {

    private static final String RUN = "01JD0000000000000000000007";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String LONG = "y".repeat(3 * 1024 * 1024);

    @Test
    void an_answer_beyond_the_bound_is_settled_without_its_text_and_ends_its_dialogue() {
        try (DispatcherFixture dispatcher = new DispatcherFixture()) {
            dispatcher.requestRun(10);
            dispatcher.planDialogue(0, 1);
            dispatcher.planned(1);
            dispatcher.asked();
            dispatcher.answer(0, "r1", Outcome.ANSWERED, LONG);

            assertThat(dispatcher.asked()).isEmpty();
            List<StepSettled> settled = dispatcher.take(Topics.DIALOGUE_EVENTS).stream()
                    .filter(StepSettled.class::isInstance)
                    .map(StepSettled.class::cast).toList();
            // the turn itself, two turns and a question that were not reached
            assertThat(settled).extracting(StepSettled::getOutcome)
                    .containsExactly(Outcome.OVERSIZED, Outcome.NOT_REACHED, Outcome.NOT_REACHED, Outcome.NOT_REACHED);
            assertThat(settled.getFirst().getAnswer().getText()).isNull();
            assertThat(settled.getFirst().getAnswer().getError()).isEqualTo(AnswerBounds.TOO_LONG);
            assertThat(settled.getFirst().getAnswer().getCostNanoUsd()).as("it was paid").isEqualTo(7L);
            assertThat(lastState(dispatcher).getState()).as("it left a gap").isEqualTo(RunState.INCOMPLETE);
        }
    }

    @Test
    void a_question_whose_answer_was_too_long_leaves_a_gap_that_is_tried_again_only_when_it_is_named() {
        try (DispatcherFixture dispatcher = new DispatcherFixture()) {
            dispatcher.requestRun(10);
            dispatcher.planDialogue(0, 1);
            dispatcher.planned(1);
            for (String turn : List.of("r1", "r2", "r3")) {
                dispatcher.answer(0, turn, Outcome.ANSWERED, turn);
            }
            dispatcher.judge(0, 5);
            dispatcher.answer(0, "mcq-0", Outcome.OVERSIZED, "");
            dispatcher.asked();

            assertThat(lastState(dispatcher).getState()).isEqualTo(RunState.INCOMPLETE);
            assertThat(dispatcher.take(Topics.DIALOGUE_EVENTS)).filteredOn(DialogueClosed.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(DialogueClosed.class, closed -> assertThat(closed.getComplete()).isFalse());
            dispatcher.retry();
            assertThat(dispatcher.asked()).as("it would be paid again, and as long").isEmpty();
            dispatcher.retry(Outcome.OVERSIZED);
            assertThat(dispatcher.asked()).containsExactly("0:mcq-0@2");
        }
    }

    @Test
    void an_answer_that_was_not_read_to_its_end_counts_as_a_call_without_a_known_price_and_one_that_was_not_sent_does_not() {
        try (DispatcherFixture dispatcher = new DispatcherFixture()) {
            dispatcher.requestRun(10);
            dispatcher.planDialogue(0, 0);
            dispatcher.planDialogue(1, 0);
            dispatcher.planned(2);
            dispatcher.unpaid(0, "r1", List.of(new Attempt("oversized", 200, 0L, 1L, 0L)));
            dispatcher.unpaid(1, "r1", List.of());

            assertThat(lastState(dispatcher).getUnpricedCalls()).isOne();
        }
    }

    @Test
    void an_answer_just_within_the_bound_enters_the_history() {
        try (DispatcherFixture dispatcher = new DispatcherFixture()) {
            dispatcher.requestRun(10);
            dispatcher.planDialogue(0, 0);
            dispatcher.asked();
            String longest = "y".repeat(AnswerBounds.MOST_BYTES);
            dispatcher.answer(0, "r1", Outcome.ANSWERED, longest);

            assertThat(dispatcher.take(Topics.TURN_REQUESTS)).singleElement().isInstanceOfSatisfying(AskModel.class,
                    ask -> assertThat(Texts.plain(ask.getHistory().getFirst().getAssistant())).isEqualTo(longest));
        }
    }

    @Test
    void a_verdict_beyond_the_bound_is_no_verdict() {
        try (DispatcherFixture dispatcher = new DispatcherFixture()) {
            dispatcher.requestRun(10);
            dispatcher.planDialogue(0, 0);
            dispatcher.answer(0, "r1", Outcome.ANSWERED, "one");
            dispatcher.answer(0, "r2", Outcome.ANSWERED, "two");
            dispatcher.answer(0, "r3", Outcome.ANSWERED, "three");
            dispatcher.verdictSaying(0, 4, LONG);

            assertThat(dispatcher.take(Topics.DIALOGUE_EVENTS)).filteredOn(JudgementSettled.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(JudgementSettled.class, settled -> {
                        assertThat(settled.getOutcome()).isEqualTo(Outcome.JUDGE_UNPARSEABLE);
                        assertThat(settled.getScore()).isNull();
                        assertThat(settled.getAnswer().getText()).isNull();
                    });
        }
    }

    @Test
    void auditors_know_the_bound_and_nothing_else_that_is_left_out() {
        List<Recorded> log = settledBy("r2");

        assertThat(verify(log).difference()).isNull();
        assertThat(verify(log.stream().map(LongAnswersTest::withheld).toList()).difference()).as("texts withheld")
                .isNull();
    }

    @Test
    void an_answer_within_the_bound_that_was_settled_as_too_long_is_found() {
        // Given a log in which the long answer was replaced by a short one of another digest
        List<Recorded> log = settledBy("r2");
        log.replaceAll(record -> {
            if (record.event() instanceof TurnAnswered answered && AnswerBounds.exceeds(answered.getAnswer())) {
                TurnAnswered shorter = SpecificData.get().deepCopy(TurnAnswered.getClassSchema(), answered);
                shorter.getAnswer().setText(Texts.of("short"));
                return record.with(shorter);
            }
            return record;
        });

        assertThat(verify(log).difference()).isNotNull();
    }

    private static List<Recorded> settledBy(String step) {
        try (RecordedRun run = new RecordedRun(RUN, START)
                .saying(name -> name.equals(step) ? LONG : "said in " + name)) {
            run.request();
            run.plan(2);
            run.answerAll();
            return run.log();
        }
    }

    private static Recorded withheld(Recorded record) {
        if (record.event() instanceof TurnAnswered answered && answered.getAnswer().getText() != null) {
            TurnAnswered without = SpecificData.get().deepCopy(TurnAnswered.getClassSchema(), answered);
            without.getAnswer().setText(Texts.withheld(answered.getAnswer().getText()));
            return new Recorded(record.topic(), record.key(), without, record.timestampMillis(),
                    new RecordHeaders(record.headers().toArray()).add(EventHeaders.REDACTED, new byte[] {'1'}));
        }
        return record;
    }

    private static Verified verify(List<Recorded> log) {
        return Verification.of(new ListedEvents(RUN, log), Expected.nothing());
    }

    private static RunStateChanged lastState(DispatcherFixture dispatcher) {
        return dispatcher.take(Topics.RUNS).stream().filter(RunStateChanged.class::isInstance)
                .map(RunStateChanged.class::cast)
                .reduce((first, second) -> second).orElse(null);
    }
}
