package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.StepKind;
import io.turnstream.events.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// In which order a run's dialogues are asked, with workers whose every call takes one round: in each they make as many
/// calls as they have connections, of those that wait the later steps first.
class AdmissionTest {

    private static final int DIALOGUES = 300;
    private static final int CONNECTIONS = 64;
    /// As orders have it that name none.
    private static final int WINDOW = CONNECTIONS * 5 / 4 + 8;
    private static final Comparator<AskModel> LATER_STEPS_FIRST = Comparator.comparingInt(
            ask -> ask.getStep().getKind() == StepKind.TURN ? -ask.getHistory().size() : Integer.MIN_VALUE);

    private final DispatcherFixture dispatcher = new DispatcherFixture();
    private final List<AskModel> waiting = new ArrayList<>();

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void theFirstVerdictIsAskedForAfterThreeTurnsOfTheFirstDialoguesHoweverManyThereAre() {
        // Given
        plan(RUN, WINDOW, DIALOGUES);

        // When
        int rounds = 0;
        int calls = 0;
        List<String> judged = dispatcher.judgeAsked();
        while (judged.isEmpty()) {
            rounds++;
            calls += round();
            judged = dispatcher.judgeAsked();
        }

        // Then no call was made but of the dialogues that are judged next: not the first turns of all
        assertThat(rounds).isEqualTo(3);
        assertThat(calls).isLessThanOrEqualTo(3 * CONNECTIONS);
        assertThat(judged).first().asString().startsWith("0:judge");
        assertThat(judged).allSatisfy(verdict -> assertThat(ordinal(verdict)).isLessThan(WINDOW));
    }

    @Test
    void asManyDialoguesAreUnderWayAsTheWindowAdmitsInTheOrderOfThePlan() {
        // When
        plan(RUN, WINDOW, DIALOGUES);

        // Then
        assertThat(dispatcher.asked()).hasSize(WINDOW)
                .isSortedAccordingTo(Comparator.comparingInt(AdmissionTest::ordinal))
                .allSatisfy(asked -> assertThat(ordinal(asked)).isLessThan(WINDOW));
    }

    @Test
    void aSmallRunIsAdmittedAtOnceThoughABigOneWasFirst() {
        // Given
        plan(RUN, WINDOW, DIALOGUES);
        dispatcher.asked();

        // When
        plan("01JD0000000000000000000002", WINDOW, 10);

        // Then
        assertThat(dispatcher.asked()).hasSize(10);
    }

    @Test
    void aCancelledRunAsksForNothingMore() {
        // Given
        plan(RUN, WINDOW, DIALOGUES);
        round();

        // When
        dispatcher.command(RunCommand.CANCEL);
        dispatcher.asked();
        round();

        // Then
        assertThat(dispatcher.asked()).isEmpty();
        assertThat(dispatcher.judgeAsked()).isEmpty();
    }

    private void plan(String runId, int window, int dialogues) {
        dispatcher.requestRun(runId, window);
        for (int ordinal = 0; ordinal < dialogues; ordinal++) {
            dispatcher.planDialogue(runId, ordinal, 3);
        }
        dispatcher.planned(runId, dialogues);
    }

    /// @return calls made
    private int round() {
        for (SpecificRecord request : dispatcher.take(Topics.TURN_REQUESTS)) {
            waiting.add((AskModel) request);
        }
        waiting.sort(LATER_STEPS_FIRST);
        List<AskModel> now = List.copyOf(waiting.subList(0, Math.min(CONNECTIONS, waiting.size())));
        waiting.removeAll(now);
        now.forEach(
                ask -> dispatcher.answer(ask.getSubject().getRowId(), ask.getStep().getName(), Outcome.ANSWERED, "B"));
        return now.size();
    }

    private static int ordinal(String shortened) {
        return Integer.parseInt(shortened.substring(0, shortened.indexOf(':')));
    }
}
