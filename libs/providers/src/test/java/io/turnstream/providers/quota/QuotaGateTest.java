package io.turnstream.providers.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskLease;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.LeaseGranted;
import io.turnstream.contracts.QuotaScope;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.CallQuota;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Served;
import io.turnstream.providers.OperatorQuotas;
import io.turnstream.providers.Usage;
import io.turnstream.providers.calling.CallOrder;
import io.turnstream.providers.calling.CallResult;
import io.turnstream.providers.calling.DeferralCause;
import io.turnstream.providers.calling.Gate;
import io.turnstream.providers.calling.Gate.Admission;
import io.turnstream.providers.calling.ResilientCaller;
import io.turnstream.providers.calling.RetryPolicy;
import io.turnstream.providers.calling.VirtualTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class QuotaGateTest {

    private static final CallQuota SIXTY = new CallQuota(60, null);

    private final AtomicLong nanos = new AtomicLong();
    private final List<AskLease> asks = new ArrayList<>();
    private final List<String> places = new ArrayList<>();
    private int opened;
    private int grantable = Integer.MAX_VALUE;
    private final QuotaClient client = new QuotaClient("w1", this::answer, listening -> {
        opened++;
        listening.hearing();
        return () -> {};
    }, Clock.systemUTC(), nanos::get);

    @Test
    void without_a_quota_nothing_is_asked_and_nobody_listens() throws InterruptedException {
        assertThat(gate(QuotaGate.Role.MODEL, OperatorQuotas.NONE).ask(order(CallQuota.NONE), () -> false))
                .isInstanceOf(Admission.Open.class);

        assertThat(opened).isZero();
        assertThat(asks).isEmpty();
    }

    @Test
    void an_operators_quota_for_one_model_leaves_others_alone() throws InterruptedException {
        Gate gate = gate(QuotaGate.Role.MODEL, operator("sim/other rpm=5"));

        assertThat(gate.ask(order(CallQuota.NONE), () -> false)).isInstanceOf(Admission.Open.class);
        assertThat(asks).isEmpty();
    }

    @Test
    void a_models_quota_limits_all_calls_with_the_key_and_the_smaller_of_runs_and_operators_holds()
            throws InterruptedException {
        gate(QuotaGate.Role.MODEL, operator("sim rpm=50 tpm=7000, sim/contextual rpm=20")).ask(order(SIXTY),
                () -> false);

        assertThat(asks.getFirst().getScopes()).containsExactly(
                new QuotaScope("key", 50, 7_000L), new QuotaScope("model/sim/contextual", 20, null));
        assertThat(asks.getFirst().getGroup()).isEqualTo("sim");
    }

    @Test
    void a_judges_quota_limits_judges_and_its_calls_count_with_the_key() throws InterruptedException {
        gate(QuotaGate.Role.JUDGE, OperatorQuotas.NONE).ask(order(SIXTY), () -> false);

        assertThat(asks.getFirst().getScopes()).containsExactly(new QuotaScope("key", null, null),
                new QuotaScope("judge", 60, null));
    }

    @Test
    void each_attempt_takes_a_permit_and_what_it_cost_is_reported() throws InterruptedException {
        Gate gate = gate(QuotaGate.Role.MODEL, OperatorQuotas.NONE);
        Gate.Pass pass = ((Admission.Open) gate.ask(order(SIXTY), () -> false)).pass();
        // 30 characters make 10 tokens, 8 for the message, at most 100 of an answer
        assertThat(asks.getFirst().getFirstTokens()).isEqualTo(118);

        pass.used(new ModelReply.Answered("yes", served(new Usage(12, 3, 0))), nanos.get());
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        client.tick();

        assertThat(asks.getLast().getUses()).singleElement().satisfies(use -> {
            assertThat(use.getRequests()).isEqualTo(1);
            assertThat(use.getTokens()).isEqualTo(15);
        });
        assertThat(places).containsExactly("used");
    }

    @Test
    void an_attempt_that_was_given_up_halfway_counts() throws InterruptedException {
        Gate.Pass pass = ((Admission.Open) gate(QuotaGate.Role.MODEL, OperatorQuotas.NONE).ask(order(SIXTY),
                () -> false)).pass();

        pass.unused();
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        client.tick();

        assertThat(asks.getLast().getUses().getFirst().getRequests()).isEqualTo(1);
        assertThat(places).containsExactly("unused");
    }

    @Test
    void an_attempt_that_was_never_sent_is_returned() throws InterruptedException {
        Gate.Pass pass = ((Admission.Open) gate(QuotaGate.Role.MODEL, OperatorQuotas.NONE).ask(order(SIXTY),
                () -> false)).pass();

        pass.used(new ModelReply.Failed(FailureCause.IMAGE_UNAVAILABLE, null, null, "no image"), nanos.get());
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        client.tick();

        assertThat(asks.getLast().getUses().getFirst().getRequests()).isZero();
    }

    @Test
    void who_waits_too_long_is_handed_back_and_gives_up_its_place() throws InterruptedException {
        grantable = 0;
        Gate gate = gate(QuotaGate.Role.MODEL, OperatorQuotas.NONE);
        BooleanSupplier timeFlies = () -> {
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            return false;
        };

        Admission admission = gate.ask(order(SIXTY), timeFlies);

        assertThat(admission).isInstanceOfSatisfying(Admission.Closed.class, closed -> {
            assertThat(closed.cause()).isEqualTo(DeferralCause.AWAITING_QUOTA);
            assertThat(closed.cause().stopsTheRun()).isFalse();
            assertThat(closed.delay()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(60));
            assertThat(closed.detail()).isEqualTo("60 requests a minute at sim");
        });
        assertThat(places).containsExactly("unused");
    }

    @Test
    void waiting_for_a_quota_uses_up_no_retry() throws InterruptedException {
        grantable = 0;
        ResilientCaller caller = new ResilientCaller(call -> new ModelReply.Answered("yes", served(Usage.ZERO)),
                gate(QuotaGate.Role.MODEL, OperatorQuotas.NONE), new VirtualTime(), () -> 0.5);

        CallResult waited = caller.call(order(SIXTY), () -> {
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            return false;
        });

        assertThat(waited).isInstanceOfSatisfying(CallResult.Deferred.class, deferred -> {
            assertThat(deferred.cause()).isEqualTo(DeferralCause.AWAITING_QUOTA);
            assertThat(deferred.attempts()).isEmpty();
        });
    }

    @Test
    void who_is_to_stop_stops_waiting() throws InterruptedException {
        grantable = 0;

        assertThat(gate(QuotaGate.Role.MODEL, OperatorQuotas.NONE).ask(order(SIXTY), () -> true))
                .isInstanceOf(Admission.Aborted.class);
        assertThat(places).containsExactly("unused");
    }

    @Test
    void an_image_counts_and_an_estimate_grows_with_what_the_provider_counts() {
        TokenEstimate estimate = new TokenEstimate();
        ModelCall call = order(SIXTY).call();
        assertThat(estimate.of(call)).isEqualTo(118);

        estimate.learn(call, new Usage(180, 3, 0));

        assertThat(estimate.of(call)).isEqualTo(280);
        for (int i = 0; i < 1_000; i++) {
            estimate.learn(call, new Usage(1, 3, 0));
        }
        assertThat(estimate.of(call)).isEqualTo(118);
    }

    private void answer(AskLease ask) {
        asks.add(ask);
        if (ask.getRequests() > 0) {
            client.receive(new LeaseGranted(new EventMeta("g", null, null, 0L), ask.getGroup(), ask.getWorker(),
                    ask.getLane(), ask.getLeaseId(),
                    Math.min(grantable, ask.getRequests()), -1L, 3_000L, 250L));
        }
    }

    private Gate gate(QuotaGate.Role role, OperatorQuotas operator) {
        return new QuotaGate(new Gate() {
            @Override
            public Admission ask(CallOrder order, BooleanSupplier aborted) {
                return new Admission.Open(new Pass() {
                    @Override
                    public void used(ModelReply reply, long startedNanos) {
                        places.add("used");
                    }

                    @Override
                    public void unused() {
                        places.add("unused");
                    }
                });
            }

            @Override
            public boolean hasServedSince(CallOrder order, long sinceNanos) {
                return false;
            }
        }, role, operator, client);
    }

    private static OperatorQuotas operator(String text) {
        return OperatorQuotas.fromEnvironment(Map.of(OperatorQuotas.VARIABLE, text));
    }

    private static CallOrder order(CallQuota quota) {
        ModelCall call = new ModelCall(new ModelName("sim", "contextual"), List.of(ChatTurn.user("x".repeat(30))), null,
                new CallParameters(0.1, 100, null), Duration.ofSeconds(5), "r1");
        return new CallOrder(call, RetryPolicy.DEFAULT, "run", 1, 4, "--max-tokens", quota);
    }

    private static Served served(Usage usage) {
        return new Served("m", null, "stop", usage, new CallParameters(0.1, 100, null), Set.of(), null);
    }
}
