package io.turnstream.standalone.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a `.env` file: `NAME=value` lines, with `export` in front if one likes, `#` comments, and quotes around values.
/// Nothing is expanded within values. Errors never repeat a value.
final class DotEnv {

    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
    private static final Pattern COMMENT = Pattern.compile("\\s+#.*$");

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
        try {
            return parse(Files.readAllLines(file), file.toString());
        } catch (MalformedInputException e) {
            throw new UsageException(file.toString(), "is not UTF-8 text", "Save it as UTF-8.");
        } catch (IOException e) {
            throw new UsageException(file.toString(), "cannot be read", "Check its permissions.");
        }
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
            values.put(matcher.group(1), value(matcher.group(2)));
        }
        return values;
    }

    private static String value(String text) {
        if (!text.isEmpty() && (text.charAt(0) == '"' || text.charAt(0) == '\'')) {
            int end = text.indexOf(text.charAt(0), 1);
            if (end > 0) {
                return text.substring(1, end);
            }
        }
        return COMMENT.matcher(text).replaceFirst("").strip();
    }
}
