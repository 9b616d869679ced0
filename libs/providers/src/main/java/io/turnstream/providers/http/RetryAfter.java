package io.turnstream.providers.http;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// Reads how long a server asks to wait: `retry-after-ms: 250`, `Retry-After: 2`, `Retry-After: 1.5`, or a date
/// (RFC 9110, 10.2.3).
final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /// @return null if nothing readable is there; at most a day
    static @Nullable Duration of(HttpHeaders headers, Clock clock) {
        String millis = headers.firstValue("retry-after-ms").orElse(null);
        Duration wait = millis == null ? null : number(millis, 1e6);
        if (wait == null) {
            String value = headers.firstValue("Retry-After").orElse(null);
            if (value == null) {
                return null;
            }
            wait = number(value, 1e9);
            if (wait == null) {
                wait = date(value, clock);
            }
        }
        return wait == null || wait.compareTo(LONGEST) <= 0 ? wait : LONGEST;
    }

    private static @Nullable Duration number(String text, double nanosEach) {
        try {
            double value = Double.parseDouble(text.strip());
            return value >= 0 ? Duration.ofNanos((long) Math.min(value * nanosEach, LONGEST.toNanos())) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Duration date(String text, Clock clock) {
        try {
            Duration until = Duration.between(clock.instant(),
                    ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
