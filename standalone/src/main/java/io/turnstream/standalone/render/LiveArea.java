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
            text.append(HarmlessWriter.harmless(line)).append(ESCAPE).append("K\n");
        }
        text.append(ESCAPE).append('J');
        print(text.toString());
        drawn = lines.size();
    }

    /// Takes away what was drawn last.
    public void clear() {
        if (drawn > 0) {
            print(up() + ESCAPE + "J");
            drawn = 0;
        }
    }

    private void print(String drawing) {
        if (out instanceof HarmlessWriter shown) {
            shown.draw(drawing);
        } else {
            out.print(drawing);
            out.flush();
        }
    }

    private String up() {
        return drawn == 0 ? "" : ESCAPE + drawn + "A\r";
    }
}
