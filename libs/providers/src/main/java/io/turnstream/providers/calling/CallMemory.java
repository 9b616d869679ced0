package io.turnstream.providers.calling;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of calls that were deferred, should they come back to this process: their attempts and how many of
/// them count. Bounded; a call that is forgotten starts anew.
final class CallMemory {

    private static final int MOST_CALLS = 50_000;
    private static final Duration KEPT = Duration.ofHours(2);

    private final Cache<String, Progress> deferred = Caffeine.newBuilder().maximumSize(MOST_CALLS)
            .expireAfterWrite(KEPT).build();

    /// Takes out what is known.
    Progress resume(String requestId) {
        Progress known = deferred.asMap().remove(requestId);
        return known == null ? new Progress() : known;
    }

    void keep(String requestId, Progress progress) {
        if (!progress.attempts.isEmpty()) {
            deferred.put(requestId, progress);
        }
    }

    /// How far one call has come. Owned by one thread at a time.
    static final class Progress {

        private final List<Attempt> attempts = new ArrayList<>(2);
        private int failures;
        private int charged;
        private int adapted;
        private int answered;
        private @Nullable Usage usage;
        private @Nullable Long firstSparedNanos;
        private @Nullable Long firstForbiddenNanos;
        private int forbidden;

        List<Attempt> attempts() {
            return attempts;
        }

        void add(Attempt attempt, @Nullable Usage tokens) {
            attempts.add(attempt);
            if (tokens != null) {
                usage = usage == null ? tokens : usage.plus(tokens);
            }
        }

        /// One more attempt that was answered, and so paid.
        ///
        /// @return how many there are now
        int answered() {
            return ++answered;
        }

        @Nullable
        Usage usage() {
            return usage;
        }

        /// The same, which then counts here no more: whoever takes it tells it.
        @Nullable
        Usage takeUsage() {
            Usage taken = usage;
            usage = null;
            return taken;
        }

        /// One more failed attempt.
        ///
        /// @return how many there are now
        int failed() {
            return ++failures;
        }

        /// One more 403 of unknown meaning.
        ///
        /// @return how many in a row there are now
        int forbidden(long startedNanos) {
            if (firstForbiddenNanos == null) {
                firstForbiddenNanos = startedNanos;
            }
            return ++forbidden;
        }

        /// When the first of them was sent, deferrals in between included.
        long forbiddenSinceNanos() {
            return firstForbiddenNanos == null ? Long.MAX_VALUE : firstForbiddenNanos;
        }

        /// They are counted anew: somebody was asked to see to the key.
        void forgetForbidden() {
            forbidden = 0;
        }

        int adapted() {
            return ++adapted;
        }

        /// One more failure that counts.
        void charge(int quarters) {
            charged += quarters;
        }

        /// What counts so far, in quarters.
        int charged() {
            return charged;
        }

        /// A failure that looks like an outage.
        ///
        /// @return whether it does not count
        boolean spare(FailureCause cause, long nowNanos, Duration patience) {
            if (firstSparedNanos == null) {
                firstSparedNanos = nowNanos;
            }
            return cause == FailureCause.CONNECTION || nowNanos - firstSparedNanos <= patience.toNanos();
        }

        void forgiveOutage() {
            firstSparedNanos = null;
        }
    }
}
