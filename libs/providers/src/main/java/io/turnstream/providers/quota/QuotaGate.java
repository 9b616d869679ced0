package io.turnstream.providers.quota;

import io.turnstream.contracts.QuotaScope;
import io.turnstream.events.Costs;
import io.turnstream.providers.CallQuota;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.OperatorQuotas;
import io.turnstream.providers.Usage;
import io.turnstream.providers.calling.CallOrder;
import io.turnstream.providers.calling.DeferralCause;
import io.turnstream.providers.calling.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A gate behind which each attempt also needs permission under the quota that is one for all processes, if there is a
/// quota. An attempt asks for it last, once it has its place, so that it is used at once.
///
/// A run's `--rpm` and `--tpm` limit all calls with the provider's key, judges' included; its `--judge-rpm` and
/// `--judge-tpm` all judges' calls with the key. What [OperatorQuotas] states for a provider limits all calls with its
/// key, for a model those to that model.
public final class QuotaGate implements Gate {

    /// How long a call waits for permission here before it is handed back.
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration SHORTEST_DEFERRAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_DEFERRAL = Duration.ofSeconds(60);
    private static final long MINUTE_MILLIS = 60_000;

    /// Who calls through this gate.
    public enum Role {
        /// Those who ask the models under test.
        MODEL,
        /// Those who ask judges.
        JUDGE
    }

    private final Gate gate;
    private final Role role;
    private final OperatorQuotas operator;
    private final QuotaClient client;
    private final Map<Limited, Optional<Lane>> lanes = new ConcurrentHashMap<>();

    private record Limited(ModelName model, CallQuota asked) {}

    /// @param operator what holds for every run
    public QuotaGate(Gate gate, Role role, OperatorQuotas operator, QuotaClient client) {
        this.gate = gate;
        this.role = role;
        this.operator = operator;
        this.client = client;
    }

    /// A queue, how much its calls may cost, and what limits them, for people.
    private record Lane(QuotaLane queue, TokenEstimate estimate, CallQuota tightest, String why) {

        Duration deferral() {
            Integer perMinute = tightest.requestsPerMinute();
            long millis = perMinute == null ? 0 : queue.waiting() * MINUTE_MILLIS / perMinute;
            return Duration.ofMillis(Math.clamp(millis, SHORTEST_DEFERRAL.toMillis(), LONGEST_DEFERRAL.toMillis()));
        }
    }

    @Override
    public Admission ask(CallOrder order, BooleanSupplier aborted) throws InterruptedException {
        if (order.quota().isNone() && operator == OperatorQuotas.NONE) {
            return gate.ask(order, aborted);
        }
        Lane lane = lanes.computeIfAbsent(new Limited(order.call().model(), order.quota()), this::lane).orElse(null);
        Admission admission = gate.ask(order, aborted);
        return lane != null && admission instanceof Admission.Open(Pass place)
                ? permitted(lane, place, order, aborted)
                : admission;
    }

    private Admission permitted(Lane lane, Pass place, CallOrder order, BooleanSupplier aborted)
            throws InterruptedException {
        LeaseBook.Permit permit = null;
        try {
            permit = lane.queue().acquire(order.priority(), lane.estimate().of(order.call()), PATIENCE, aborted);
        } finally {
            if (permit == null) {
                place.unused();
            }
        }
        if (permit != null) {
            return new Admission.Open(new Permitted(lane, place, permit, order));
        }
        return aborted.getAsBoolean()
                ? new Admission.Aborted()
                : new Admission.Closed(DeferralCause.AWAITING_QUOTA, lane.deferral(), lane.why());
    }

    @Override
    public boolean hasServedSince(CallOrder order, long sinceNanos) {
        return gate.hasServedSince(order, sinceNanos);
    }

    private Optional<Lane> lane(Limited limited) {
        ModelName model = limited.model();
        CallQuota ofKey = operator.of(model.provider()).and(role == Role.MODEL ? limited.asked() : CallQuota.NONE);
        CallQuota ofJudges = role == Role.JUDGE ? limited.asked() : CallQuota.NONE;
        CallQuota ofModel = operator.of(model);
        CallQuota tightest = ofKey.and(ofJudges).and(ofModel);
        if (tightest.isNone()) {
            return Optional.empty();
        }
        List<QuotaScope> scopes = new ArrayList<>();
        scopes.add(scope("key", ofKey));
        if (!ofJudges.isNone()) {
            scopes.add(scope("judge", ofJudges));
        }
        if (!ofModel.isNone()) {
            scopes.add(scope("model/" + model, ofModel));
        }
        return Optional
                .of(new Lane(client.lane(operator.group(model.provider()), scopes), new TokenEstimate(), tightest,
                        tightest + " at " + (ofModel.isNone() ? model.provider() : model.toString())));
    }

    private static QuotaScope scope(String name, CallQuota quota) {
        return new QuotaScope(name, quota.requestsPerMinute(), quota.tokensPerMinute());
    }

    private static final class Permitted implements Pass {

        private final Lane lane;
        private final Pass place;
        private final LeaseBook.Permit permit;
        private final CallOrder order;
        private final AtomicBoolean returned = new AtomicBoolean();

        Permitted(Lane lane, Pass place, LeaseBook.Permit permit, CallOrder order) {
            this.lane = lane;
            this.place = place;
            this.permit = permit;
            this.order = order;
        }

        @Override
        public void used(ModelReply reply, long startedNanos) {
            if (!returned.getAndSet(true)) {
                switch (reply) {
                    case ModelReply.Answered answered -> settle(startedNanos, answered.served().usage());
                    case ModelReply.Refused refused -> settle(startedNanos, refused.served().usage());
                    case ModelReply.Oversized oversized -> settle(startedNanos, oversized.served().usage());
                    case ModelReply.Failed failed when failed.cause() == FailureCause.IMAGE_UNAVAILABLE ->
                        lane.queue().giveBack(permit);
                    case ModelReply.Failed failed -> settle(startedNanos, failed.usage());
                }
            }
            place.used(reply, startedNanos);
        }

        private void settle(long startedNanos, @Nullable Usage usage) {
            if (usage != null) {
                lane.estimate().learn(order.call(), usage);
            }
            lane.queue().settle(permit, startedNanos,
                    usage == null ? null : Long.valueOf(Costs.plus(usage.inputTokens(), usage.outputTokens())));
        }

        /// It may have been given up halfway, and have reached the provider all the same: it counts.
        @Override
        public void unused() {
            if (!returned.getAndSet(true)) {
                lane.queue().spend(permit);
            }
            place.unused();
        }
    }
}
