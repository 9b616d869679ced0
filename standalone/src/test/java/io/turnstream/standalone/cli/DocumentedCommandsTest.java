package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// What the documentation shows of the command line is what the command line takes.
class DocumentedCommandsTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern COMMAND = Pattern.compile("^\\s*(?:\\$ )?(?:\\./)?turnstream (?<line>.*)$");
    private static final Pattern WITHIN_A_LINE = Pattern.compile("`(?:\\./)?turnstream (?<line>[^`]+)`");
    /// Commands of the launcher, which Maven and the benchmarks parse.
    private static final Set<String> OTHERS = Set.of("test", "bench", "COMMAND");

    @TempDir
    Path folder;

    private Map<String, CommandLine> commands;

    private record Shown(Path file, int line, String text) {}

    @BeforeEach
    void commands() {
        commands = new CommandLineRig(folder).commandLines();
    }

    @Test
    void every_command_that_is_shown_can_be_parsed() throws IOException {
        List<Shown> all = shown();
        List<String> refused = new ArrayList<>();
        for (Shown shown : all) {
            String problem = problem(shown.text());
            if (problem != null) {
                refused.add(
                        ROOT.relativize(shown.file()) + ":" + shown.line() + ": " + shown.text() + " -> " + problem);
            }
        }
        assertThat(refused).isEmpty();
        assertThat(all).as("commands were found at all").hasSizeGreaterThan(30);
    }

    @Test
    void every_command_and_flag_is_documented() throws IOException {
        StringBuilder texts = new StringBuilder();
        for (Path page : pages()) {
            texts.append(Files.readString(page)).append('\n');
        }
        Set<String> missing = new TreeSet<>();
        new TreeMap<>(commands).forEach((name, command) -> {
            if (!texts.toString().contains("turnstream " + name)) {
                missing.add(name);
            }
            for (OptionSpec option : command.getCommandSpec().options()) {
                String flag = option.longestName();
                if (!option.hidden() && !Pattern.compile(Pattern.quote(flag) + "(?![\\w-])").matcher(texts).find()) {
                    missing.add(name + " " + flag);
                }
            }
        });
        assertThat(missing).isEmpty();
    }

    private @Nullable String problem(String line) {
        List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+")));
        if (words.contains("--help")) {
            return null;
        }
        try {
            commands.values().iterator().next().getParent().parseArgs(words.toArray(String[]::new));
            return null;
        } catch (ParameterException e) {
            return e.getMessage();
        }
    }

    private static List<Shown> shown() throws IOException {
        List<Shown> shown = new ArrayList<>();
        for (Path page : pages()) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                Matcher matcher = COMMAND.matcher(lines.get(i));
                int at = i + 1;
                if (!matcher.matches()) {
                    WITHIN_A_LINE.matcher(lines.get(i)).results().map(found -> found.group("line"))
                            // a name alone is spoken of, not shown
                            .filter(text -> text.contains(" ") && isWhole(text))
                            .forEach(text -> shown.add(new Shown(page, at, text)));
                    continue;
                }
                String text = matcher.group("line");
                while (text.endsWith("\\")) {
                    text = text.substring(0, text.length() - 1) + lines.get(++i).strip();
                }
                // what is explained beside it; what is a form rather than a command; what is shown for its error
                String alone = text.replaceAll("\\s+#.*|\\s{2,}.*|\\s*[|>].*", "");
                boolean fails = i + 1 < lines.size() && lines.get(i + 1).startsWith("turnstream: ");
                if (!fails && isWhole(alone)) {
                    shown.add(new Shown(page, at, alone));
                }
            }
        }
        return shown;
    }

    /// Not one that only shows a form, and none of the launcher.
    private static boolean isWhole(String line) {
        boolean form = line.contains("...") || line.contains("[") || line.contains("'") || line.contains("RUN/");
        return !form && !line.isBlank() && !OTHERS.contains(line.split(" ")[0]);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> examples = Files.walk(ROOT.resolve("examples"))) {
            return Stream.of(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")), docs, examples)
                    .flatMap(pages -> pages)
                    .filter(page -> Arrays.asList(".md", ".sh", ".yml").stream().anyMatch(page.toString()::endsWith))
                    .sorted().toList();
        }
    }
}
