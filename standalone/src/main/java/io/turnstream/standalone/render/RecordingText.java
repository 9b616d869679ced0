package io.turnstream.standalone.render;

import io.turnstream.importer.reading.LeftOut;
import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a recording holds and what of it is left out, for people.
public final class RecordingText {

    private static final int MOST_LINES = 40;
    private static final Map<Part, String> WORDS = Map.of(Part.FILE, "file cut short or not read", Part.DIALOGUE,
            "dialogue left out",
            Part.QUESTION, "question left out", Part.VERDICT, "verdict left out or missing", Part.REMARK, "remark");

    private final Terminal terminal;

    public RecordingText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// The lines: what is there, counts of what is left out, then each with its place, reason and remedy.
    public List<String> lines(Recording recording) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s: %d dialogues of %d rows, %d questions, %s%s",
                terminal.bold(recording.folder().name()),
                recording.dialogues(), recording.rows(), recording.questions(),
                recording.judged() ? recording.verdicts() + " verdicts" : "not judged",
                recording.emptyTurns() == 0 ? "" : ", empty turns: " + recording.emptyTurns()));
        if (recording.figuresCompared() > 0) {
            lines.add(String.format(Locale.ROOT,
                    "  Of %d published figures, %d follow from these answers to the fourth decimal.",
                    recording.figuresCompared(), recording.figuresEqual()));
        }
        for (Part part : Part.values()) {
            long count = recording.leftOut(part);
            if (count > 0) {
                lines.add(terminal.warning("  " + count + " x " + WORDS.get(part)));
            }
        }
        recording.leftOut().stream().limit(MOST_LINES).forEach(out -> lines.add(line(out)));
        int more = recording.leftOut().size() - MOST_LINES;
        if (more > 0) {
            lines.add("    and " + more + " more; 'turnstream export RUN' lists each.");
        }
        return lines;
    }

    private static String line(LeftOut out) {
        return "    " + out.where() + ": " + out.problem() + "; expected " + out.expected() + ". Remedy: "
                + out.remedy() + ".";
    }
}
