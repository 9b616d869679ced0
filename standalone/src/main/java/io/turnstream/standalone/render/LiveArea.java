package io.turnstream.standalone.render;

import java.io.PrintWriter;
import java.util.List;

/// The last lines of a terminal, drawn over again and again.
public final class LiveArea {

    private static final String ESCAPE = "\u001b[";

    private final PrintWriter out;
    private int drawn;

    public LiveArea(PrintWriter out) {
        this.out = out;
    }

    /// Replaces what was drawn last.
    public void draw(List<String> lines) {
        StringBuilder text = new StringBuilder(up());
        for (String line : lines) {
            text.append(line).append(ESCAPE).append("K\n");
        }
        text.append(ESCAPE).append('J');
        out.print(text);
        out.flush();
        drawn = lines.size();
    }

    /// Takes away what was drawn last.
    public void clear() {
        if (drawn > 0) {
            out.print(up() + ESCAPE + "J");
            out.flush();
            drawn = 0;
        }
    }

    private String up() {
        return drawn == 0 ? "" : ESCAPE + drawn + "A\r";
    }
}
