package io.turnstream.providers.work;

import io.turnstream.benchmark.pack.PromptMessage;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.contracts.Usage;
import io.turnstream.events.Costs;
import io.turnstream.messaging.Escapes;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.CallQuota;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.ImageRef;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelClient;
import io.turnstream.providers.ModelClients;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.Providers;
import io.turnstream.providers.calling.CallOrder;
import io.turnstream.providers.calling.CallResult;
import io.turnstream.providers.calling.DeferralCause;
import io.turnstream.providers.calling.Gate;
import io.turnstream.providers.calling.ResilientCaller;
import io.turnstream.providers.calling.RetryPolicy;
import io.turnstream.providers.calling.Time;
import io.turnstream.providers.limits.ModelGates;
import io.turnstream.providers.quota.QuotaClient;
import io.turnstream.providers.quota.QuotaGate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Calls models through their providers' APIs: each model with one adaptive limiter and one circuit for all that call
/// it through this object, so a process has one of it and gives it to all its workers.
public final class ProviderCaller implements ModelCaller, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ProviderCaller.class);

    /// What stops a run is asked again no sooner than this, so that the run's halt can overtake it.
    private static final Duration AFTER_A_STOP = Duration.ofSeconds(5);
    private static final Duration AFTER_A_QUOTA = Duration.ofMinutes(1);

    private final ResilientCaller caller;
    private final Runnable closer;
    private final Time time;
    private final UnknownFinishes unknownFinishes = new UnknownFinishes();

    ProviderCaller(ModelClient client, Runnable closer, Time time) {
        this(client, closer, time, new ModelGates(time));
    }

    private ProviderCaller(ModelClient client, Runnable closer, Time time, Gate gate) {
        this.time = time;
        this.closer = closer;
        this.caller = new ResilientCaller(client, gate, time, () -> ThreadLocalRandom.current().nextDouble());
    }

    /// How calls share quotas with other processes.
    ///
    /// @param role who calls
    /// @param client reaches whoever grants; closed with the caller
    public record Quotas(QuotaGate.Role role, QuotaClient client) {

        /// Over a worker's access to Kafka.
        public static Quotas over(ServiceKafka kafka, QuotaGate.Role role, Clock clock) {
            return new Quotas(role, QuotaClient.over(kafka, WorkerName.ofThisProcess().text(), clock));
        }
    }

    /// Calls these providers.
    public static ProviderCaller open(Providers providers, ImageSource images, Quotas quotas, Clock clock) {
        ModelClients clients = ModelClients.open(providers, images);
        Time time = timeBy(clock);
        Runnable closer = () -> {
            clients.close();
            quotas.client().close();
        };
        return new ProviderCaller(clients, closer, time,
                new QuotaGate(new ModelGates(time), quotas.role(), providers.quotas(), quotas.client()));
    }

    @Override
    public Response call(Prompt prompt, CallWatch watch) throws InterruptedException {
        CallOrder order = new CallOrder(callOf(prompt), retries(prompt.limits()),
                prompt.runId(), prompt.urgency(), prompt.limits().getMaxConnections(), prompt.maxTokensFlag(),
                new CallQuota(prompt.limits().getRequestsPerMinute(), prompt.limits().getTokensPerMinute()),
                watch.hasHaltedRun());
        return switch (caller.call(order, () -> watch.get() != Permission.GO, watch::troubled)) {
            case CallResult.Settled settled -> responseOf(prompt, settled);
            case CallResult.Deferred deferred when deferred.cause() == DeferralCause.ABORTED ->
                stopped(watch.get()).after(paid(prompt, deferred.usage()));
            case CallResult.Deferred deferred -> handedBack(deferred).after(paid(prompt, deferred.usage()));
        };
    }

    private static RetryPolicy retries(CallLimits limits) {
        RetryPolicy policy = RetryPolicy.DEFAULT.withMaxRetries(limits.getMaxRetries());
        return limits.getPaidAttempts() == null ? policy : policy.withMostAnswered(limits.getPaidAttempts());
    }

    private Response responseOf(Prompt prompt, CallResult.Settled settled) {
        return switch (settled.reply()) {
            case ModelReply.Answered answered -> {
                warnOfUnknown(prompt, answered.served().finishReason());
                yield new Response.Replied(record(prompt, settled, answered.served(), null), answered.text(),
                        settled.error());
            }
            case ModelReply.Refused refused -> new Response.Refused(
                    record(prompt, settled, refused.served(), refused.providerMessage()), refused.text(),
                    switch (refused.kind()) {
                        case REFUSAL -> "the provider refused to answer";
                        case CONTENT_FILTER -> "the provider's content filter stopped the call";
                    });
            case ModelReply.Oversized oversized -> new Response.Oversized(
                    record(prompt, settled, oversized.served(), null), String.valueOf(settled.error()));
            case ModelReply.Failed failed -> new Response.Failed(
                    record(prompt, settled, failed), settled.error() == null ? failed.message() : settled.error());
        };
    }

    private void warnOfUnknown(Prompt prompt, @Nullable String finishReason) {
        if (unknownFinishes.isNews(prompt.runId(), finishReason)) {
            LOG.warnf(
                    "Run %s: answers of %s end for a reason that is not known, '%s'. They count as answers, whole or not;"
                            + " their attempts are recorded as unknown_finish.",
                    prompt.runId(), modelOf(prompt), Escapes.line(String.valueOf(finishReason)));
        }
    }

    private Unanswered stopped(Permission why) {
        // The reason can be gone by now; then the request is simply sent again.
        return why == Permission.GO
                ? new Unanswered.HandedBack(DeferralReason.UNKNOWN, "stopped before the next attempt",
                        time.now().toEpochMilli())
                : Unanswered.because(why, time.now().toEpochMilli());
    }

    private Unanswered handedBack(CallResult.Deferred deferred) {
        DeferralReason reason = switch (deferred.cause()) {
            case CIRCUIT_OPEN -> DeferralReason.CIRCUIT_OPEN;
            case RATE_LIMITED, QUOTA_EXHAUSTED, AWAITING_QUOTA -> DeferralReason.QUOTA;
            case AUTHENTICATION -> DeferralReason.AUTHENTICATION;
            case UNKNOWN_MODEL -> DeferralReason.UNKNOWN_MODEL;
            case ABORTED -> DeferralReason.UNKNOWN;
        };
        Duration least = switch (deferred.cause()) {
            case AUTHENTICATION, UNKNOWN_MODEL -> AFTER_A_STOP;
            case QUOTA_EXHAUSTED -> AFTER_A_QUOTA;
            case CIRCUIT_OPEN, RATE_LIMITED, AWAITING_QUOTA, ABORTED -> Duration.ZERO;
        };
        Instant earliest = time.now().plus(least);
        Instant notBefore = deferred.notBefore().isBefore(earliest) ? earliest : deferred.notBefore();
        return new Unanswered.HandedBack(reason, deferred.detail(), notBefore.toEpochMilli(), Paid.NOTHING,
                deferred.providerMessage());
    }

    private static CallRecord record(Prompt prompt, CallResult.Settled settled, ModelReply.Failed failed) {
        Paid paid = paid(prompt, settled.usage());
        List<Attempt> attempts = attempts(settled);
        return new CallRecord(attempts, prompt.parameters(), paid.usage(), paid.costNanoUsd(), failed.finishReason(),
                null,
                null, null, failed.providerMessage(), attempts.getFirst().getStartedAtMillis(), ended(attempts));
    }

    private static CallRecord record(
            Prompt prompt, CallResult.Settled settled, ModelReply.Served served, @Nullable String providerMessage) {
        List<Attempt> attempts = attempts(settled);
        Paid paid = paid(prompt, settled.usage());
        // Of an answer that was not read to its end nobody knows what it cost.
        boolean unread = settled.ending() == CallResult.Ending.OVERSIZED && served.usage() == null;
        var effective = served.effective();
        CallParameters accepted = new CallParameters(effective.temperature(), effective.maxTokens(), effective.seed());
        return new CallRecord(attempts, accepted, paid.usage(), unread ? null : paid.costNanoUsd(),
                served.finishReason(), served.model(), served.systemFingerprint(), served.reasoning(), providerMessage,
                attempts.getFirst().getStartedAtMillis(), ended(attempts));
    }

    private static List<Attempt> attempts(CallResult.Settled settled) {
        return settled.attempts().stream().map(ProviderCaller::attemptOf).toList();
    }

    private static long ended(List<Attempt> attempts) {
        return attempts.getLast().getStartedAtMillis() + attempts.getLast().getLatencyMillis();
    }

    private static Paid paid(Prompt prompt, io.turnstream.providers.@Nullable Usage tokens) {
        if (tokens == null) {
            return Paid.NOTHING;
        }
        TokenPrice price = prompt.limits().getPrice();
        return new Paid(new Usage(tokens.inputTokens(), tokens.outputTokens(), tokens.reasoningTokens()),
                price == null ? null : (Long) Costs.nanoUsd(price, tokens.inputTokens(), tokens.outputTokens()));
    }

    private static Attempt attemptOf(io.turnstream.providers.calling.Attempt attempt) {
        return new Attempt(attempt.cause(), attempt.httpStatus(), attempt.startedAt().toEpochMilli(),
                attempt.latency().toMillis(),
                attempt.waited().toMillis());
    }

    private static ModelCall callOf(Prompt prompt) {
        boolean pictured = prompt.messages().stream().anyMatch(PromptMessage::withImage);
        String sha256 = prompt.imageSha256();
        String mediaType = prompt.imageMediaType();
        CallParameters parameters = prompt.parameters();
        return new ModelCall(modelOf(prompt),
                prompt.messages().stream().map(ProviderCaller::turnOf).toList(),
                pictured && sha256 != null && mediaType != null ? new ImageRef(sha256, mediaType) : null,
                new io.turnstream.providers.CallParameters(parameters.getTemperature(), parameters.getMaxTokens(),
                        parameters.getSeed()),
                Duration.ofMillis(prompt.limits().getTimeoutMillis()), prompt.idempotencyKey());
    }

    private static ModelName modelOf(Prompt prompt) {
        return new ModelName(prompt.target().getProvider(), prompt.target().getModel());
    }

    private static ChatTurn turnOf(PromptMessage message) {
        return switch (message.role()) {
            case SYSTEM -> ChatTurn.system(message.text());
            case USER -> message.withImage() ? ChatTurn.userWithImage(message.text()) : ChatTurn.user(message.text());
            case ASSISTANT -> ChatTurn.assistant(message.text());
        };
    }

    private static Time timeBy(Clock clock) {
        Time system = Time.system();
        return new Time() {
            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public long nanos() {
                return system.nanos();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                system.sleep(duration);
            }
        };
    }

    /// Gives up the calls in flight.
    @Override
    public void close() {
        closer.run();
    }
}
