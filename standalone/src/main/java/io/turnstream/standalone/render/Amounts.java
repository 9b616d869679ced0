package io.turnstream.standalone.render;

import java.time.Duration;
import java.util.Locale;

/// Numbers, times and money as people read them, the same in every locale.
public final class Amounts {

    private static final double NANO = 1e-9;

    private Amounts() {}

    /// `12,345`
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// `8 s`, `2 min 5 s`, `1 h 12 min`
    public static String duration(Duration duration) {
        long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        return seconds / 3600 + " h" + (seconds % 3600 / 60 == 0 ? "" : " " + seconds % 3600 / 60 + " min");
    }

    /// `0:08`, `12:05`, `1:02:05`
    public static String clock(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds % 3600 / 60, seconds % 60);
    }

    /// `$0.0123`, `$12.30`
    public static String money(long nanoUsd) {
        double usd = nanoUsd * NANO;
        return String.format(Locale.ROOT, usd != 0 && usd < 1 ? "$%.4f" : "$%.2f", usd);
    }

    /// `182/s`, `0.4/s`
    public static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond >= 10 ? "%.0f/s" : "%.1f/s", perSecond);
    }

    /// `1 run`, `2 runs`
    public static String of(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }
}
