package io.turnstream.standalone.render;

import io.turnstream.messaging.Escapes;
import io.turnstream.projection.document.RejectedRow;
import java.util.ArrayList;
import java.util.List;

/// What was wrong with a data set: the first few bad rows with their places and remedies.
public final class RejectionList {

    private static final int SHOWN = 5;

    private final Terminal terminal;

    public RejectionList(Terminal terminal) {
        this.terminal = terminal;
    }

    /// A line or two for each of the first bad rows, and how many more there are; warnings are left out.
    public List<String> lines(List<RejectedRow> rejections) {
        List<RejectedRow> bad = rejections.stream().filter(row -> !row.warning()).toList();
        List<String> lines = new ArrayList<>();
        for (RejectedRow row : bad.subList(0, Math.min(SHOWN, bad.size()))) {
            lines.addAll(DemoVerdict
                    .wrapped(Escapes.line(place(row) + ": " + row.problem() + ". " + row.remedy()),
                            terminal.width() - 6)
                    .stream().map(line -> "    " + line).toList());
        }
        if (bad.size() > SHOWN) {
            lines.add("    and " + Amounts.count(bad.size() - SHOWN) + " more; 'turnstream export' lists them all");
        }
        return lines;
    }

    private static String place(RejectedRow row) {
        StringBuilder place = new StringBuilder(row.file().substring(row.file().lastIndexOf('/') + 1));
        if (row.row() != null) {
            place.append(", row ").append(row.row() + 1);
        }
        if (row.rowId() != null) {
            place.append(" (id ").append(row.rowId()).append(')');
        }
        return row.field() == null ? place.toString() : place.append(", ").append(row.field()).toString();
    }
}
