package io.turnstream.providers.limits;

import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.calling.CallOrder;
import io.turnstream.providers.calling.DeferralCause;
import io.turnstream.providers.calling.Gate;
import io.turnstream.providers.calling.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The gate to one model: first a place, then a look at the circuit.
///
/// Where a call was turned down as every other would be (wrong key, unknown model, no money left), the gate is shut for
/// a while, and each who asks is told why. So thousands of calls cost the few that were under way, and at the start a
/// single one.
final class ModelGate implements Gate {

    /// As long as it takes the news to stop the run, and not so long that a person who has mended the cause resumes it
    /// in vain.
    private static final Duration SHUT_FOR = Duration.ofSeconds(2);

    private final ModelName model;
    private final Time time;
    private final AdaptiveLimiter limiter;
    private final ReentrantLock lock = new ReentrantLock();
    private final CircuitBreaker circuit = new CircuitBreaker();
    private ModelReply.@Nullable Failed trouble;
    private @Nullable Rejection rejection;

    /// Why nobody gets through for now.
    private record Rejection(DeferralCause cause, ModelReply.Failed reply, long untilNanos) {}

    ModelGate(ModelName model, Time time) {
        this.model = model;
        this.time = time;
        this.limiter = new AdaptiveLimiter(time::nanos);
    }

    @Override
    public Admission ask(CallOrder order, BooleanSupplier aborted) throws InterruptedException {
        AdaptiveLimiter.Place place = limiter.acquire(order.run(), order.priority(), order.maxConnections(), aborted);
        if (place == null) {
            return new Admission.Aborted();
        }
        lock.lock();
        try {
            long now = time.nanos();
            Rejection shut = rejection;
            if (shut != null && shut.untilNanos() - now > 0) {
                limiter.release(place);
                return new Admission.Closed(shut.cause(), Duration.ofNanos(shut.untilNanos() - now),
                        shut.reply().message(),
                        shut.reply().providerMessage());
            }
            rejection = null;
            long wait = circuit.ask(now);
            if (wait == 0) {
                return new Admission.Open(new Seat(place));
            }
            limiter.release(place);
            return new Admission.Closed(DeferralCause.CIRCUIT_OPEN, Duration.ofNanos(wait),
                    trouble == null ? model + " does not answer" : trouble.message(),
                    trouble == null ? null : trouble.providerMessage());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasServedSince(CallOrder order, long sinceNanos) {
        lock.lock();
        try {
            return circuit.hasServedSince(sinceNanos);
        } finally {
            lock.unlock();
        }
    }

    ModelLoad load() {
        AdaptiveLimiter.Load load = limiter.load();
        lock.lock();
        try {
            return new ModelLoad(model, load.limit(), load.inFlight(), load.waiting(),
                    circuit.state() != CircuitBreaker.State.CLOSED, trouble == null ? null : trouble.message());
        } finally {
            lock.unlock();
        }
    }

    private final class Seat implements Pass {

        private final AdaptiveLimiter.Place place;
        private final AtomicBoolean returned = new AtomicBoolean();

        Seat(AdaptiveLimiter.Place place) {
            this.place = place;
        }

        @Override
        public void used(ModelReply reply, long startedNanos) {
            if (returned.getAndSet(true)) {
                return;
            }
            switch (reply) {
                case ModelReply.Answered _,ModelReply.Refused _,ModelReply.Oversized _ -> alive(startedNanos, true);
                case ModelReply.Failed failed -> failed(failed, startedNanos);
            }
        }

        private void failed(ModelReply.Failed failed, long startedNanos) {
            if (failed.cause().isOutageLike()) {
                limiter.failed(place);
                lock.lock();
                try {
                    trouble = failed;
                    circuit.failed(startedNanos, time.nanos());
                } finally {
                    lock.unlock();
                }
            } else if (failed.cause() == FailureCause.RATE_LIMITED) {
                limiter.turnedAway(place, startedNanos, failed.retryAfter());
                answered(false);
            } else if (failed.cause() == FailureCause.IMAGE_UNAVAILABLE
                    || failed.cause() == FailureCause.ADAPTER_FAILED) {
                unsent();
            } else if (failed.cause().stopsTheRun()) {
                lock.lock();
                try {
                    rejection = new Rejection(DeferralCause.of(failed.cause()), failed,
                            time.nanos() + SHUT_FOR.toNanos());
                } finally {
                    lock.unlock();
                }
                limiter.turnedDown(place, startedNanos);
                answered(false);
            } else {
                alive(startedNanos, failed.cause() == FailureCause.MALFORMED_BODY
                        || failed.cause() == FailureCause.UNUSABLE_ANSWER);
            }
        }

        private void alive(long startedNanos, boolean success) {
            limiter.served(place, startedNanos);
            answered(success);
        }

        private void answered(boolean success) {
            boolean closed;
            lock.lock();
            try {
                trouble = null;
                rejection = success ? null : rejection;
                closed = circuit.served(success, time.nanos());
            } finally {
                lock.unlock();
            }
            if (closed) {
                limiter.restart();
            }
        }

        @Override
        public void unused() {
            if (!returned.getAndSet(true)) {
                unsent();
            }
        }

        private void unsent() {
            limiter.release(place);
            lock.lock();
            try {
                circuit.abandoned(time.nanos());
            } finally {
                lock.unlock();
            }
        }
    }
}
