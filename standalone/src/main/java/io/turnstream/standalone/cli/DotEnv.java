package io.turnstream.standalone.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a `.env` file: `NAME=value` lines, with `export` in front if one likes, `#` comments, and quotes around
/// values. Within double quotes `\"` is a quote and `\\` a backslash; nothing else is expanded.
///
/// The file belongs to other programs, too, and they have their own syntax. So what is wrong with a variable that
/// Turnstream reads is an error, and of every other line that cannot be read people are told, and it is passed over.
/// Neither repeats what the line holds.
final class DotEnv {

    private static final Pattern LINE = Pattern.compile("(?:export\\s++)?([A-Za-z_][A-Za-z0-9_]*)\\s*+=\\s*+(.*)");
    /// A variable of ours, where it is set: behind `$` or `{` it is only used.
    private static final Pattern OURS = Pattern.compile(
            "(?<![A-Za-z0-9_${])(?:TURNSTREAM_[A-Za-z0-9_]+|OPENAI_(?:API_KEY|API_KEY_FILE|BASE_URL))(?![A-Za-z0-9_])");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([\"\\\\])");
    private static final Pattern BEHIND_QUOTE = Pattern.compile("\\s*(?:#.*)?");
    private static final Pattern LINE_END = Pattern.compile("\r\n|[\r\n]");
    private static final String MARK = "\uFEFF";
    private static final int LARGEST = 1 << 20;
    /// Of more lines it is said how many there are.
    private static final int MOST_TOLD = 5;

    private final String file;
    private final List<String> told = new ArrayList<>();

    private DotEnv(String file) {
        this.file = file;
    }

    /// The variables of the process with those of `.env` in a folder beneath them: what is set in the process wins.
    ///
    /// @param warnings takes what is passed over, a line of text each
    /// @throws UsageException if a variable of ours cannot be read
    static Map<String, String> over(Map<String, String> process, Path folder, Consumer<String> warnings) {
        Map<String, String> all = new TreeMap<>();
        Path file = folder.resolve(".env");
        if (Files.isRegularFile(file)) {
            DotEnv env = new DotEnv(file.toString());
            all.putAll(env.read(file));
            env.tell(warnings);
        }
        all.putAll(process);
        return Map.copyOf(all);
    }

    /// The variables of these lines.
    static Map<String, String> parse(List<String> lines, String file, Consumer<String> warnings) {
        DotEnv env = new DotEnv(file);
        Map<String, String> values = env.parse(lines);
        env.tell(warnings);
        return values;
    }

    private void tell(Consumer<String> warnings) {
        told.stream().limit(MOST_TOLD).forEach(warnings);
        if (told.size() > MOST_TOLD) {
            warnings.accept(file + ": " + (told.size() - MOST_TOLD) + " more lines are passed over.");
        }
    }

    private Map<String, String> read(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                told.add(file + ": is larger than " + LARGEST
                        + " bytes, so none of it is read. Keep nothing but variables in it.");
                return Map.of();
            }
            // one byte is one character, and those of ASCII are themselves
            String raw = new String(bytes, StandardCharsets.ISO_8859_1);
            if (raw.indexOf('\0') >= 0) {
                if (OURS.matcher(raw.replace("\0", "")).find()) {
                    throw notUtf8(file);
                }
                told.add(file + ": is not UTF-8 text, so none of it is read. Save it as UTF-8.");
                return Map.of();
            }
            List<String> lines = new ArrayList<>();
            for (String line : LINE_END.split(raw)) {
                lines.add(decoded(line, lines.size() + 1));
            }
            if (!lines.isEmpty() && lines.getFirst().startsWith(MARK)) {
                lines.set(0, lines.getFirst().substring(MARK.length()));
            }
            return parse(lines);
        } catch (IOException e) {
            told.add(file + ": cannot be read. Check its permissions.");
            return Map.of();
        }
    }

    /// A line as text; empty where it is none.
    private String decoded(String raw, int number) {
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1))).toString();
        } catch (CharacterCodingException e) {
            if (!raw.strip().startsWith("#")) {
                if (OURS.matcher(raw).find()) {
                    throw notUtf8(place(number));
                }
                passOver(number, "is not UTF-8 text");
            }
            return "";
        }
    }

    private static UsageException notUtf8(String place) {
        return new UsageException(place, "is not UTF-8 text", "Save it as UTF-8.");
    }

    private Map<String, String> parse(List<String> lines) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher assignment = LINE.matcher(line);
            boolean assigns = assignment.matches();
            Value value = assigns
                    ? Value.of(assignment.group(2))
                    : new Value(null, "is not NAME=value", "Mend the line, or put # in front of it.");
            if (value.text() != null) {
                values.put(assignment.group(1), value.text());
            } else if (OURS.matcher(assigns ? assignment.group(1) : line).find()) {
                throw new UsageException(place(i + 1), value.problem(), value.remedy());
            } else {
                passOver(i + 1, value.problem());
                i = assigns && !value.isClosed() ? lastLineOfValue(lines, i, assignment.group(2).charAt(0)) : i;
            }
        }
        return values;
    }

    /// Other programs let a quoted value, a private key say, go on over several lines. Up to where it ends nothing is a
    /// variable, but what sets one of ours: then a quote was forgotten.
    private static int lastLineOfValue(List<String> lines, int first, char quote) {
        for (int i = first + 1; i < lines.size(); i++) {
            if (OURS.matcher(lines.get(i)).find()) {
                return first;
            }
            if (closingQuote(quote + lines.get(i)) >= 0) {
                return i;
            }
        }
        return first;
    }

    private void passOver(int line, String problem) {
        told.add(place(line) + ": " + problem + "; it sets no variable that Turnstream reads, and is passed over.");
    }

    private String place(int line) {
        return file + ", line " + line;
    }

    /// What stands behind the equals sign, or what is wrong with it.
    ///
    /// @param text null where something is wrong
    private record Value(@Nullable String text, String problem, String remedy) {

        private static final String OPEN = "the quote before the value does not end on its line";

        private static Value of(String written) {
            if (written.isEmpty() || written.charAt(0) != '"' && written.charAt(0) != '\'') {
                return new Value(withoutComment(written).strip(), "", "");
            }
            int end = closingQuote(written);
            if (end < 0) {
                return new Value(null, OPEN, "Close it; a value stands on one line.");
            }
            if (!BEHIND_QUOTE.matcher(written.substring(end + 1)).matches()) {
                return new Value(null, "something stands behind the closing quote",
                        "Remove it, or put other quotes around the value.");
            }
            String quoted = written.substring(1, end);
            return new Value(written.charAt(0) == '"' ? ESCAPED.matcher(quoted).replaceAll("$1") : quoted, "", "");
        }

        private boolean isClosed() {
            return !problem.equals(OPEN);
        }

        /// Never the value.
        @Override
        public String toString() {
            return "Value[" + problem + "]";
        }
    }

    /// Where the quote that begins the text ends; below 0 where it does not. In double quotes a backslash takes the
    /// next character along.
    private static int closingQuote(String text) {
        char quote = text.charAt(0);
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                return i;
            }
            if (c == '\\' && quote == '"') {
                i++;
            }
        }
        return -1;
    }

    private static String withoutComment(String text) {
        int mark = text.indexOf('#', 1);
        while (mark > 0 && !Character.isWhitespace(text.charAt(mark - 1))) {
            mark = text.indexOf('#', mark + 1);
        }
        return mark < 0 ? text : text.substring(0, mark);
    }
}
