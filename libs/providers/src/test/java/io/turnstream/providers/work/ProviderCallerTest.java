package io.turnstream.providers.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.contracts.Usage;
import io.turnstream.providers.Adaptation;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelClients;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.ModelReply.Refused;
import io.turnstream.providers.ModelReply.Served;
import io.turnstream.providers.Providers;
import io.turnstream.providers.calling.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderCallerTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

    private final List<ModelCall> calls = new ArrayList<>();
    private final Steps time = new Steps();
    private Permission permission = Permission.GO;
    private @Nullable TokenPrice price = new TokenPrice(2_000_000L, 4_000_000L);
    private @Nullable Integer paidAttempts;

    @Test
    void carriesPromptAndReplyAcross() throws InterruptedException {
        // When
        Response.Replied reply = (Response.Replied) call(3, new Answered("Fine.", served("stop")));

        // Then
        assertThat(reply.text()).isEqualTo("Fine.");
        assertThat(reply.error()).isNull();
        assertThat(reply.call().effective()).isEqualTo(new CallParameters(null, 128, null));
        assertThat(reply.call().usage()).isEqualTo(new Usage(10L, 5L, 1L));
        assertThat(reply.call().servedModel()).isEqualTo("some-model-0001");
        assertThat(reply.call().systemFingerprint()).isEqualTo("fp-1");
        assertThat(reply.call().finishReason()).isEqualTo("stop");
        assertThat(reply.call().attempts()).extracting(Attempt::getCause).containsExactly("ok");
        ModelCall sent = calls.getFirst();
        assertThat(sent.model()).hasToString("sim/some-model");
        assertThat(sent.requestId()).isEqualTo("request-1");
        assertThat(sent.parameters().temperature()).isEqualTo(0.1);
        assertThat(sent.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(sent.image()).isNull();
    }

    @Test
    void retriesAndReportsEveryAttemptByItsCause() throws InterruptedException {
        Response.Replied reply = (Response.Replied) call(3, new Failed(FailureCause.MALFORMED_BODY, 200, null, "cut"),
                new Answered("", served("stop")), new Answered("Fine.", served("stop")));

        assertThat(reply.call().attempts()).extracting(Attempt::getCause).containsExactly("malformed_body", "empty",
                "ok");
        // The empty answer and the good one, 10 + 5 tokens each.
        assertThat(reply.call().usage()).isEqualTo(new Usage(20L, 10L, 2L));
    }

    @Test
    void pricesTheTokensOfAllAttemptsAtThePriceThatStandsInTheRequest() throws InterruptedException {
        // Given 2 USD for a million tokens in and 4 for a million out: 2,000 and 4,000 nano-USD each
        // When two answers take 10 + 5 tokens each
        Response.Replied reply = (Response.Replied) call(3, new Answered("", served("stop")),
                new Answered("Fine.", served("stop")));

        // Then 20 x 2,000 + 10 x 4,000
        assertThat(reply.call().costNanoUsd()).isEqualTo(80_000);
    }

    @Test
    void keepsTheFinishReasonOfWhatFailed() throws InterruptedException {
        Response.Failed failed = (Response.Failed) call(0,
                new Failed(FailureCause.UNUSABLE_ANSWER, 200, null, "half", null, null, "OTHER"));

        assertThat(failed.call().finishReason()).isEqualTo("OTHER");
    }

    @Test
    void anAnswerThatEndsForAnUnknownReasonIsPaidAndAnswered() throws InterruptedException {
        Response.Replied reply = (Response.Replied) call(0, new Answered("Fine.", served("done_it")));

        assertThat(reply.call().attempts()).extracting(Attempt::getCause).containsExactly("unknown_finish");
        assertThat(reply.call().answered()).isEqualTo(1);
    }

    @Test
    void leavesTheCostUnknownWhereThatOfAnAnswerThatWasTooLongIs() throws InterruptedException {
        // Given an empty answer of 10 + 5 tokens, and then one that was not read to its end
        Response.Oversized oversized = (Response.Oversized) call(3, new Answered("", served("stop")),
                new ModelReply.Oversized(new Served(null, null, null, null, io.turnstream.providers.CallParameters.NONE,
                        Set.of(), null)));

        assertThat(oversized.call().usage()).isEqualTo(new Usage(10L, 5L, 1L));
        assertThat(oversized.call().costNanoUsd()).isNull();
    }

    @Test
    void leavesTheCostUnknownWhereThePriceIs() throws InterruptedException {
        price = null;

        Response.Replied reply = (Response.Replied) call(3, new Answered("Fine.", served("stop")));

        assertThat(reply.call().costNanoUsd()).isNull();
        assertThat(reply.call().usage()).isNotNull();
    }

    @Test
    void asksForNoMoreAnswersThanMayBePaid() throws InterruptedException {
        // Given five retries, and money for two answers
        paidAttempts = 2;

        // When failures cost nothing and empty answers do
        Response.Replied reply = (Response.Replied) call(5, new Answered("", served("stop")),
                new Failed(FailureCause.MALFORMED_BODY, 200, null, "cut"),
                new Answered("", served("stop")));

        // Then
        assertThat(reply.isEmpty()).isTrue();
        assertThat(reply.call().usage()).isEqualTo(new Usage(20L, 10L, 2L));
        assertThat(calls).hasSize(3);
    }

    @Test
    void saysThatTheLimitMustBeRaised() throws InterruptedException {
        Response.Replied reply = (Response.Replied) call(3, new Answered("", served("length")));

        assertThat(reply.isEmpty()).isTrue();
        assertThat(reply.isCut()).isTrue();
        assertThat(reply.error()).contains("--max-tokens").contains("128");
    }

    @Test
    void reportsAnEmptyTextOnceRetriesAreSpent() throws InterruptedException {
        Response.Replied reply = (Response.Replied) call(1, new Answered("", served("stop")),
                new Answered(" ", served("stop")));

        assertThat(reply.isEmpty()).isTrue();
        assertThat(reply.isCut()).isFalse();
        assertThat(reply.error()).isNotBlank();
    }

    @Test
    void reportsTheProvidersRefusal() throws InterruptedException {
        Response.Refused refused = (Response.Refused) call(3,
                new Refused(Refused.Kind.CONTENT_FILTER, "", served("content_filter"), "Not that."));

        assertThat(refused.why()).contains("content filter");
        assertThat(refused.call().providerMessage()).isEqualTo("Not that.");
        assertThat(refused.call().attempts()).hasSize(1);
    }

    @Test
    void reportsAFailureThatIsTheCallsOwn() throws InterruptedException {
        Response.Failed failed = (Response.Failed) call(3,
                new Failed(FailureCause.BAD_REQUEST, 400, null, "too long", "Your prompt is long.", null));

        assertThat(failed.call().providerMessage()).isEqualTo("Your prompt is long.");
        assertThat(failed.error()).contains("too long");
        assertThat(failed.call().attempts()).extracting(Attempt::getHttpStatus).containsExactly(400);
    }

    @Test
    void answerThatIsTooLongIsPaidAndNotAskedForAgain() throws InterruptedException {
        Response.Oversized oversized = (Response.Oversized) call(3, new ModelReply.Oversized(served("stop")));

        assertThat(oversized.error()).contains("262144 bytes");
        assertThat(oversized.call().attempts()).extracting(Attempt::getCause).containsExactly("oversized");
        assertThat(oversized.call().usage()).isEqualTo(new Usage(10L, 5L, 1L));
        assertThat(oversized.call().answered()).isEqualTo(1);
        assertThat(calls).hasSize(1);
    }

    @Test
    void failureThatTheProviderCountedIsPaid() throws InterruptedException {
        Response.Failed failed = (Response.Failed) call(0,
                new Failed(FailureCause.MALFORMED_BODY, 200, null, "cut", null,
                        new io.turnstream.providers.Usage(7, 3, 0)));

        assertThat(failed.call().usage()).isEqualTo(new Usage(7L, 3L, 0L));
        assertThat(failed.call().costNanoUsd()).isEqualTo(7 * 2_000L + 3 * 4_000L);
    }

    @ParameterizedTest
    @CsvSource({"AUTHENTICATION, AUTHENTICATION, 5", "NOT_FOUND, UNKNOWN_MODEL, 5", "QUOTA_EXHAUSTED, QUOTA, 60"})
    void handsBackWhatEveryCallOfTheRunWouldMeet(FailureCause cause, DeferralReason reason, long seconds)
            throws InterruptedException {
        Unanswered.HandedBack back = (Unanswered.HandedBack) call(3,
                new Failed(cause, 401, null, "not so", "You may not.", null));

        assertThat(back.reason()).isEqualTo(reason);
        assertThat(back.detail()).isEqualTo("not so");
        assertThat(back.providerMessage()).isEqualTo("You may not.");
        assertThat(back.toString()).doesNotContain("You may not.");
        assertThat(back.notBeforeMillis()).isEqualTo(time.now().plusSeconds(seconds).toEpochMilli());
    }

    @Test
    void handsBackRatherThanWaitLongForAProviderThatAsksForIt() throws InterruptedException {
        Unanswered.HandedBack back = (Unanswered.HandedBack) call(3,
                new Failed(FailureCause.RATE_LIMITED, 429, Duration.ofHours(1), "wait"));

        assertThat(back.reason()).isEqualTo(DeferralReason.QUOTA);
        assertThat(back.notBeforeMillis()).isGreaterThanOrEqualTo(NOW.plusSeconds(3600).toEpochMilli());
    }

    @Test
    void stopsBetweenAttemptsWhenTheRunIsPausedOrCancelledOrThePartitionGone() throws InterruptedException {
        permission = Permission.PAUSED;
        assertThat(call(3)).isInstanceOfSatisfying(
                Unanswered.HandedBack.class, back -> assertThat(back.reason()).isEqualTo(DeferralReason.PAUSED));
        permission = Permission.DROPPED;
        assertThat(call(3)).isInstanceOf(Unanswered.Dropped.class);
        permission = Permission.REVOKED;
        assertThat(call(3)).isInstanceOf(Unanswered.Left.class);
        assertThat(calls).isEmpty();
    }

    @Test
    void handsBackRequestsForAProviderThatThisWorkerDoesNotKnow() throws InterruptedException {
        try (ModelClients clients = ModelClients.open(Providers.of(List.of()), ImageSource.none());
                ProviderCaller caller = new ProviderCaller(clients, () -> {}, time)) {
            Unanswered.HandedBack back = (Unanswered.HandedBack) caller.call(prompt("sim", 3, null, null),
                    () -> Permission.GO);

            assertThat(back.reason()).isEqualTo(DeferralReason.UNKNOWN_MODEL);
            assertThat(back.detail()).contains("sim");
        }
    }

    private Response call(int maxRetries, ModelReply... replies) throws InterruptedException {
        return call("sim", maxRetries, replies);
    }

    private Response call(String provider, int maxRetries, ModelReply... replies) throws InterruptedException {
        Deque<ModelReply> left = new ArrayDeque<>(List.of(replies));
        return new ProviderCaller(call -> {
            calls.add(call);
            return left.removeFirst();
        }, () -> {}, time).call(prompt(provider, maxRetries, price, paidAttempts), () -> permission);
    }

    private static Prompt prompt(String provider, int maxRetries, @Nullable TokenPrice price,
            @Nullable Integer paidAttempts) {
        return new Prompt("run", new ModelTarget(provider, "some-model"), new CallParameters(0.1, 128, null),
                new CallLimits(4, maxRetries, 5_000L, null, null, price, paidAttempts),
                ProtocolPack.bundled(ProtocolPack.DEFAULT).dialogueTurn(Modality.UNIMODAL, List.of(), "Hello"), null,
                null, 1, "--max-tokens",
                "request-1");
    }

    private static Served served(@Nullable String finishReason) {
        return new Served("some-model-0001", "fp-1", finishReason, new io.turnstream.providers.Usage(10, 5, 1),
                new io.turnstream.providers.CallParameters(null, 128, null), Set.of(Adaptation.TEMPERATURE_DROPPED),
                null);
    }

    /// A clock that moves only when somebody waits.
    private static final class Steps implements Time {

        private Duration passed = Duration.ZERO;

        @Override
        public Instant now() {
            return NOW.plus(passed);
        }

        @Override
        public long nanos() {
            return passed.toNanos();
        }

        @Override
        public void sleep(Duration duration) {
            passed = passed.plus(duration);
        }
    }
}
