package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepKind;
import io.turnstream.events.Topics;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What somebody asks for once more, and nothing else, is asked for once more.
class RetryTest {

    private final DispatcherFixture dispatcher = new DispatcherFixture();

    @BeforeEach
    void plan() {
        dispatcher.requestRun(8);
        dispatcher.planDialogue(0, 0);
        dispatcher.planDialogue(1, 0);
        dispatcher.planned(2);
    }

    @AfterEach
    void close() {
        dispatcher.close();
    }

    private void answer(int ordinal) {
        for (String turn : List.of("r1", "r2", "r3")) {
            dispatcher.answer(ordinal, turn, Outcome.ANSWERED, turn);
        }
    }

    private void forget() {
        dispatcher.asked();
        dispatcher.judgeAsked();
        dispatcher.take(Topics.RUNS);
    }

    @Test
    void whereNothingFailedNothingHappens() {
        answer(0);
        answer(1);
        dispatcher.judge(0, 5);
        dispatcher.judge(1, 5);
        forget();

        dispatcher.retry();
        dispatcher.retry(Outcome.TRUNCATED, Outcome.JUDGE_UNPARSEABLE);

        assertThat(dispatcher.asked()).isEmpty();
        assertThat(dispatcher.judgeAsked()).isEmpty();
        assertThat(dispatcher.take(Topics.RUNS)).isEmpty();
    }

    @Test
    void verdictsThatCouldNotBeReadAreAskedForAgainOnlyWhenNamed() {
        // Given a run whose failures of infrastructure are none
        answer(0);
        answer(1);
        dispatcher.judge(0, 5);
        dispatcher.verdict(1, 1, Outcome.JUDGE_UNPARSEABLE);
        forget();
        dispatcher.retry();
        assertThat(dispatcher.judgeAsked()).isEmpty();

        // When
        dispatcher.retry(Outcome.JUDGE_UNPARSEABLE);

        // Then
        assertThat(dispatcher.asked()).isEmpty();
        assertThat(dispatcher.judgeAsked()).singleElement().asString().startsWith("1:judge@2");
        dispatcher.verdict(1, 2, Outcome.JUDGED);
        RunStateChanged last = states().getLast();
        assertThat(last.getState()).isEqualTo(RunState.COMPLETED);
        assertThat(last.getOutcomes()).contains(new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, 2L));
    }

    @Test
    void turnThatEndedEmptyIsAskedWithTheRoundsBeforeItAlone() {
        // Given a dialogue that ended with its second turn
        answer(1);
        dispatcher.judge(1, 5);
        dispatcher.answer(0, "r1", Outcome.ANSWERED, "fine");
        dispatcher.answer(0, "r2", Outcome.EMPTY, "");
        forget();

        // When
        dispatcher.retry(Outcome.EMPTY);

        // Then
        List<SpecificRecord> asked = dispatcher.take(Topics.TURN_REQUESTS);
        assertThat(asked).singleElement().isInstanceOfSatisfying(AskModel.class, ask -> {
            assertThat(ask.getStep().getName()).isEqualTo("r2");
            assertThat(ask.getGeneration()).isEqualTo(2);
            assertThat(ask.getHistory()).hasSize(1);
        });

        // When it is answered now
        dispatcher.answer(DispatcherFixture.RUN, 0, "r2", 2, Outcome.ANSWERED, "now");
        dispatcher.answer(DispatcherFixture.RUN, 0, "r3", 2, Outcome.ANSWERED, "and then");
        dispatcher.verdict(0, 2, Outcome.JUDGED);

        // Then
        assertThat(states().getLast().getOutcomes()).containsExactly(
                new OutcomeCount(StepKind.TURN, Outcome.ANSWERED, 6L),
                new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, 2L));
    }

    @Test
    void cancelledWhileItIsTriedAgainEndsWithWhatItHadBefore() {
        // Given two failed dialogues and a window of one
        dispatcher.answer(0, "r1", Outcome.PROVIDER_ERROR, "");
        dispatcher.answer(1, "r1", Outcome.PROVIDER_ERROR, "");
        forget();
        dispatcher.retry();
        assertThat(dispatcher.asked()).containsExactly("0:r1@2", "1:r1@2");

        // When
        dispatcher.command(RunCommand.CANCEL);

        // Then
        RunStateChanged last = states().getLast();
        assertThat(last.getState()).isEqualTo(RunState.CANCELLED);
        assertThat(last.getOutcomes()).contains(new OutcomeCount(StepKind.TURN, Outcome.CANCELLED, 6L));
    }

    private List<RunStateChanged> states() {
        return dispatcher.take(Topics.RUNS).stream().filter(RunStateChanged.class::isInstance)
                .map(RunStateChanged.class::cast).toList();
    }
}
