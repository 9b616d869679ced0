package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.dialogue;
import static io.turnstream.dispatch.JudgingFixture.ownSpec;
import static io.turnstream.dispatch.JudgingFixture.priced;
import static io.turnstream.dispatch.JudgingFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Repeats;
import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A judgement set stops before it spends more than it may.
class JudgingCostLimitTest {

    private static final JudgementSpec BETTER = priced(spec("better"));

    private static long worst;

    private final JudgingFixture run = new JudgingFixture();

    @BeforeAll
    static void whatOneVerdictMayCost() {
        try (JudgingFixture one = new JudgingFixture()) {
            one.record(1);
            one.request(BETTER, false, 1);
            worst = Objects.requireNonNull(WorstCase.ofVerdict(one.transcript(one.opened(), dialogue(0))));
        }
    }

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void asManyVerdictsAreAskedForAsTheLimitHoldsWhateverTheWindow() {
        run.record(3);
        // Given money for two and a half verdicts, and a window of ten
        run.requestLimited(BETTER, false, 10, 5 * worst / 2);
        run.replay();

        // Then
        List<AskJudge> asked = run.takeAsked();
        assertThat(asked).hasSize(2);

        // When one is given that has cost next to nothing
        run.givePaid(asked.getFirst(), Outcome.JUDGED, 3);

        // Then the money set aside for it lets the next in, and nobody is halted meanwhile
        assertThat(run.takeAsked()).hasSize(1);
        assertThat(run.states(BETTER)).doesNotContain(RunState.HALTED);
    }

    @Test
    void setStandsStillOnceNothingIsUnderWayAndGoesOnWithAHigherLimitWithoutPayingTwice() {
        run.record(3);
        // Given money for one and a half verdicts
        run.requestLimited(BETTER, false, 10, 3 * worst / 2);
        run.replay();

        // When the first costs all that was set aside for it
        run.givePaid(run.takeAsked().getFirst(), Outcome.JUDGED, worst);

        // Then
        JudgementSetStateChanged halted = run.changes(BETTER).getLast();
        assertThat(halted.getState()).isEqualTo(RunState.HALTED);
        assertThat(halted.getReason()).contains("the cost limit of").contains("is reached")
                .endsWith("Raise --cost-limit");
        assertThat(halted.getJudgeCostNanoUsd()).isEqualTo(worst);
        assertThat(halted.getCostLimitNanoUsd()).isEqualTo(3 * worst / 2);
        assertThat(halted.getUsage()).isEqualTo(new Usage(100L, 10L, 0L));
        assertThat(run.asked).isEmpty();

        // When it is asked to go on with the same limit, then with a higher one
        run.requestLimited(BETTER, true, 10, 3 * worst / 2);
        assertThat(run.asked).isEmpty();
        assertThat(run.states(BETTER)).endsWith(RunState.RUNNING, RunState.HALTED);
        run.requestLimited(BETTER, true, 10, 3 * worst);

        // Then only what is missing is asked for
        List<AskJudge> rest = run.takeAsked();
        assertThat(rest).extracting(ask -> ask.getSubject().getRowId()).containsExactly(1, 2);
        rest.forEach(ask -> run.givePaid(ask, Outcome.JUDGED, 5));
        assertThat(run.states(BETTER)).endsWith(RunState.COMPLETED);
        assertThat(run.changes(BETTER).getLast().getJudgeCostNanoUsd()).isEqualTo(worst + 10);
    }

    @Test
    void verdictThatAloneMayCostTooMuchIsNeverAskedFor() {
        run.record(3);
        run.requestLimited(BETTER, false, 10, worst - 1);
        run.replay();

        assertThat(run.asked).isEmpty();
        assertThat(run.states(BETTER)).endsWith(RunState.HALTED);
    }

    @Test
    void whatEarlierRoundsCostCountsBeforeTheFirstVerdictOfALaterOne() {
        run.record(3);
        // Given a set whose first two verdicts failed at great cost
        run.request(BETTER, false, 10);
        run.replay();
        List<AskJudge> asked = run.takeAsked();
        run.givePaid(asked.get(0), Outcome.JUDGE_UNPARSEABLE, worst);
        run.givePaid(asked.get(1), Outcome.JUDGE_UNPARSEABLE, worst);
        run.givePaid(asked.get(2), Outcome.JUDGED, worst);
        assertThat(run.states(BETTER)).endsWith(RunState.COMPLETED);

        // When it is completed under a limit that has room for one more, all included
        run.requestLimited(BETTER, true, 10, 9 * worst / 2);
        run.replay();

        // Then
        assertThat(run.takeAsked()).hasSize(1);
    }

    @Test
    void verdictsThatWerePaidAndNotAcceptedCount() {
        run.record(3);
        run.requestLimited(BETTER, false, 1, 5 * worst / 2);
        run.replay();
        AskJudge first = run.takeAsked().getFirst();
        run.givePaid(first, Outcome.JUDGED, 1);

        // When another worker gives the same verdict once more, at the cost of two
        run.givePaid(first, Outcome.JUDGED, 2 * worst);
        run.givePaid(run.takeAsked().getFirst(), Outcome.JUDGED, 1);

        // Then
        assertThat(run.asked).isEmpty();
        assertThat(run.states(BETTER)).endsWith(RunState.HALTED);
        assertThat(run.changes(BETTER).getLast().getReason()).contains("is spent");
    }

    @Test
    void whatWasPaidBeforeARequestWasHandedBackCountsAndTheRequestIsSentAgain() {
        run.record(3);
        run.requestLimited(BETTER, false, 1, 5 * worst / 2);
        run.replay();

        // When its worker stops after an answer without a verdict, at the cost of two
        run.deferPaid(run.takeAsked().getFirst(), 2 * worst);
        run.dispatcher.passWallClock(Duration.ofSeconds(1));
        run.collect();
        run.givePaid(run.takeAsked().getFirst(), Outcome.JUDGED, 1);

        // Then
        assertThat(run.asked).isEmpty();
        assertThat(run.states(BETTER)).endsWith(RunState.HALTED);
        assertThat(run.runs.stream().filter(RepeatsCounted.class::isInstance).map(RepeatsCounted.class::cast))
                .singleElement()
                .satisfies(counted -> assertThat(counted.getRepeats())
                        .isEqualTo(new Repeats(1L, new Usage(100L, 10L, 0L), 2 * worst, 0L)));
    }

    @Test
    void whatTheRunPaidItsOwnJudgeInVainCountsWhenItsSetIsCompleted() {
        // Given a run whose judge gave one verdict twice, the second at the cost of two, and had none for another
        // dialogue
        run.answerAll(2);
        List<AskJudge> asked = run.takeAsked();
        run.givePaid(asked.get(0), Outcome.JUDGED, 1);
        run.givePaid(asked.get(0), Outcome.JUDGED, 2 * worst);
        run.givePaid(asked.get(1), Outcome.JUDGE_UNPARSEABLE, 1);
        JudgementSpec own = priced(ownSpec());

        // When
        run.requestLimited(own, true, 10, 2 * worst);
        run.replay();

        // Then
        assertThat(run.asked).isEmpty();
        assertThat(run.states(own)).endsWith(RunState.HALTED);
    }
}
