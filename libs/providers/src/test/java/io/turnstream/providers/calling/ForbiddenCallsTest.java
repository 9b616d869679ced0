package io.turnstream.providers.calling;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.Usage;
import io.turnstream.providers.calling.CallResult.Deferred;
import io.turnstream.providers.calling.CallResult.Ending;
import io.turnstream.providers.calling.CallResult.Settled;
import io.turnstream.providers.limits.ModelGates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Calls that are refused by a 403 which does not say whether the key or the prompt is the reason.
class ForbiddenCallsTest {

    private static final Answered OK = new Answered("Fine.",
            new ModelReply.Served("served", "fp", "stop", new Usage(10, 2, 0),
                    CallParameters.NONE, Set.of(), null));

    private final VirtualTime time = new VirtualTime();
    private final Deque<ModelReply> script = new ArrayDeque<>();
    private Supplier<ModelReply> afterwards = () -> OK;
    private final ResilientCaller caller = new ResilientCaller(call -> {
        time.pass(Duration.ofMillis(100));
        ModelReply next = script.poll();
        return next == null ? afterwards.get() : next;
    }, new ModelGates(time), time, () -> 0.999);

    private static Failed failed(FailureCause cause) {
        return new Failed(cause, null, null, "it was " + cause.wireName());
    }

    private static CallOrder order(String requestId) {
        return new CallOrder(new ModelCall(new ModelName("test", "m"), List.of(ChatTurn.user("Hi")), null,
                new CallParameters(0.0, 128, null), Duration.ofSeconds(30), requestId), RetryPolicy.DEFAULT, "run", 0,
                10, "--max-tokens");
    }

    private static List<String> causes(CallResult result) {
        return result.attempts().stream().map(Attempt::cause).toList();
    }

    @Test
    void forbiddenPromptEndsAsFailedOnceOthersAreServed() throws Exception {
        // Given a prompt that is refused in unknown words, and another call that is served while it waits
        script.add(failed(FailureCause.FORBIDDEN));
        script.add(OK);
        script.add(failed(FailureCause.FORBIDDEN));
        boolean[] other = {false};

        Settled settled = (Settled) caller.call(order("r"), () -> {
            if (script.size() == 2 && !other[0]) {
                other[0] = true;
                callOther();
            }
            return false;
        });

        assertThat(settled.ending()).isEqualTo(Ending.FAILED);
        assertThat(settled.error()).contains("others are served, so it is about this prompt");
        assertThat(settled.attempts()).hasSize(2);
    }

    private void callOther() {
        try {
            caller.call(order("other"), () -> false);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void forbiddenPromptStopsTheRunWhenNobodyIsServedAndEndsAfterTheResumptionOnceSomebodyWas() throws Exception {
        afterwards = () -> failed(FailureCause.FORBIDDEN);

        Deferred halted = (Deferred) caller.call(order("r"), () -> false);

        assertThat(halted.cause()).isEqualTo(DeferralCause.AUTHENTICATION);
        assertThat(causes(halted)).containsExactly("forbidden", "forbidden", "forbidden");

        // When the run is resumed, and others are served
        script.add(OK);
        callOther();

        assertThat(((Settled) caller.call(order("r"), () -> false)).ending()).isEqualTo(Ending.FAILED);
    }

    @Test
    void callThatHaltedItsRunBeforeAndIsForbiddenAgainEndsAsFailedAlthoughNobodyIsServed() throws Exception {
        // Given a run that was resumed after this call had halted it, by another process perhaps: nothing is remembered
        // here
        afterwards = () -> failed(FailureCause.FORBIDDEN);

        Settled settled = (Settled) caller.call(againAfterAHalt(), () -> false);

        assertThat(settled.ending()).isEqualTo(Ending.FAILED);
        assertThat(settled.error()).contains("the run was halted over this call before").endsWith("(3 attempts)");
        assertThat(causes(settled)).containsExactly("forbidden", "forbidden", "forbidden");
    }

    @Test
    void wrongKeyStopsTheRunHoweverOftenTheCallHasHaltedItBefore() throws Exception {
        afterwards = () -> failed(FailureCause.AUTHENTICATION);

        Deferred halted = (Deferred) caller.call(againAfterAHalt(), () -> false);

        assertThat(halted.cause()).isEqualTo(DeferralCause.AUTHENTICATION);
    }

    private static CallOrder againAfterAHalt() {
        CallOrder order = order("r");
        return new CallOrder(order.call(), order.retry(), order.run(), 0, 10, order.maxTokensFlag(), order.quota(),
                true);
    }
}
