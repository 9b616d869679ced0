package io.turnstream.standalone.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a `.env` file: `NAME=value` lines, with `export` in front if one likes, `#` comments, and quotes around values.
/// Within double quotes `\"` is a quote and `\\` a backslash; nothing else is expanded. Errors never repeat a value.
final class DotEnv {

    private static final Pattern LINE = Pattern.compile("(?:export\\s++)?([A-Za-z_][A-Za-z0-9_]*)\\s*+=\\s*+(.*)");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([\"\\\\])");
    private static final Pattern BEHIND_QUOTE = Pattern.compile("\\s*(?:#.*)?");
    private static final String MARK = "\uFEFF";
    private static final int LARGEST = 1 << 20;

    private DotEnv() {}

    /// The variables of the process with those of `.env` in a folder beneath them: what is set in the process wins.
    ///
    /// @throws UsageException if there is a file that cannot be read
    static Map<String, String> over(Map<String, String> process, Path folder) {
        Map<String, String> all = new TreeMap<>();
        Path file = folder.resolve(".env");
        if (Files.isRegularFile(file)) {
            all.putAll(read(file));
        }
        all.putAll(process);
        return Map.copyOf(all);
    }

    private static Map<String, String> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new UsageException(file.toString(), "is larger than " + LARGEST + " bytes", "Keep nothing but variables in it.");
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.indexOf('\0') >= 0) {
                throw notUtf8(file);
            }
            return parse((text.startsWith(MARK) ? text.substring(MARK.length()) : text).lines().toList(), file.toString());
        } catch (CharacterCodingException e) {
            throw notUtf8(file);
        } catch (IOException e) {
            throw new UsageException(file.toString(), "cannot be read", "Check its permissions.");
        }
    }

    private static UsageException notUtf8(Path file) {
        return new UsageException(file.toString(), "is not UTF-8 text", "Save it as UTF-8.");
    }

    static Map<String, String> parse(List<String> lines, String file) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new UsageException(file + ", line " + (i + 1), "is not NAME=value", "Mend the line, or put # in front of it.");
            }
            values.put(matcher.group(1), value(matcher.group(2), file + ", line " + (i + 1)));
        }
        return values;
    }

    private static String value(String text, String place) {
        if (!text.isEmpty() && (text.charAt(0) == '"' || text.charAt(0) == '\'')) {
            int end = closingQuote(text);
            if (end < 0) {
                throw new UsageException(place, "the quote before the value does not end on its line", "Close it; a value stands on one line.");
            }
            if (!BEHIND_QUOTE.matcher(text.substring(end + 1)).matches()) {
                throw new UsageException(place, "something stands behind the closing quote", "Remove it, or put other quotes around the value.");
            }
            String quoted = text.substring(1, end);
            return text.charAt(0) == '"' ? ESCAPED.matcher(quoted).replaceAll("$1") : quoted;
        }
        return withoutComment(text).strip();
    }

    /// Where the quote that begins the text ends; below 0 where it does not. In double quotes a backslash takes the next character along.
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
