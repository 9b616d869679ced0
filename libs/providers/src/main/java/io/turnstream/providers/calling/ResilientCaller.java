package io.turnstream.providers.calling;

import io.turnstream.events.AnswerBounds;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.InvalidProviderException;
import io.turnstream.providers.ModelClient;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.ModelReply.Oversized;
import io.turnstream.providers.ModelReply.Refused;
import io.turnstream.providers.UnknownProviderException;
import io.turnstream.providers.Usage;
import io.turnstream.providers.calling.CallMemory.Progress;
import io.turnstream.providers.calling.CallResult.Deferred;
import io.turnstream.providers.calling.CallResult.Ending;
import io.turnstream.providers.calling.CallResult.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Sees a call through: asks the gate, tries, waits, tries again, and ends with a result or hands the call back.
///
/// What counts against the allowed retries: an empty answer, half an answer and an unusable body always; 5xx, timeouts,
/// lost connections and rate limits only if the model has served somebody else since the attempt was sent. So an
/// outage, however long, uses up no retries, and a call that fails by its own fault still ends. A rate limit counts a
/// quarter: the provider has done nothing yet, and asks to come back.
///
/// A 403 that does not say whether the key or the one prompt is the reason is tried three times with pauses, in which
/// others get their turn. If one of them is served, it was the prompt, and the call ends as failed; if nobody is, it is
/// taken for the key, and the run is halted. Whoever resumes it says that the key is right: the same call, refused so
/// again, ends as failed.
public final class ResilientCaller {

    private static final Duration SLEEP_SLICE = Duration.ofMillis(500);
    private static final int MOST_ADAPTATIONS = 8;
    /// What a failure that counts in full counts.
    private static final int QUARTERS = 4;
    private static final int MOST_FORBIDDEN = 3;
    /// So many rate limits of one call, with nobody served meanwhile, are worth telling.
    private static final int RATE_LIMITS_WORTH_TELLING = 3;
    private static final Logger LOG = Logger.getLogger(ResilientCaller.class);

    private final ModelClient client;
    private final Gate gate;
    private final Time time;
    private final DoubleSupplier chance;
    private final CallMemory memory = new CallMemory();

    /// @param chance 0 (inclusive) to 1 (exclusive), for jitter; called by many threads
    public ResilientCaller(ModelClient client, Gate gate, Time time, DoubleSupplier chance) {
        this.client = client;
        this.gate = gate;
        this.time = time;
        this.chance = chance;
    }

    /// @param aborted looked at just before each attempt and while waiting; true ends the call as
    ///                [DeferralCause#ABORTED]. A running attempt is not broken off
    /// @throws InterruptedException if the thread is interrupted; a running attempt is given up
    public CallResult call(CallOrder order, BooleanSupplier aborted) throws InterruptedException {
        return call(order, aborted, failed -> {});
    }

    /// @param trouble told of attempts that failed while the model served nobody, before the next attempt is waited
    ///                for: the call has not ended, and a person should hear why
    /// @throws InterruptedException if the thread is interrupted; a running attempt is given up
    public CallResult call(CallOrder order, BooleanSupplier aborted, Consumer<Failed> trouble)
            throws InterruptedException {
        Progress progress = memory.resume(order.call().requestId());
        CallResult result = null;
        try {
            result = new Run(order, aborted, trouble, progress).result();
            return result;
        } finally {
            if (!(result instanceof Settled)) {
                memory.keep(order.call().requestId(), progress);
            }
        }
    }

    /// One order on its way, on one thread.
    private final class Run {

        private final CallOrder order;
        private final BooleanSupplier aborted;
        private final Consumer<Failed> trouble;
        private final Progress progress;
        private long waitingSinceNanos = time.nanos();
        private @Nullable Long firstAttemptNanos;
        private Duration circuitWaited = Duration.ZERO;

        Run(CallOrder order, BooleanSupplier aborted, Consumer<Failed> trouble, Progress progress) {
            this.order = order;
            this.aborted = aborted;
            this.trouble = trouble;
            this.progress = progress;
        }

        CallResult result() throws InterruptedException {
            while (true) {
                if (aborted.getAsBoolean()) {
                    return abort();
                }
                CallResult result = switch (gate.ask(order, aborted)) {
                    case Gate.Admission.Open open -> attempt(open.pass());
                    case Gate.Admission.Closed closed -> heldBack(closed);
                    case Gate.Admission.Aborted _ -> abort();
                };
                if (result != null) {
                    return result;
                }
            }
        }

        private @Nullable CallResult heldBack(Gate.Admission.Closed closed) throws InterruptedException {
            if (closed.cause().stopsTheRun()) {
                return deferred(closed.cause(), Duration.ZERO, closed.detail(), closed.providerMessage());
            }
            circuitWaited = circuitWaited.plus(closed.delay());
            if (circuitWaited.compareTo(order.retry().longestCircuitWait()) > 0) {
                return deferred(closed.cause(), closed.delay(), closed.detail(), closed.providerMessage());
            }
            return sleep(closed.delay()) ? null : abort();
        }

        private @Nullable CallResult attempt(Gate.Pass pass) throws InterruptedException {
            if (aborted.getAsBoolean()) {
                pass.unused();
                return abort();
            }
            circuitWaited = Duration.ZERO;
            Instant startedAt = time.now();
            long startedNanos = time.nanos();
            if (firstAttemptNanos == null) {
                firstAttemptNanos = startedNanos;
            }
            ModelReply reply = null;
            try {
                reply = client.call(order.call());
            } catch (UnknownProviderException e) {
                return deferred(DeferralCause.UNKNOWN_MODEL, Duration.ZERO, String.valueOf(e.getMessage()), null);
            } catch (InvalidProviderException e) {
                return deferred(DeferralCause.AUTHENTICATION, Duration.ZERO, String.valueOf(e.getMessage()), null);
            } catch (RuntimeException | StackOverflowError e) {
                // What earlier attempts have taken must still be told: an exception would lose it.
                LOG.errorf(e, "%s could not be sent or read", order.call().requestId());
                reply = new Failed(FailureCause.ADAPTER_FAILED, null, null, order.call().model() + ": "
                        + FailureCause.ADAPTER_FAILED.explanation() + " (" + e.getClass().getSimpleName() + ")");
            } finally {
                if (reply == null) {
                    pass.unused();
                }
            }
            pass.used(reply, startedNanos);
            long endedNanos = time.nanos();
            progress.add(Attempt.of(reply, startedAt, Duration.ofNanos(endedNanos - startedNanos),
                    Duration.ofNanos(startedNanos - waitingSinceNanos)), usage(reply));
            waitingSinceNanos = endedNanos;
            return switch (reply) {
                case Refused refused -> settled(Ending.REFUSED, refused, "the provider refused to answer");
                case Answered answered when !answered.isEmpty() -> settled(Ending.ANSWERED, answered, null);
                case Answered answered when answered.isTruncated() ->
                    settled(Ending.TRUNCATED, answered, truncatedMessage());
                case Answered answered -> empty(answered);
                case Oversized oversized -> settled(Ending.OVERSIZED, oversized, AnswerBounds.TOO_LONG
                        + (oversized.served().usage() == null ? "; how many tokens it took is not known" : ""));
                case Failed failed -> failed(failed, startedNanos);
            };
        }

        private @Nullable CallResult empty(Answered answered) throws InterruptedException {
            int failures = progress.failed();
            boolean paidUp = progress.answered() >= order.retry().mostAnswered();
            if (charge(QUARTERS) || paidUp) {
                return settled(Ending.EMPTY, answered, "the answer was empty each time" + tries() + reasoned(answered));
            }
            return sleep(order.retry().backoff(failures, null, chance.getAsDouble())) ? null : abort();
        }

        private @Nullable CallResult failed(Failed failed, long startedNanos) throws InterruptedException {
            FailureCause cause = failed.cause();
            if (cause.stopsTheRun()) {
                return deferred(DeferralCause.of(cause), Duration.ZERO, failed.message(), failed.providerMessage());
            }
            if (cause == FailureCause.UNSUPPORTED_PARAMETER && progress.adapted() <= MOST_ADAPTATIONS) {
                return null;
            }
            if (!cause.isRetryable() || cause == FailureCause.UNSUPPORTED_PARAMETER) {
                return settled(Ending.FAILED, failed, failed.message());
            }
            if (cause == FailureCause.FORBIDDEN) {
                return forbidden(failed, startedNanos);
            }
            int failures = progress.failed();
            boolean charged = counts(cause, startedNanos);
            int quarters = cause == FailureCause.RATE_LIMITED ? 1 : QUARTERS;
            boolean paidUp = cause == FailureCause.UNUSABLE_ANSWER
                    && progress.answered() >= order.retry().mostAnswered();
            if (charged && charge(quarters) || paidUp) {
                return settled(Ending.FAILED, failed, failed.message() + tries());
            }
            Duration asked = failed.retryAfter();
            if (asked != null && asked.compareTo(order.retry().longestRetryAfter()) > 0) {
                return deferred(patience(cause), asked, failed.message(), failed.providerMessage());
            }
            Duration backoff = order.retry().backoff(failures, asked, chance.getAsDouble());
            if (time.nanos() - startedNanosOfFirst() > order.retry().watchdog().toNanos()) {
                return deferred(patience(cause), backoff, failed.message(), failed.providerMessage());
            }
            if (!charged && (cause != FailureCause.RATE_LIMITED || failures >= RATE_LIMITS_WORTH_TELLING)) {
                trouble.accept(failed);
            }
            if (!sleep(backoff)) {
                return abort();
            }
            // If somebody was served while this call waited, it was not an outage after all.
            return !charged && counts(cause, startedNanos) && charge(quarters)
                    ? settled(Ending.FAILED, failed, failed.message() + tries())
                    : null;
        }

        private @Nullable CallResult forbidden(Failed failed, long startedNanos) throws InterruptedException {
            int times = progress.forbidden(startedNanos);
            if (gate.hasServedSince(order, progress.forbiddenSinceNanos())) {
                return settled(Ending.FAILED, failed,
                        failed.message() + "; others are served, so it is about this prompt" + tries());
            }
            if (times >= MOST_FORBIDDEN && order.hasHaltedRun()) {
                return settled(Ending.FAILED, failed, failed.message()
                        + "; the run was halted over this call before and was resumed, so it is taken to be about this prompt"
                        + tries());
            }
            if (times >= MOST_FORBIDDEN) {
                progress.forgetForbidden();
                return deferred(DeferralCause.AUTHENTICATION, Duration.ZERO, failed.message()
                        + "; nobody else is served. Check the key; where it is right, resume: refused once more, this call ends as"
                        + " failed",
                        failed.providerMessage());
            }
            trouble.accept(failed);
            return sleep(order.retry().backoff(times, null, chance.getAsDouble())) ? null : abort();
        }

        /// What a call waits for whose attempts fail so.
        private static DeferralCause patience(FailureCause cause) {
            return cause == FailureCause.RATE_LIMITED ? DeferralCause.RATE_LIMITED : DeferralCause.CIRCUIT_OPEN;
        }

        /// @return whether the allowed retries are used up
        private boolean charge(int quarters) {
            progress.charge(quarters);
            return progress.charged() > QUARTERS * order.retry().maxRetries();
        }

        private long startedNanosOfFirst() {
            Long first = firstAttemptNanos;
            return first == null ? time.nanos() : first;
        }

        private boolean counts(FailureCause cause, long startedNanos) {
            boolean providerWide = cause.isOutageLike() || cause == FailureCause.RATE_LIMITED;
            if (!providerWide || gate.hasServedSince(order, startedNanos)) {
                progress.forgiveOutage();
                return true;
            }
            return !progress.spare(cause, time.nanos(), order.retry().outagePatience());
        }

        /// @return false if the caller asked to stop
        private boolean sleep(Duration duration) throws InterruptedException {
            long endNanos = time.nanos() + duration.toNanos();
            for (long left = duration.toNanos(); left > 0; left = endNanos - time.nanos()) {
                if (aborted.getAsBoolean()) {
                    return false;
                }
                time.sleep(Duration.ofNanos(Math.min(left, SLEEP_SLICE.toNanos())));
            }
            return true;
        }

        private String tries() {
            int tries = progress.attempts().size();
            return tries == 1 ? " (1 attempt)" : " (" + tries + " attempts)";
        }

        private static String reasoned(Answered answered) {
            return answered.served().reasoning() == null
                    ? ""
                    : ": all it said stands in the reasoning that its server tells apart from the answer";
        }

        private String truncatedMessage() {
            Integer limit = order.call().parameters().maxTokens();
            return "the answer is empty because the token limit was reached first: raise " + order.maxTokensFlag()
                    + (limit == null ? "" : " (now " + limit + ")");
        }

        private CallResult abort() {
            return deferred(DeferralCause.ABORTED, Duration.ZERO, "stopped before the next attempt", null);
        }

        private Deferred deferred(DeferralCause cause, Duration wait, String detail, @Nullable String providerMessage) {
            return new Deferred(cause, time.now().plus(wait), detail, providerMessage, progress.takeUsage(),
                    progress.attempts());
        }

        private Settled settled(Ending ending, ModelReply reply, @Nullable String error) {
            return new Settled(ending, reply, progress.usage(), error, progress.attempts());
        }
    }

    private static @Nullable Usage usage(ModelReply reply) {
        return switch (reply) {
            case Answered answered -> answered.served().usage();
            case Refused refused -> refused.served().usage();
            case Oversized oversized -> oversized.served().usage();
            case Failed failed -> failed.usage();
        };
    }
}
