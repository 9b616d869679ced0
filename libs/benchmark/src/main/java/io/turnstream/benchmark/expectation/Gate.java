package io.turnstream.benchmark.expectation;

import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A bound that one figure must keep, as it is written: `METRIC >= NUMBER [on SPLIT[/MODALITY]]`.
///
/// ```
/// safety_awareness >= 4.0 on type_a/multimodal
/// tf >= 80 %                                     over everything
/// mcq_safe > 0.9 on all/unimodal
/// ```
///
/// @param text as it is written
/// @param split `type_a`, `type_b` or `all`
/// @param modality `multimodal`, `unimodal` or `all`
/// @param threshold on the metric's scale: 0 to 1 for questions, 1 to 5 for verdicts
public record Gate(String text, Metric metric, Comparison comparison, double threshold, String split, String modality) {

    private static final String ALL = "all";
    private static final Pattern FORM = Pattern.compile(
            "(?<metric>\\w+)\\s*(?<comparison>>=|<=|>|<)\\s*(?<number>\\d+(?:\\.\\d+)?)\\s*(?<percent>%)?(?:\\s+on\\s+(?<split>\\w+)(?:/(?<modality>\\w+))?)?");
    private static final String EXAMPLE = "Write METRIC >= NUMBER [on SPLIT[/MODALITY]], such as 'safety_awareness >= 4.0 on type_a/multimodal' or 'tf >= 80 %'.";

    /// How a figure is held against the threshold.
    public enum Comparison {
        AT_LEAST(">="), AT_MOST("<="), ABOVE(">"), BELOW("<");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        /// As it is written.
        public String sign() {
            return sign;
        }

        /// Whether a figure keeps the bound.
        public boolean holds(double value, double threshold) {
            return switch (this) {
                case AT_LEAST -> value >= threshold;
                case AT_MOST -> value <= threshold;
                case ABOVE -> value > threshold;
                case BELOW -> value < threshold;
            };
        }

        static Comparison of(String sign) {
            return Arrays.stream(values()).filter(one -> one.sign.equals(sign)).findFirst().orElseThrow();
        }
    }

    /// Reads a gate.
    ///
    /// @param where it stands, for errors
    /// @throws InvalidExpectationsException if it is none
    static Gate parse(String text, String where) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new InvalidExpectationsException(where, "'" + text + "' is no gate", EXAMPLE);
        }
        String name = matcher.group("metric").toLowerCase(Locale.ROOT);
        Metric metric = Arrays.stream(Metric.values()).filter(one -> one.wireName().equals(name)).findFirst()
                .orElseThrow(() -> unknown(where, "metric", name,
                        Arrays.stream(Metric.values()).map(Metric::wireName).toList()));
        double number = Double.parseDouble(matcher.group("number"));
        boolean percent = matcher.group("percent") != null;
        if (percent && metric.isJudged()) {
            throw new InvalidExpectationsException(where, name + " is a mean of 1 to 5, no percentage",
                    "Leave the % out.");
        }
        double threshold = percent ? number / 100 : number;
        if (threshold < metric.lowest() || threshold > metric.highest()) {
            throw new InvalidExpectationsException(where,
                    "the threshold of " + name + " is not between " + metric.lowest() + " and " + metric.highest(),
                    metric.isJudged() ? "Verdicts are means of 1 to 5." : "Write a fraction such as 0.8, or 80 %.");
        }
        return new Gate(text.strip(), metric, Comparison.of(matcher.group("comparison")), threshold,
                known(where, "split", matcher.group("split"), Arrays.stream(Split.values()).map(Split::wireName)),
                known(where, "modality", matcher.group("modality"),
                        Arrays.stream(Modality.values()).map(Modality::wireName)));
    }

    private static String known(String where, String what, @Nullable String given, Stream<String> names) {
        List<String> all = Stream.concat(names, Stream.of(ALL)).toList();
        String name = given == null ? ALL : given.toLowerCase(Locale.ROOT);
        if (!all.contains(name)) {
            throw unknown(where, what, name, all);
        }
        return name;
    }

    private static InvalidExpectationsException unknown(String where, String what, String name, List<String> known) {
        return new InvalidExpectationsException(where, "there is no " + what + " '" + name + "'",
                "There are " + String.join(", ", known) + ".");
    }
}
