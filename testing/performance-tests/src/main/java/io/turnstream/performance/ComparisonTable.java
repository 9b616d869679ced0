package io.turnstream.performance;

import java.util.ArrayList;
import java.util.List;

/// Two versions beside each other as people read them: one line for each quantity, columns aligned.
final class ComparisonTable {

    /// Numbers stand right.
    private static final List<Boolean> RIGHT = List.of(false, false, false, true, true, true, true, true);

    private ComparisonTable() {}

    /// @param there the other version's name
    static List<String> lines(String there, List<Compared> all) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("BENCHMARK", "WHAT", "UNIT", there, "HERE", "COST", "MIN - MAX", "RUNS"));
        String last = "";
        for (Compared one : all) {
            int decimals = one.quantity().decimals();
            Samples costs = one.costs();
            rows.add(List.of(one.benchmark().equals(last) ? "" : one.benchmark(), one.what(), one.quantity().unit(),
                    FigureTable.number(one.there().median(), decimals),
                    FigureTable.number(one.here().median(), decimals),
                    FigureTable.number(costs.median(), 2),
                    costs.values().size() == 1
                            ? ""
                            : FigureTable.number(costs.min(), 2) + " - " + FigureTable.number(costs.max(), 2),
                    Integer.toString(costs.values().size())));
            last = one.benchmark();
        }
        List<String> lines = new ArrayList<>(FigureTable.aligned(rows, RIGHT));
        lines.add("");
        lines.add("  COST: what it costs here over what it costs at " + there
                + ", so that above 1 is worse; the median of measurements that followed one");
        lines.add("  another, and their extremes.");
        return lines;
    }
}
