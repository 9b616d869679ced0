package io.turnstream.providers.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.turnstream.events.AnswerBounds;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.ModelReply.Refused;
import io.turnstream.providers.Providers;
import io.turnstream.providers.Usage;
import io.turnstream.providers.calling.CallResult.Deferred;
import io.turnstream.providers.calling.CallResult.Ending;
import io.turnstream.providers.calling.CallResult.Settled;
import io.turnstream.providers.limits.ModelGates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResilientCallerTest {

    private static final ModelName MODEL = new ModelName("test", "m");
    private static final ModelReply OK = answered("Yes.", "stop");
    private static final ModelReply EMPTY = answered("", "stop");

    private final VirtualTime time = new VirtualTime();
    private final ModelGates gates = new ModelGates(time);
    private final Deque<ModelReply> script = new ArrayDeque<>();
    private Supplier<ModelReply> afterwards = () -> OK;
    private Duration latency = Duration.ofMillis(100);
    private final ResilientCaller caller = new ResilientCaller(call -> {
        time.pass(latency);
        ModelReply next = script.poll();
        return next == null ? afterwards.get() : next;
    }, gates, time, () -> 0.999);

    private static Answered answered(String text, String finishReason) {
        return new Answered(text, new ModelReply.Served("served", "fp", finishReason, new Usage(10, 2, 0),
                CallParameters.NONE, Set.of(), null));
    }

    private static Failed failed(FailureCause cause, @Nullable Duration retryAfter) {
        return new Failed(cause, null, retryAfter, "it was " + cause.wireName());
    }

    private static Failed failed(FailureCause cause) {
        return failed(cause, null);
    }

    private static CallOrder order(String requestId) {
        return new CallOrder(new ModelCall(MODEL, List.of(ChatTurn.user("Hi")), null,
                new CallParameters(0.0, 128, null), Duration.ofSeconds(30), requestId), RetryPolicy.DEFAULT, "run", 0,
                10,
                "--judge-max-tokens");
    }

    private CallResult call() throws InterruptedException {
        return caller.call(order("r"), () -> false);
    }

    private Settled settled() throws InterruptedException {
        return (Settled) call();
    }

    private static List<String> causes(CallResult result) {
        return result.attempts().stream().map(Attempt::cause).toList();
    }

    @Test
    void firstAnswerSettlesTheCall() throws Exception {
        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.ANSWERED);
        assertThat(settled.reply()).isSameAs(OK);
        assertThat(settled.usage()).isEqualTo(new Usage(10, 2, 0));
        assertThat(settled.error()).isNull();
        assertThat(settled.attempts()).containsExactly(
                new Attempt("ok", 200, time.now().minus(latency), latency, Duration.ZERO));
    }

    @Test
    void faultsOfEveryRetryableKindAreTriedAgainAndCountedByCause() throws Exception {
        script.addAll(
                List.of(failed(FailureCause.RATE_LIMITED, Duration.ofSeconds(2)), failed(FailureCause.SERVER_ERROR),
                        failed(FailureCause.TIMEOUT), failed(FailureCause.MALFORMED_BODY),
                        failed(FailureCause.CONNECTION), EMPTY, OK));

        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.ANSWERED);
        assertThat(causes(settled)).containsExactly("rate_limited", "server_error", "timeout", "malformed_body",
                "connection", "empty", "ok");
        assertThat(settled.usage()).as("tokens of the empty answer and of the last").isEqualTo(new Usage(20, 4, 0));
    }

    @Test
    void retryAfterIsNeverUndercut() throws Exception {
        script.add(failed(FailureCause.RATE_LIMITED, Duration.ofSeconds(7)));

        assertThat(settled().attempts().get(1).waited()).isBetween(Duration.ofSeconds(7), Duration.ofMillis(8750));
    }

    @Test
    void waitsGrowFromHalfASecondAndAreJittered() {
        RetryPolicy policy = RetryPolicy.DEFAULT;

        assertThat(policy.backoff(1, null, 0)).isEqualTo(Duration.ofMillis(250));
        assertThat(policy.backoff(1, null, 1)).isEqualTo(Duration.ofMillis(500));
        assertThat(policy.backoff(4, null, 1)).isEqualTo(Duration.ofSeconds(4));
        assertThat(policy.backoff(40, null, 1)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void emptyAnswersEndAsEmptyOnceTheRetriesAreSpent() throws Exception {
        afterwards = () -> EMPTY;

        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.EMPTY);
        assertThat(settled.attempts()).hasSize(7);
        assertThat(settled.error()).isEqualTo("the answer was empty each time (7 attempts)");
    }

    @Test
    void emptyAnswerAtTheLimitIsNotTriedAgainAndSaysWhatToRaise() throws Exception {
        script.add(answered(" ", "length"));

        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.TRUNCATED);
        assertThat(settled.error()).isEqualTo(
                "the answer is empty because the token limit was reached first: raise --judge-max-tokens (now 128)");
        assertThat(settled.attempts()).hasSize(1);
    }

    @Test
    void refusalSettlesTheCall() throws Exception {
        script.add(new Refused(Refused.Kind.CONTENT_FILTER, "",
                new ModelReply.Served(null, null, "content_filter", null, CallParameters.NONE, Set.of(), null)));

        assertThat(settled().ending()).isEqualTo(Ending.REFUSED);
    }

    @Test
    void badRequestIsNotTriedAgain() throws Exception {
        script.add(failed(FailureCause.BAD_REQUEST));

        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.FAILED);
        assertThat(settled.error()).isEqualTo("it was bad_request");
        assertThat(settled.attempts()).hasSize(1);
    }

    @Test
    void learnedParameterIsTriedAgainAtOnceAndCostsNoRetry() throws Exception {
        script.addAll(List.of(failed(FailureCause.UNSUPPORTED_PARAMETER), failed(FailureCause.UNSUPPORTED_PARAMETER)));

        Settled settled = (Settled) caller.call(new CallOrder(order("r").call(),
                RetryPolicy.DEFAULT.withMaxRetries(0), "run", 0, 10, "--max-tokens"), () -> false);

        assertThat(settled.ending()).isEqualTo(Ending.ANSWERED);
        assertThat(causes(settled)).containsExactly("unsupported_parameter", "unsupported_parameter", "ok");
        assertThat(time.passed()).isEqualTo(latency.multipliedBy(3));
    }

    @Test
    void adapterThatNeverStopsLearningIsStopped() throws Exception {
        afterwards = () -> failed(FailureCause.UNSUPPORTED_PARAMETER);

        assertThat(settled().ending()).isEqualTo(Ending.FAILED);
    }

    @ParameterizedTest
    @EnumSource(value = FailureCause.class, names = {"AUTHENTICATION", "NOT_FOUND", "QUOTA_EXHAUSTED"})
    void whatStopsTheRunIsHandedBackAfterOneAttempt(FailureCause cause) throws Exception {
        script.add(failed(cause));

        Deferred deferred = (Deferred) call();

        assertThat(deferred.cause().stopsTheRun()).isTrue();
        assertThat(deferred.detail()).isEqualTo("it was " + cause.wireName());
        assertThat(deferred.attempts()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(value = FailureCause.class, names = {"AUTHENTICATION", "NOT_FOUND", "QUOTA_EXHAUSTED"})
    void whatStopsTheRunIsNotTriedByTheOthersThatAskedForTheSameModel(FailureCause cause) throws Exception {
        script.add(failed(cause));
        Deferred first = (Deferred) call();

        Deferred second = (Deferred) caller.call(order("another"), () -> false);

        assertThat(second.cause()).isEqualTo(first.cause());
        assertThat(second.detail()).isEqualTo(first.detail());
        assertThat(second.attempts()).as("calls made").isEmpty();
        time.pass(Duration.ofSeconds(5));
        assertThat(settled().ending()).as("once the key was mended").isEqualTo(Ending.ANSWERED);
    }

    @Test
    void callThatFailsWhileOthersAreServedEndsOnceItsRetriesAreSpent() throws Exception {
        // Given a server that answers everybody but this call
        serveSomebodyElse();
        afterwards = () -> {
            serveSomebodyElse();
            return failed(FailureCause.SERVER_ERROR);
        };

        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.FAILED);
        assertThat(settled.attempts()).hasSize(7);
        assertThat(settled.error()).isEqualTo("it was server_error (7 attempts)");
    }

    @Test
    void rateLimitsCountAQuarter() throws Exception {
        serveSomebodyElse();
        afterwards = () -> {
            serveSomebodyElse();
            return failed(FailureCause.RATE_LIMITED);
        };

        assertThat(settled().attempts()).hasSize(25);
    }

    private void serveSomebodyElse() {
        try {
            switch (gates.ask(order("other"), () -> false)) {
                case Gate.Admission.Open open -> open.pass().used(OK, time.nanos());
                case Gate.Admission.Closed _,Gate.Admission.Aborted _ -> throw new AssertionError("not let through");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(value = FailureCause.class, names = {"SERVER_ERROR", "CONNECTION", "TIMEOUT"})
    void outageOfAMinuteFailsNothing(FailureCause cause) throws Exception {
        // Given a server that comes back after a minute
        afterwards = () -> time.passed().compareTo(Duration.ofMinutes(1)) < 0 ? failed(cause) : OK;

        // When the call is asked again whenever it is handed back, as the dispatcher does
        int deferrals = 0;
        CallResult result = call();
        while (result instanceof Deferred deferred) {
            assertThat(deferred.cause()).isEqualTo(DeferralCause.CIRCUIT_OPEN);
            assertThat(deferred.detail()).isEqualTo("it was " + cause.wireName());
            deferrals++;
            time.pass(Duration.between(time.now(), deferred.notBefore()));
            result = call();
        }

        // Then
        assertThat(((Settled) result).ending()).isEqualTo(Ending.ANSWERED);
        assertThat(deferrals).isLessThan(20);
        assertThat(result.attempts().size()).as("attempts are few, and all remembered").isBetween(6, 15);
        assertThat(time.passed()).isLessThan(Duration.ofSeconds(80));
    }

    @Test
    void callThatComesWhileTheCircuitIsOpenIsHandedBackUntilTheNextProbe() throws Exception {
        // Given an outage that another call has found out, and probed twice: open for 4 s
        for (int failure = 0; failure < 7; failure++) {
            CallOrder other = order("other");
            if (failure >= 5) {
                time.pass(Duration.ofSeconds(failure == 5 ? 1 : 2));
            }
            Gate.Admission admission = gates.ask(other, () -> false);
            ((Gate.Admission.Open) admission).pass().used(failed(FailureCause.CONNECTION), time.nanos());
        }

        Deferred deferred = (Deferred) call();

        assertThat(deferred.cause()).isEqualTo(DeferralCause.CIRCUIT_OPEN);
        assertThat(deferred.notBefore()).isEqualTo(time.now().plusSeconds(4));
        assertThat(deferred.attempts()).isEmpty();
        assertThat(gates.loads().getFirst().circuitOpen()).isTrue();
        assertThat(gates.loads().getFirst().trouble()).isEqualTo("it was connection");
    }

    @Test
    void callThatTheServerAloneFailsForeverEndsAfterHalfAnHour() throws Exception {
        afterwards = () -> failed(FailureCause.SERVER_ERROR);

        CallResult result = call();
        while (result instanceof Deferred deferred) {
            time.pass(Duration.between(time.now(), deferred.notBefore()));
            result = call();
        }

        assertThat(((Settled) result).ending()).isEqualTo(Ending.FAILED);
        assertThat(time.passed()).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(35));
    }

    @Test
    void longRetryAfterIsNotWaitedForHere() throws Exception {
        script.add(failed(FailureCause.RATE_LIMITED, Duration.ofHours(1)));

        Deferred deferred = (Deferred) call();

        assertThat(deferred.cause()).isEqualTo(DeferralCause.RATE_LIMITED);
        assertThat(deferred.notBefore()).isEqualTo(time.now().plus(Duration.ofHours(1)));
    }

    @Test
    void pauseBitesBeforeTheFirstAttempt() throws Exception {
        Deferred deferred = (Deferred) caller.call(order("r"), () -> true);

        assertThat(deferred.cause()).isEqualTo(DeferralCause.ABORTED);
        assertThat(deferred.attempts()).isEmpty();
    }

    @Test
    void pauseBitesDuringTheWaitAndNoPlaceIsHeld() throws Exception {
        afterwards = () -> failed(FailureCause.MALFORMED_BODY);
        AtomicInteger looks = new AtomicInteger();

        Deferred deferred = (Deferred) caller.call(order("r"), () -> {
            assertThat(gates.loads()).allMatch(load -> load.inFlight() <= 1);
            return looks.incrementAndGet() > 4;
        });

        assertThat(deferred.cause()).isEqualTo(DeferralCause.ABORTED);
        assertThat(gates.loads()).allMatch(load -> load.inFlight() == 0);
    }

    @Test
    void deferredCallGoesOnWhereItWas() throws Exception {
        // Given a call with two empty answers that is paused in the wait after the second
        script.addAll(List.of(EMPTY, EMPTY));
        Deferred deferred = (Deferred) caller.call(order("r"), script::isEmpty);
        assertThat(causes(deferred)).containsExactly("empty", "empty");

        // When it is asked again
        afterwards = () -> EMPTY;
        Settled settled = settled();

        // Then the two count, and what they took is told once
        assertThat(settled.attempts()).hasSize(7);
        assertThat(deferred.usage()).isEqualTo(new Usage(20, 4, 0));
        assertThat(settled.usage()).isEqualTo(new Usage(50, 10, 0));
    }

    @Test
    void providerWithoutItsKeyStopsTheRunWithTheVariableToSet() throws Exception {
        afterwards = () -> {
            throw missingKey();
        };

        Deferred deferred = (Deferred) call();

        assertThat(deferred.cause()).isEqualTo(DeferralCause.AUTHENTICATION);
        assertThat(deferred.detail()).contains("set OPENAI_API_KEY");
        assertThat(gates.loads()).allMatch(load -> load.inFlight() == 0);
    }

    private static RuntimeException missingKey() {
        return catchThrowableOfType(RuntimeException.class, () -> Providers.fromEnvironment(Map.of()).named("openai"));
    }

    @Test
    void brokenClientGivesThePlaceBackAndWhatWasPaidIsTold() throws Exception {
        script.add(EMPTY);
        afterwards = () -> {
            throw new IllegalStateException("broken");
        };

        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.FAILED);
        assertThat(causes(settled)).containsExactly("empty", "adapter_failed");
        assertThat(settled.usage()).isEqualTo(new Usage(10, 2, 0));
        assertThat(settled.error()).contains("IllegalStateException").doesNotContain("broken");
        assertThat(gates.loads()).allMatch(load -> load.inFlight() == 0);
    }

    @Test
    void answerThatEndsForAReasonThatNobodyKnowsIsAnAnswerOfAnAttemptThatSaysSo() throws Exception {
        script.add(answered("Fine.", "done_it"));

        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.ANSWERED);
        assertThat(causes(settled)).containsExactly("unknown_finish");
    }

    @Test
    void answerThatIsTooLongIsNotAskedForAgainAndSaysWhereItsTokensAreNotKnown() throws Exception {
        script.add(new ModelReply.Oversized(answered("", null).served()));
        script.add(new ModelReply.Oversized(
                new ModelReply.Served(null, null, null, null, CallParameters.NONE, Set.of(), null)));

        Settled counted = settled();
        Settled uncounted = (Settled) caller.call(order("other"), () -> false);

        assertThat(List.of(counted.ending(), uncounted.ending())).containsOnly(Ending.OVERSIZED);
        assertThat(counted.error()).isEqualTo(AnswerBounds.TOO_LONG);
        assertThat(uncounted.error()).startsWith(AnswerBounds.TOO_LONG)
                .contains("how many tokens it took is not known");
        assertThat(causes(uncounted)).containsExactly("oversized");
    }

    @Test
    void troubleIsToldBeforeTheNextAttemptUnlessOthersAreServed() throws Exception {
        List<Failed> told = new ArrayList<>();
        script.addAll(List.of(failed(FailureCause.CONNECTION), failed(FailureCause.RATE_LIMITED),
                failed(FailureCause.SERVER_ERROR), OK));

        caller.call(order("r"), () -> false, told::add);

        assertThat(told).extracting(Failed::cause).containsExactly(FailureCause.CONNECTION, FailureCause.SERVER_ERROR);
    }

    @Test
    void patienceWithAServerInTroubleIsNotCalledAQuota() throws Exception {
        script.add(failed(FailureCause.SERVER_ERROR, Duration.ofHours(1)));

        assertThat(((Deferred) call()).cause()).isEqualTo(DeferralCause.CIRCUIT_OPEN);
    }

    @Test
    void unusableAnswersThatArePaidEndWithTheRetriesAlthoughNobodyIsServed() throws Exception {
        afterwards = () -> new Failed(FailureCause.UNUSABLE_ANSWER, 200, null, "half", null, new Usage(10, 2, 0));

        Settled settled = settled();

        assertThat(settled.ending()).isEqualTo(Ending.FAILED);
        assertThat(settled.attempts()).hasSize(7);
        assertThat(settled.usage()).isEqualTo(new Usage(70, 14, 0));
    }

    @Test
    void emptyAnswerWithItsTextInTheReasoningSaysSo() throws Exception {
        afterwards = () -> new Answered("", new ModelReply.Served("served", "fp", "stop", new Usage(10, 2, 0),
                CallParameters.NONE, Set.of(), "B."));

        assertThat(settled().error())
                .startsWith("the answer was empty each time (7 attempts): all it said stands in the reasoning");
    }
}
