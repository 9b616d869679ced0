package io.turnstream.standalone.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Reads flags whose values come from a list.
final class Choices {

    private Choices() {}

    /// The value, if it is one of those.
    static String of(String flag, String value, List<String> known) {
        String wanted = value.strip().toLowerCase(Locale.ROOT);
        if (!known.contains(wanted)) {
            throw new UsageException(flag, "there is no '" + value.strip() + "'"
                    + Spelling.nearest(wanted, known).map(near -> " (did you mean '" + near + "'?)").orElse(""),
                    "There are " + String.join(", ", known) + ".");
        }
        return wanted;
    }

    /// The values, each of which is one of those; `all` stands for no choice.
    static List<String> ofAll(String flag, Collection<String> values, List<String> known) {
        List<String> chosen = new ArrayList<>();
        List<String> withAll = new ArrayList<>(known);
        withAll.add("all");
        for (String value : values) {
            String name = of(flag, value, withAll);
            if (name.equals("all")) {
                return List.of();
            }
            if (!chosen.contains(name)) {
                chosen.add(name);
            }
        }
        return chosen;
    }
}
