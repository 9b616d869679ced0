package io.turnstream.standalone.render;

import io.turnstream.messaging.DeadLetterDesk.Letter;
import io.turnstream.messaging.DeadLetterDesk.Opened;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Dead letters for people.
public final class DeadLetterText {

    private static final int HEX_PER_LINE = 64;

    private final Terminal terminal;

    public DeadLetterText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Two lines each: where it came from and why it is here.
    public List<String> list(List<Letter> letters) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold(String.format("  %-6s%-22s%-20s%s", "ID", "LAID ASIDE", "BY", "RECORD")));
        for (Letter letter : letters) {
            lines.add(String.format("  %-6d%-22s%-20s%s", letter.id(), letter.at().truncatedTo(ChronoUnit.SECONDS),
                    letter.service(), letter.place())
                    + (letter.copies() > 1 ? "  (" + letter.copies() + " times)" : "")
                    + (letter.replays().isEmpty() ? "" : "  sent back"));
            lines.add(terminal.dim("        " + terminal.cut(letter.reason(), terminal.width() - 9)));
        }
        return lines;
    }

    /// All that is known of one.
    public List<String> show(Opened opened) {
        Letter letter = opened.letter();
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold("Dead letter " + letter.id()));
        add(lines, "record", letter.place());
        add(lines, "key", letter.key());
        add(lines, "laid aside", letter.at() + " by " + letter.service()
                + (letter.copies() > 1 ? ", " + letter.copies() + " times" : ""));
        add(lines, "reason", letter.reason());
        letter.replays().forEach(replay -> add(lines, "sent back",
                replay.at() + " as " + letter.topic() + '[' + letter.partition() + "]@" + replay.offset()));
        lines.add("");
        lines.add("Headers" + (opened.headers().isEmpty() ? ": none" : ""));
        new TreeMap<>(opened.headers()).forEach((name, value) -> add(lines, name, value));
        lines.add("");
        if (letter.bytes() < 0) {
            lines.add("It has no value.");
            return lines;
        }
        String what = opened.event();
        lines.add("Value, " + Amounts.of(letter.bytes(), "byte")
                + (what == null ? ", no event that this version can read" : ", " + what));
        if (opened.value() != null) {
            lines.add("  " + opened.value());
        }
        String hex = opened.hex();
        for (int from = 0; hex != null && from < hex.length(); from += HEX_PER_LINE) {
            lines.add(terminal.dim(String.format("  %04x  %s", from / 2,
                    hex.substring(from, Math.min(hex.length(), from + HEX_PER_LINE)))));
        }
        return lines;
    }

    private static void add(List<String> lines, String name, @Nullable String value) {
        lines.add(String.format("  %-18s%s", name, value == null ? "none" : value));
    }
}
