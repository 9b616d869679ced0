package io.turnstream.providers.calling;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How often and when a call is tried again.
///
/// @param maxRetries         most attempts after the first that count; attempts during an outage do not
/// @param firstBackoff       before the first retry; it doubles each time
/// @param longestBackoff     and grows to this
/// @param longestRetryAfter  what a provider may ask for and still be waited for here; beyond it the call is deferred
/// @param longestCircuitWait how long to wait here for a closed circuit before the call is deferred
/// @param watchdog           longest time from the first attempt here until the call is deferred
/// @param outagePatience     how long failures that look like an outage are not held against the call. A refused
///                           connection never is; but a call that the server alone answers with 500, time and again and
///                           with nobody else asking, must end some day
/// @param mostAnswered       most attempts that are answered, and so paid: an empty answer is not asked for again
///                           beyond it
public record RetryPolicy(
        int maxRetries,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration longestRetryAfter,
        Duration longestCircuitWait,
        Duration watchdog,
        Duration outagePatience,
        int mostAnswered) {

    /// Six retries with 0.5, 1, 2, 4, 8 and 16 s between them, each 50 to 100 % of that.
    public static final RetryPolicy DEFAULT = new RetryPolicy(6, Duration.ofMillis(500), Duration.ofSeconds(30),
            Duration.ofSeconds(90), Duration.ofSeconds(3), Duration.ofMinutes(10), Duration.ofMinutes(30),
            Integer.MAX_VALUE);

    public RetryPolicy {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries is " + maxRetries + ", expected 0 or more");
        }
        if (!firstBackoff.isPositive() || longestBackoff.compareTo(firstBackoff) < 0) {
            throw new IllegalArgumentException("back-off goes from " + firstBackoff + " to " + longestBackoff);
        }
    }

    public RetryPolicy withMaxRetries(int retries) {
        return new RetryPolicy(retries, firstBackoff, longestBackoff, longestRetryAfter, longestCircuitWait, watchdog,
                outagePatience, mostAnswered);
    }

    public RetryPolicy withMostAnswered(int most) {
        return new RetryPolicy(maxRetries, firstBackoff, longestBackoff, longestRetryAfter, longestCircuitWait,
                watchdog,
                outagePatience, most);
    }

    /// How long to wait before the next attempt.
    ///
    /// @param failures   attempts that failed so far, at least 1
    /// @param retryAfter what the provider asks for; never undercut, and overrun by up to a quarter so that those it
    ///                   turned away together do not come back together
    /// @param chance     0 (inclusive) to 1 (exclusive)
    Duration backoff(int failures, @Nullable Duration retryAfter, double chance) {
        if (retryAfter != null && retryAfter.isPositive()) {
            return retryAfter.plusNanos((long) (retryAfter.toNanos() * 0.25 * chance));
        }
        double doubled = firstBackoff.toNanos() * Math.pow(2, Math.min(failures - 1, 30));
        return Duration.ofNanos((long) (Math.min(doubled, longestBackoff.toNanos()) * (0.5 + 0.5 * chance)));
    }
}
