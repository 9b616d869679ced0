package io.turnstream.providers;

import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How much may be asked of a provider in any minute.
///
/// @param requestsPerMinute attempts; null for no limit
/// @param tokensPerMinute   tokens, prompt and completion; null for no limit
public record CallQuota(@Nullable Integer requestsPerMinute, @Nullable Long tokensPerMinute) {

    /// No limit.
    public static final CallQuota NONE = new CallQuota(null, null);

    public CallQuota {
        if (requestsPerMinute != null && requestsPerMinute < 1 || tokensPerMinute != null && tokensPerMinute < 1) {
            throw new IllegalArgumentException(
                    "a quota is 1 or more, not " + requestsPerMinute + " requests and " + tokensPerMinute
                            + " tokens a minute");
        }
    }

    /// Whether it limits nothing.
    public boolean isNone() {
        return requestsPerMinute == null && tokensPerMinute == null;
    }

    /// Of each the smaller.
    public CallQuota and(CallQuota other) {
        if (isNone()) {
            return other;
        }
        return other.isNone()
                ? this
                : new CallQuota(
                        smaller(requestsPerMinute, other.requestsPerMinute),
                        smaller(tokensPerMinute, other.tokensPerMinute));
    }

    private static <N extends Number & Comparable<N>> @Nullable N smaller(@Nullable N one, @Nullable N other) {
        return one == null ? other : other == null || one.compareTo(other) <= 0 ? one : other;
    }

    /// For people: `600 requests and 90,000 tokens a minute`.
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (requestsPerMinute != null) {
            parts.add(NumberFormat.getIntegerInstance(Locale.ROOT).format(requestsPerMinute) + " requests");
        }
        if (tokensPerMinute != null) {
            parts.add(NumberFormat.getIntegerInstance(Locale.ROOT).format(tokensPerMinute) + " tokens");
        }
        return parts.isEmpty() ? "no limit" : String.join(" and ", parts) + " a minute";
    }
}
