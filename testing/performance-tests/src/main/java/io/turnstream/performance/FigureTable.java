package io.turnstream.performance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Figures as people read them: one line each, columns aligned.
final class FigureTable {

    private static final List<String> HEAD = List.of("BENCHMARK", "WHAT", "UNIT", "GOAL", "MEDIAN", "MIN - MAX", "RUNS",
            "");
    /// Numbers stand right.
    private static final List<Boolean> RIGHT = List.of(false, false, false, true, true, true, true, false);

    private FigureTable() {}

    static List<String> lines(List<Figure> figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        String last = "";
        for (Figure figure : figures) {
            rows.add(cells(figure, figure.benchmark().equals(last) ? "" : figure.benchmark()));
            last = figure.benchmark();
        }
        return aligned(rows, RIGHT);
    }

    /// @param right which columns stand right
    static List<String> aligned(List<List<String>> rows, List<Boolean> right) {
        int[] widths = new int[right.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return rows.stream().map(row -> line(row, widths, right)).toList();
    }

    private static List<String> cells(Figure figure, String name) {
        Samples samples = figure.samples();
        int decimals = figure.decimals();
        String range = samples.values().size() == 1
                ? ""
                : number(samples.min(), decimals) + " - " + number(samples.max(), decimals);
        return List.of(name, figure.what(), figure.unit(), goal(figure), number(samples.median(), decimals), range,
                Integer.toString(samples.values().size()), figure.verdict());
    }

    private static String goal(Figure figure) {
        return switch (figure.goal()) {
            case Goal.AtLeast(double value) -> ">= " + number(value, figure.decimals());
            case Goal.AtMost(double value) -> "<= " + number(value, figure.decimals());
            case Goal.None() -> "";
        };
    }

    private static String line(List<String> row, int[] widths, List<Boolean> right) {
        StringBuilder line = new StringBuilder("  ");
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(right.get(i) ? padding + row.get(i) : row.get(i) + padding).append("  ");
        }
        return line.toString().stripTrailing();
    }

    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
