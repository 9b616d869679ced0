package io.turnstream.standalone.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads flags that are numbers.
final class Numbers {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)?");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\s*-\\s*(\\d{1,9})");

    /// Rows `first` (0-based) and so many.
    record Rows(int first, int count) {}

    private Numbers() {}

    /// Requests a minute, or null for null.
    static @Nullable Integer perMinute(String flag, @Nullable String text) {
        return whole(flag, text, 1, Integer.MAX_VALUE);
    }

    /// Tokens a minute, or null for null.
    static @Nullable Long tokensPerMinute(String flag, @Nullable String text) {
        Integer tokens = perMinute(flag, text);
        return tokens == null ? null : Long.valueOf(tokens);
    }

    /// A whole number, or null for null.
    static @Nullable Integer whole(String flag, @Nullable String text, int least, int most) {
        if (text == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(flag, text, bounds(least, most));
        }
        throw wrong(flag, text, bounds(least, most));
    }

    private static String bounds(int least, int most) {
        return most == Integer.MAX_VALUE
                ? "Give a whole number, " + least + " or more."
                : "Give a whole number from " + least + " to " + most + ".";
    }

    /// Any whole number, or null for null.
    static @Nullable Long seed(String flag, @Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw wrong(flag, text, "Give a whole number.");
        }
    }

    /// 0 to 2.
    static double temperature(String flag, String text) {
        try {
            double number = Double.parseDouble(text.strip());
            if (number >= 0 && number <= 2) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(flag, text, "Give a number from 0 to 2, or none.");
        }
        throw wrong(flag, text, "Give a number from 0 to 2, or none.");
    }

    /// `90s`, `2m`, `1h`, `500ms`; a bare number is seconds.
    static @Nullable Duration duration(String flag, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw wrong(flag, text, "Write 90s, 2m or 1h.");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofSeconds(amount);
        };
    }

    /// `10` or `10-20`, counted from 1, both ends included.
    static @Nullable Rows rows(String flag, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher range = RANGE.matcher(text.strip());
        if (range.matches()) {
            int from = Integer.parseInt(range.group(1));
            int to = Integer.parseInt(range.group(2));
            if (from < 1 || to < from) {
                throw wrong(flag, text,
                        "Rows are counted from 1: --limit 10-20 takes the 10th to the 20th of each split.");
            }
            return new Rows(from - 1, to - from + 1);
        }
        Integer count = whole(flag, text, 1, Integer.MAX_VALUE);
        return count == null ? null : new Rows(0, count);
    }

    /// `5`, `0.50` or `$5`: more than nothing.
    static @Nullable BigDecimal usd(String flag, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            String plain = text.strip();
            BigDecimal usd = new BigDecimal(plain.startsWith("$") ? plain.substring(1) : plain);
            if (usd.signum() > 0 && usd.compareTo(BigDecimal.valueOf(1_000_000_000)) <= 0) {
                return usd;
            }
        } catch (NumberFormatException e) {
            throw wrong(flag, text, "Give US dollars, such as 5 or 0.50.");
        }
        throw wrong(flag, text, "Give US dollars, more than 0, such as 5 or 0.50.");
    }

    private static UsageException wrong(String flag, String text, String remedy) {
        return new UsageException(flag, "'" + text.strip() + "' does not fit", remedy);
    }
}
