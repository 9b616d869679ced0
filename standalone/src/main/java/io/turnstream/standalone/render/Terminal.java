package io.turnstream.standalone.render;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What the place can show that something is printed to.
///
/// @param interactive whether a person looks at it: lines may be drawn over
/// @param width columns
/// @param colour whether escape sequences for bold and dim may be used
/// @param unicode whether more than ASCII may be used
public record Terminal(boolean interactive, int width, boolean colour, boolean unicode) {

    /// Columns assumed where nobody says.
    public static final int DEFAULT_WIDTH = 100;

    private static final int NARROWEST = 40;

    public Terminal {
        width = Math.max(NARROWEST, width);
    }

    /// Neither colours nor drawing: a file or a pipe.
    public static Terminal plain(int width, boolean unicode) {
        return new Terminal(false, width, false, unicode);
    }

    /// What a standard stream of this process goes to.
    ///
    /// `NO_COLOR` (any value) turns colours off, `TERM=dumb` drawing too; `COLUMNS` wins over the measured width.
    ///
    /// @param descriptor 1 for standard output, 2 for standard error
    public static Terminal of(int descriptor, Map<String, String> environment, Charset charset) {
        boolean unicode = charset.equals(StandardCharsets.UTF_8);
        boolean terminal = isTerminal(descriptor) && !"dumb".equals(environment.get("TERM"));
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(terminal, width(terminal, environment), colour, unicode);
    }

    /// Whether a standard stream of this process goes to a terminal, whatever it can show.
    ///
    /// @param descriptor 1 for standard output, 2 for standard error
    public static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
            return new ProcessBuilder("test", "-t", Integer.toString(descriptor)).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int width(boolean terminal, Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        if (columns.matches("\\d{1,4}")) {
            return Integer.parseInt(columns);
        }
        return terminal ? measuredWidth() : DEFAULT_WIDTH;
    }

    private static int measuredWidth() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(Path.of("/dev/tty").toFile()).start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (stty.waitFor(1, TimeUnit.SECONDS) && answer.matches("\\d+ [1-9]\\d*")) {
                return Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
            }
        } catch (IOException e) {
            return DEFAULT_WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return DEFAULT_WIDTH;
    }

    /// The text in bold, where that can be shown.
    public String bold(String text) {
        return styled("1", text);
    }

    /// The text made less prominent.
    public String dim(String text) {
        return styled("2", text);
    }

    /// The text as a warning.
    public String warning(String text) {
        return styled("33", text);
    }

    private String styled(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /// One or the other, by what can be shown.
    public String either(String unicodeText, String asciiText) {
        return unicode ? unicodeText : asciiText;
    }

    /// The text on as many lines as it needs, broken between words where that can be; what is beyond the last one is
    /// cut.
    ///
    /// @param columns most columns of a line
    /// @param mostLines most lines, at least one
    public List<String> wrapped(String text, int columns, int mostLines) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (lines.size() < mostLines - 1 && rest.length() > columns) {
            int space = rest.lastIndexOf(' ', columns);
            int end = space <= columns / 2 ? columns : space;
            lines.add(rest.substring(0, end).strip());
            rest = rest.substring(end).strip();
        }
        lines.add(cut(rest, columns));
        return lines;
    }

    /// The text, cut to a number of columns.
    public String cut(String text, int columns) {
        if (text.length() <= columns) {
            return text;
        }
        String mark = either("…", "...");
        return columns <= mark.length()
                ? text.substring(0, Math.max(0, columns))
                : text.substring(0, columns - mark.length()) + mark;
    }
}
