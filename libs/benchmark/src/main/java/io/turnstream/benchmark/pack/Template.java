package io.turnstream.benchmark.pack;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A request template: text with placeholders such as `{{question}}`. It is taken apart once, when the pack is read,
/// and filled in a single pass, so that a placeholder within a filled-in text stays what it is: text.
final class Template {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");

    private final List<String> literals;
    private final List<String> names;

    private Template(List<String> literals, List<String> names) {
        this.literals = List.copyOf(literals);
        this.names = List.copyOf(names);
    }

    /// Takes a template apart; every one of `required`, and nothing else, must stand in it.
    static Template parse(String file, String text, Set<String> required) {
        List<String> literals = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        int from = 0;
        while (matcher.find()) {
            literals.add(text.substring(from, matcher.start()));
            names.add(matcher.group(1).strip());
            from = matcher.end();
        }
        literals.add(text.substring(from));
        for (String name : names) {
            if (!required.contains(name)) {
                throw new InvalidProtocolException(file, "{{" + name + "}}", "unknown placeholder",
                        "This template knows " + written(required) + "; correct or remove it");
            }
        }
        Set<String> missing = new LinkedHashSet<>(required);
        names.forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw new InvalidProtocolException(file, written(missing), "missing placeholder",
                    "Without it the model does not see that part of the request; put it where it belongs");
        }
        for (String literal : literals) {
            if (literal.contains("{{") || literal.contains("}}")) {
                throw new InvalidProtocolException(file, "{{",
                        "a placeholder is not closed, or closed without being opened",
                        "Write placeholders as {{name}} and no other double braces");
            }
        }
        return new Template(literals, names);
    }

    String fill(Map<String, String> values) {
        StringBuilder filled = new StringBuilder(literals.getFirst());
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(names.get(i));
            if (value == null) {
                throw new IllegalArgumentException("No value for {{" + names.get(i) + "}}");
            }
            filled.append(value).append(literals.get(i + 1));
        }
        return filled.toString();
    }

    private static String written(Set<String> names) {
        return names.stream().sorted().map(name -> "{{" + name + "}}").reduce((a, b) -> a + ", " + b)
                .orElse("no placeholders");
    }
}
