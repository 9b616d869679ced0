package io.turnstream.modelworker;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.pack.PromptDigest;
import io.turnstream.benchmark.pack.PromptMessage;
import io.turnstream.benchmark.pack.Role;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.contracts.Usage;
import io.turnstream.events.AnswerBounds;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Texts;
import io.turnstream.providers.work.CallRecord;
import io.turnstream.providers.work.Conclusion;
import io.turnstream.providers.work.Permission;
import io.turnstream.providers.work.Prompt;
import io.turnstream.providers.work.Response;
import io.turnstream.providers.work.Unanswered;
import io.turnstream.providers.work.WorkItem;
import io.turnstream.providers.work.WorkSession;
import io.turnstream.providers.work.WorkerName;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnWorkTest {

    private static final long NOW = Requests.ASKED_AT + 1_000;

    private final List<Prompt> asked = new ArrayList<>();
    private final TurnWork work = new TurnWork();

    @Test
    void sendsTheHistoryAsAnAlternationOfUserAndAssistant() throws InterruptedException {
        // When
        conclude(Requests.turn(3), replied("Fine.", "stop"));

        // Then
        assertThat(asked.getFirst().messages()).extracting(PromptMessage::role)
                .containsExactly(Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT, Role.USER);
        assertThat(asked.getFirst().messages()).extracting(PromptMessage::text)
                .containsExactly("Question 1", "Answer 1", "Question 2", "Answer 2", "Question 3 of row 1");
    }

    @Test
    void answersATurnWithItsTextAndAllThatShapedIt() throws InterruptedException {
        // Given
        AskModel ask = Requests.turn(1);

        // When
        TurnAnswered answered = answered(ask, replied("Fine.", "stop"));

        // Then
        assertThat(answered.getOutcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(answered.getRequestId()).isEqualTo(ask.getRequestId());
        assertThat(answered.getMeta().getCauseId()).isEqualTo(ask.getMeta().getEventId());
        assertThat(answered.getMeta().getCauseDigest()).isEqualTo(EventDigests.of(ask));
        assertThat(answered.getMeta().getOccurredAtMillis()).isEqualTo(NOW);
        Answer answer = answered.getAnswer();
        assertThat(Texts.plain(answer.getText())).isEqualTo("Fine.");
        assertThat(answer.getReading()).isNull();
        assertThat(answer.getError()).isNull();
        assertThat(answer.getRequested()).isEqualTo(new CallParameters(0.1, 128, null));
        assertThat(answer.getEffective()).isEqualTo(new CallParameters(null, 128, null));
        assertThat(answer.getUsage()).isEqualTo(new Usage(10L, 5L, 0L));
        assertThat(answer.getCostNanoUsd()).isEqualTo(70L);
        assertThat(answer.getServedModel()).isEqualTo("some-model-0001");
        assertThat(answer.getWorker()).isEqualTo("host/1/abcd");
        assertThat(answer.getPromptDigest()).isEqualTo(PromptDigest.of(asked.getFirst().messages(), null)).hasSize(64);
    }

    @Test
    void countsACutTextAsAnAnswer() throws InterruptedException {
        assertThat(answered(Requests.turn(2), replied("Half a sen", "length")).getOutcome())
                .isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void takesAPoliteRefusalInATurnForAnAnswer() throws InterruptedException {
        assertThat(answered(Requests.turn(2), replied("I'm sorry, I can't help with that.", "stop")).getOutcome())
                .isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void namesTheLimitToRaiseWhereATextIsEmptyAtTheLimit() throws InterruptedException {
        TurnAnswered answered = answered(Requests.turn(1),
                new Response.Replied(call("length"), "", "raise --max-tokens (now 128)"));

        assertThat(answered.getOutcome()).isEqualTo(Outcome.TRUNCATED);
        assertThat(answered.getAnswer().getError()).contains("--max-tokens");
        assertThat(asked.getFirst().maxTokensFlag()).isEqualTo("--max-tokens");
        assertThat(answered.getAnswer().getText()).isNull();
    }

    @Test
    void nothing_is_kept_of_an_answer_that_is_longer_than_is_recorded() throws InterruptedException {
        TurnAnswered turn = answered(Requests.turn(1), replied("y".repeat(AnswerBounds.MOST_BYTES + 1), "stop"));
        TurnAnswered question = answered(Requests.choice(), replied("B" + " ".repeat(AnswerBounds.MOST_BYTES), "stop"));

        assertThat(turn.getOutcome()).isEqualTo(Outcome.OVERSIZED);
        assertThat(turn.getAnswer().getText()).isNull();
        assertThat(turn.getAnswer().getError()).contains("262144 bytes");
        assertThat(turn.getAnswer().getCostNanoUsd()).as("it was paid").isEqualTo(70L);
        assertThat(question.getOutcome()).isEqualTo(Outcome.OVERSIZED);
        assertThat(question.getAnswer().getReading()).isNull();
        assertThat(asked).as("not asked again").hasSize(2);
    }

    @Test
    void callsAnyOtherEmptyTextEmpty() throws InterruptedException {
        assertThat(answered(Requests.turn(1), replied(" \n", "stop")).getOutcome()).isEqualTo(Outcome.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            B                            | ANSWERED           | B
            I'm sorry, I can't answer it | MODEL_REFUSED      |
            A or B                       | ANSWER_UNPARSEABLE |
            """)
    void readsAChoiceStrictly(String text, Outcome outcome, String reading) throws InterruptedException {
        TurnAnswered answered = answered(Requests.choice(), replied(text, "stop"));

        assertThat(answered.getOutcome()).isEqualTo(outcome);
        assertThat(answered.getAnswer().getReading()).isEqualTo(reading);
        assertThat(Texts.plain(answered.getAnswer().getText())).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            **False**                    | ANSWERED           | false
            True                         | ANSWERED           | true
            I cannot judge this.         | MODEL_REFUSED      |
            Perhaps.                     | ANSWER_UNPARSEABLE |
            """)
    void readsAStatementStrictly(String text, Outcome outcome, String reading) throws InterruptedException {
        TurnAnswered answered = answered(Requests.statement(), replied(text, "stop"));

        assertThat(answered.getOutcome()).isEqualTo(outcome);
        assertThat(answered.getAnswer().getReading()).isEqualTo(reading);
    }

    @Test
    void keepsReasoningApartFromWhatATurnSays() throws InterruptedException {
        TurnAnswered answered = answered(Requests.turn(1),
                replied("<think>Is he joking?</think>\n\nIt is a ladder.<|im_end|>", "stop"));

        assertThat(answered.getOutcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(Texts.plain(answered.getAnswer().getText())).isEqualTo("It is a ladder.");
        assertThat(Texts.plain(answered.getAnswer().getReasoning())).isEqualTo("Is he joking?");
        assertThat(Texts.plain(answered.getAnswer().getFirstText()))
                .isEqualTo("<think>Is he joking?</think>\n\nIt is a ladder.<|im_end|>");
    }

    @Test
    void readsAnAnswerWithoutItsReasoningAndKeepsTheRawTextForThePublishedParsers() throws InterruptedException {
        TurnAnswered answered = answered(Requests.choice(),
                replied("[THINK]The answer is A, perhaps.[/THINK]B", "stop"));

        assertThat(answered.getAnswer().getReading()).isEqualTo("B");
        assertThat(Texts.plain(answered.getAnswer().getText())).isEqualTo("B");
        assertThat(Texts.plain(answered.getAnswer().getFirstText()))
                .isEqualTo("[THINK]The answer is A, perhaps.[/THINK]B");
    }

    @Test
    void leavesATextThatOnlySpeaksOfReasoningAsItCame() throws InterruptedException {
        TurnAnswered answered = answered(Requests.turn(1), replied(" Models write <think> first. ", "stop"));

        assertThat(Texts.plain(answered.getAnswer().getText())).isEqualTo(" Models write <think> first. ");
        assertThat(answered.getAnswer().getFirstText()).isNull();
        assertThat(answered.getAnswer().getReasoning()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            length | TRUNCATED | truncated | while the model still reasoned: raise --max-tokens (now 128)
            stop   | EMPTY     | empty     | nothing but reasoning: raise --max-tokens (now 128), or let the model reason less
            """)
    void saysWhatToDoWhereNothingButReasoningCame(String finishReason, Outcome outcome, String cause, String error)
            throws InterruptedException {
        TurnAnswered answered = answered(Requests.turn(1), replied("<think>Is he joking?", finishReason));

        assertThat(answered.getOutcome()).isEqualTo(outcome);
        assertThat(answered.getAnswer().getError()).contains(error);
        assertThat(answered.getAnswer().getText()).isNull();
        assertThat(Texts.plain(answered.getAnswer().getFirstText())).isEqualTo("<think>Is he joking?");
        assertThat(Texts.plain(answered.getAnswer().getReasoning())).isEqualTo("Is he joking?");
        assertThat(answered.getAnswer().getAttempts()).extracting(Attempt::getCause).containsExactly(cause);
    }

    @Test
    void callsTheProvidersFilterARefusal() throws InterruptedException {
        TurnAnswered answered = answered(Requests.turn(1),
                new Response.Refused(call("content_filter"), "", "blocked by the provider's filter"));

        assertThat(answered.getOutcome()).isEqualTo(Outcome.MODEL_REFUSED);
        assertThat(answered.getAnswer().getError()).isEqualTo("blocked by the provider's filter");
    }

    @Test
    void keepsAFailureAFailure() throws InterruptedException {
        TurnAnswered answered = answered(Requests.choice(),
                new Response.Failed(call(null), "server error 500 after 4 attempts"));

        assertThat(answered.getOutcome()).isEqualTo(Outcome.PROVIDER_ERROR);
        assertThat(answered.getAnswer().getReading()).isNull();
        assertThat(answered.getAnswer().getError()).isEqualTo("server error 500 after 4 attempts");
        assertThat(Texts.plain(answered.getAnswer().getProviderMessage())).isEqualTo("the provider says");
    }

    @Test
    void keepsNothingOfAnAnswerThatIsTooLongButWhatItCost() throws InterruptedException {
        TurnAnswered answered = answered(Requests.choice(),
                new Response.Oversized(call("stop"), "longer than is recorded"));

        assertThat(answered.getOutcome()).isEqualTo(Outcome.OVERSIZED);
        assertThat(answered.getAnswer().getText()).isNull();
        assertThat(answered.getAnswer().getError()).isEqualTo("longer than is recorded");
        assertThat(answered.getAnswer().getCostNanoUsd()).isEqualTo(70L);
    }

    @Test
    void handsBackWhatTheCallerHandsBack() throws InterruptedException {
        Unanswered back = new Unanswered.HandedBack(DeferralReason.CIRCUIT_OPEN, "5 failures in a row", NOW + 10_000);

        assertThat(conclude(Requests.turn(1), back)).isSameAs(back);
    }

    private TurnAnswered answered(AskModel ask, Response result) throws InterruptedException {
        return (TurnAnswered) ((Conclusion.Answered) conclude(ask, result)).event();
    }

    private Conclusion conclude(AskModel ask, Response result) throws InterruptedException {
        return work.conclude(new WorkSession(WorkItem.of(ask), Requests.PACK, (prompt, permission) -> {
            asked.add(prompt);
            return result;
        }, () -> Permission.GO, new WorkerName("host/1/abcd"), Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC)));
    }

    private static Response replied(String text, String finishReason) {
        return new Response.Replied(call(finishReason), text, null);
    }

    private static CallRecord call(String finishReason) {
        return new CallRecord(List.of(new Attempt("ok", 200, NOW - 100, 100L, 0L)), new CallParameters(null, 128, null),
                new Usage(10L, 5L, 0L), 70L,
                finishReason, "some-model-0001", null, null, "the provider says", NOW - 100, NOW);
    }
}
