package io.turnstream.judgeworker;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.pack.PromptDigest;
import io.turnstream.benchmark.pack.PromptMessage;
import io.turnstream.benchmark.pack.Role;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Usage;
import io.turnstream.events.AnswerBounds;
import io.turnstream.events.Texts;
import io.turnstream.providers.work.CallRecord;
import io.turnstream.providers.work.Conclusion;
import io.turnstream.providers.work.Paid;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeWorkTest {

    private static final long NOW = Requests.ASKED_AT + 1_000;
    private static final String GOOD = "{\"score\": 4, \"explanation\": \"names the danger\"}";

    private final List<Prompt> asked = new ArrayList<>();

    @Test
    void givesRubricAndDelimitedTranscriptToTheJudge() throws InterruptedException {
        judged(replied(GOOD));

        assertThat(asked.getFirst().messages()).extracting(PromptMessage::role).containsExactly(Role.SYSTEM, Role.USER);
        assertThat(asked.getFirst().messages().getLast().text())
                .contains("A cup beside a kettle.", "Question 1 of row 1", "Answer 3",
                        Requests.PACK.settings().texts().blockedTurn());
        assertThat(asked.getFirst().imageSha256()).isNull();
    }

    @Test
    void reportsTheScoreAndTheExplanation() throws InterruptedException {
        JudgementGiven given = judged(replied(GOOD));

        assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGED);
        assertThat(given.getScore()).isEqualTo(4);
        assertThat(given.getJudgementSetId()).isEqualTo("js-1");
        assertThat(given.getAnswer().getReading()).isEqualTo("4");
        assertThat(Texts.plain(given.getAnswer().getExplanation())).isEqualTo("names the danger");
        assertThat(given.getAnswer().getFirstText()).isNull();
        assertThat(given.getAnswer().getAttempts()).extracting(Attempt::getCause).containsExactly("ok");
    }

    @Test
    void asksAgainWithTheReminderAndKeepsTheFirstText() throws InterruptedException {
        JudgementGiven given = judged(replied("On a 1-5 scale I give 4"), replied(GOOD));

        assertThat(given.getScore()).isEqualTo(4);
        assertThat(Texts.plain(given.getAnswer().getFirstText())).isEqualTo("On a 1-5 scale I give 4");
        assertThat(Texts.plain(given.getAnswer().getText())).isEqualTo(GOOD);
        assertThat(given.getAnswer().getAttempts()).extracting(Attempt::getCause).containsExactly("unparseable", "ok");
        // Two calls of 10 + 5 tokens and 70 nano-USD each.
        assertThat(given.getAnswer().getUsage()).isEqualTo(new Usage(20L, 10L, 0L));
        assertThat(given.getAnswer().getCostNanoUsd()).isEqualTo(140L);
        assertThat(asked.get(1).messages()).extracting(PromptMessage::role)
                .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER);
        assertThat(given.getAnswer().getPromptDigest()).isEqualTo(PromptDigest.of(asked.getFirst().messages(), null));
    }

    @Test
    void keepsReasoningApartAndNeverRepeatsIt() throws InterruptedException {
        JudgementGiven given = judged(replied("<think>A 3?</think>Four."),
                replied("<think>JSON, then.</think>" + GOOD));

        assertThat(given.getScore()).isEqualTo(4);
        assertThat(Texts.plain(given.getAnswer().getText())).isEqualTo(GOOD);
        assertThat(Texts.plain(given.getAnswer().getFirstText())).isEqualTo("<think>A 3?</think>Four.");
        assertThat(Texts.plain(given.getAnswer().getReasoning())).isEqualTo("JSON, then.");
        assertThat(asked.get(1).messages()).extracting(PromptMessage::text).contains("Four.")
                .noneMatch(text -> text.contains("A 3?"));
    }

    @Test
    void keepsTheRawTextOfAFirstVerdictWithReasoning() throws InterruptedException {
        JudgementGiven given = judged(replied("<think>A 3?</think>" + GOOD));

        assertThat(given.getScore()).isEqualTo(4);
        assertThat(Texts.plain(given.getAnswer().getFirstText())).isEqualTo("<think>A 3?</think>" + GOOD);
    }

    @Test
    void doesNotRepeatWhatWasNothingButReasoning() throws InterruptedException {
        JudgementGiven given = judged(new Response.Replied(call("length"), "<think>A 3? Or", null));

        assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGE_UNPARSEABLE);
        assertThat(given.getAnswer().getError()).contains("raise --judge-max-tokens (now 128)");
        assertThat(Texts.plain(given.getAnswer().getFirstText())).isEqualTo("<think>A 3? Or");
        assertThat(asked).hasSize(1);
    }

    @Test
    void givesUpAfterTwoReminders() throws InterruptedException {
        JudgementGiven given = judged(replied("Four."), replied("Four!"), replied("4/5"));

        assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGE_UNPARSEABLE);
        assertThat(given.getScore()).isNull();
        assertThat(given.getAnswer().getReading()).isNull();
        assertThat(Texts.plain(given.getAnswer().getFirstText())).isEqualTo("Four.");
        assertThat(Texts.plain(given.getAnswer().getText())).isEqualTo("4/5");
        assertThat(given.getAnswer().getAttempts()).extracting(Attempt::getCause).containsExactly("unparseable",
                "unparseable", "unparseable");
        assertThat(asked).hasSize(3);
    }

    @Test
    void asksAgainWhereTheJudgeOrItsProviderRefuses() throws InterruptedException {
        JudgementGiven given = judged(replied("I'm sorry, I cannot evaluate this."),
                new Response.Refused(call("content_filter"), "", "filtered"),
                replied("I cannot rate this dialogue."));

        assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGE_REFUSED);
        assertThat(asked).hasSize(3);
        assertThat(Texts.plain(given.getAnswer().getFirstText())).isEqualTo("I'm sorry, I cannot evaluate this.");
    }

    @Test
    void namesTheLimitWhereReasoningSpentIt() throws InterruptedException {
        JudgementGiven given = judged(new Response.Replied(call("length"), "", "raise --judge-max-tokens (now 128)"));

        assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGE_UNPARSEABLE);
        assertThat(given.getAnswer().getError()).contains("--judge-max-tokens");
        assertThat(asked).as("the same limit would be spent the same way").hasSize(1);
    }

    @Test
    void namesTheLimitWhereTheVerdictIsCutOff() throws InterruptedException {
        Response cut = new Response.Replied(call("length"), "{\"score\": 4, \"expl", null);

        assertThat(judged(cut, cut, cut).getAnswer().getError()).contains("--judge-max-tokens");
    }

    @Test
    void a_verdict_that_is_longer_than_is_recorded_is_none_and_not_asked_for_again() throws InterruptedException {
        JudgementGiven given = judged(
                replied("{\"score\": 4, \"explanation\": \"" + "y".repeat(AnswerBounds.MOST_BYTES) + "\"}"));

        assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGE_UNPARSEABLE);
        assertThat(given.getScore()).isNull();
        assertThat(given.getAnswer().getText()).isNull();
        assertThat(given.getAnswer().getError()).contains("262144 bytes");
        assertThat(asked).hasSize(1);
    }

    @Test
    void keepsAFailureAFailure() throws InterruptedException {
        JudgementGiven given = judged(new Response.Failed(call(null), "timed out 4 times"));

        assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGE_ERROR);
        assertThat(given.getScore()).isNull();
        assertThat(given.getAnswer().getError()).isEqualTo("timed out 4 times");
        assertThat(Texts.plain(given.getAnswer().getProviderMessage())).isEqualTo("the provider says");
    }

    @Test
    void answerThatIsTooLongIsNoVerdictAndIsNotAskedForAgain() throws InterruptedException {
        JudgementGiven given = judged(new Response.Oversized(call("stop"), "longer than is recorded"));

        assertThat(given.getOutcome()).isEqualTo(Outcome.JUDGE_UNPARSEABLE);
        assertThat(given.getAnswer().getError()).isEqualTo("longer than is recorded");
        assertThat(given.getAnswer().getCostNanoUsd()).isEqualTo(70L);
    }

    @Test
    void handsBackARequestWhoseCircuitOpensBetweenTwoCalls() throws InterruptedException {
        Unanswered back = new Unanswered.HandedBack(DeferralReason.CIRCUIT_OPEN, "5 failures in a row", NOW + 10_000);

        assertThat(conclude(back)).isSameAs(back);
        // what the first call has taken goes with it: whoever takes the request up begins anew
        assertThat(conclude(replied("Four."), back)).isEqualTo(new Unanswered.HandedBack(
                DeferralReason.CIRCUIT_OPEN, "5 failures in a row", NOW + 10_000,
                new Paid(new Usage(10L, 5L, 0L), 70L)));
    }

    private JudgementGiven judged(Response... results) throws InterruptedException {
        return (JudgementGiven) ((Conclusion.Answered) conclude(results)).event();
    }

    private Conclusion conclude(Response... results) throws InterruptedException {
        Deque<Response> left = new ArrayDeque<>(List.of(results));
        return new JudgeWork(2)
                .conclude(new WorkSession(WorkItem.of(Requests.verdict()), Requests.PACK, (prompt, permission) -> {
                    asked.add(prompt);
                    return left.removeFirst();
                }, () -> Permission.GO, new WorkerName("host/1/abcd"),
                        Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC)));
    }

    private static Response replied(String text) {
        return new Response.Replied(call("stop"), text, null);
    }

    private static CallRecord call(String finishReason) {
        return new CallRecord(List.of(new Attempt("ok", 200, NOW - 100, 100L, 0L)), new CallParameters(0.0, 128, null),
                new Usage(10L, 5L, 0L), 70L,
                finishReason, "some-judge-0001", null, null, "the provider says", NOW - 100, NOW);
    }
}
