package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.dialogue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunCommand;
import io.turnstream.events.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A run that is halted over its key, and resumed: which of its requests halted it is known from the log.
class HaltedRunTest {

    private final DispatcherFixture dispatcher = new DispatcherFixture();

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void the_request_that_halted_the_run_says_so_when_it_is_sent_again_and_no_other_does() {
        // Given two requests that are handed back over a key, the second when the run is halted already, and a third
        // over its quota
        begin(3);
        handBack(0, DeferralReason.AUTHENTICATION, 1);
        handBack(1, DeferralReason.AUTHENTICATION, 1);
        handBack(2, DeferralReason.QUOTA, 1);
        assertThat(halts()).containsOnly(entry(dialogue(0), 0), entry(dialogue(1), 0), entry(dialogue(2), 0));

        // When
        resume();

        // Then
        assertThat(halts()).containsOnly(entry(dialogue(0), 1), entry(dialogue(1), 0), entry(dialogue(2), 0));
    }

    @Test
    void each_halt_is_counted_for_one_request_so_that_resuming_comes_to_an_end() {
        // Given
        begin(2);
        handBack(0, DeferralReason.AUTHENTICATION, 1);
        handBack(1, DeferralReason.AUTHENTICATION, 1);
        resume();
        halts();

        // When the other one is first
        handBack(1, DeferralReason.AUTHENTICATION, 2);
        handBack(0, DeferralReason.AUTHENTICATION, 2);
        resume();

        // Then
        assertThat(halts()).containsOnly(entry(dialogue(0), 1), entry(dialogue(1), 1));
    }

    @Test
    void a_request_that_failed_and_is_tried_again_is_asked_as_if_for_the_first_time() {
        // Given
        begin(1);
        handBack(0, DeferralReason.AUTHENTICATION, 1);
        resume();
        dispatcher.answer(0, "r1", Outcome.PROVIDER_ERROR, "");
        halts();

        // When
        dispatcher.retry();

        // Then
        assertThat(halts()).containsOnly(entry(dialogue(0), 0));
    }

    private void begin(int dialogues) {
        dispatcher.requestRun(dialogues);
        for (int ordinal = 0; ordinal < dialogues; ordinal++) {
            dispatcher.planDialogue(ordinal, 0);
        }
        dispatcher.planned(dialogues);
    }

    private void handBack(int ordinal, DeferralReason reason, int send) {
        dispatcher.defer(ordinal, "r1", reason, dialogue(ordinal) + "#r1@1/" + send, 0);
    }

    private void resume() {
        dispatcher.command(RunCommand.RESUME);
        dispatcher.passWallClock(Duration.ofSeconds(1));
    }

    /// By dialogue, what the last request that was sent meanwhile says of halts.
    private Map<String, Integer> halts() {
        return dispatcher.take(Topics.TURN_REQUESTS).stream().map(AskModel.class::cast)
                .collect(Collectors.toMap(ask -> ask.getSubject().getDialogueId(), AskModel::getHalts,
                        (first, last) -> last));
    }
}
