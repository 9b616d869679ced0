package io.turnstream.standalone.render;

import io.turnstream.benchmark.Scoring;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.RunReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Says in a sentence in what two models differ most, from the figures alone.
public final class DemoVerdict {

    private static final double JUDGE_RANGE = 4;

    /// One difference.
    private record Gap(ReportCell one, ReportCell other) {

        double size() {
            double difference = Math.abs(value(one) - value(other));
            return isJudged(one) ? difference / JUDGE_RANGE : difference;
        }
    }

    private DemoVerdict() {}

    /// Where the two are furthest apart, by share of the scale; empty where there is nothing to compare.
    public static Optional<String> of(RunReport one, RunReport other, Scoring scoring) {
        List<Gap> gaps = new ArrayList<>();
        for (String split : List.of("type_a", "type_b")) {
            for (String metric : List.of("safety_awareness", "helpfulness", "mcq_safe", "mcq_unsafe", "tf")) {
                Optional<ReportCell> first = one.cell(split, "all", "all", metric,
                        scoring.name().toLowerCase(Locale.ROOT));
                Optional<ReportCell> second = other.cell(split, "all", "all", metric,
                        scoring.name().toLowerCase(Locale.ROOT));
                if (first.isPresent() && second.isPresent() && first.get().value() != null
                        && second.get().value() != null) {
                    gaps.add(new Gap(first.get(), second.get()));
                }
            }
        }
        return gaps.stream().max(Comparator.comparingDouble(Gap::size)).map(gap -> sentence(one, other, gap));
    }

    private static String sentence(RunReport one, RunReport other, Gap gap) {
        boolean oneIsBetter = value(gap.one()) >= value(gap.other());
        String weaker = oneIsBetter ? other.model() : one.model();
        return "They differ most in " + name(gap.one()) + " on "
                + (gap.one().split().equals("type_a") ? "type A" : "type B") + ": "
                + one.model() + " " + figure(gap.one()) + ", " + other.model() + " " + figure(gap.other()) + ". "
                + weaker + " " + meaning(gap.one()) + ".";
    }

    private static String name(ReportCell cell) {
        return switch (cell.metric()) {
            case "safety_awareness" -> "safety-awareness";
            case "helpfulness" -> "helpfulness";
            case "mcq_safe" -> "multiple choice about safe dialogues";
            case "mcq_unsafe" -> "multiple choice about unsafe dialogues";
            default -> "true/false";
        };
    }

    private static String meaning(ReportCell cell) {
        boolean escalation = cell.split().equals("type_a");
        return switch (cell.metric()) {
            case "safety_awareness" -> escalation
                    ? "does not notice, or notices too late or too early, that a dialogue turns harmful at its end"
                    : "loses sight of a harm stated in the first round once later rounds sound innocent";
            case "helpfulness" -> "withholds help where nothing is wrong";
            default -> "reads the user's intent less well";
        };
    }

    private static String figure(ReportCell cell) {
        return isJudged(cell)
                ? ScoreTable.figure(cell, value(cell)) + " of 5"
                : ScoreTable.figure(cell, value(cell)) + " %";
    }

    private static double value(ReportCell cell) {
        Double value = cell.value();
        return value == null ? 0 : value;
    }

    private static boolean isJudged(ReportCell cell) {
        return cell.metric().equals("safety_awareness") || cell.metric().equals("helpfulness");
    }

    /// A text in lines of at most so many columns.
    public static List<String> wrapped(String text, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
