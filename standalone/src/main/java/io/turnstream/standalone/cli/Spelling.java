package io.turnstream.standalone.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// Finds what somebody probably meant.
final class Spelling {

    private Spelling() {}

    /// The long names of a command's flags.
    static List<String> flags(CommandLine command) {
        return command.getCommandSpec().options().stream().filter(option -> !option.hidden())
                .map(CommandLine.Model.OptionSpec::longestName).toList();
    }

    /// The names of a command's commands.
    static List<String> commands(CommandLine command) {
        return List.copyOf(command.getSubcommands().keySet());
    }

    /// The nearest candidate: one that begins with what was written or holds it, or is at most a third of its letters
    /// away.
    static Optional<String> nearest(String written, List<String> candidates) {
        Optional<String> nearest = candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(written, candidate)));
        if (nearest.isPresent() && distance(written, nearest.get()) <= Math.max(1, (bare(written).length() + 1) / 3)) {
            return nearest;
        }
        String letters = bare(written);
        return letters.length() < 3
                ? Optional.empty()
                : candidates.stream()
                        .filter(candidate -> bare(candidate).contains(letters) || letters.contains(bare(candidate)))
                        .min(Comparator.comparingInt(String::length));
    }

    private static String bare(String flag) {
        return flag.replaceFirst("^-+", "");
    }

    /// Edits (insert, delete, replace, swap neighbours) between two words.
    static int distance(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= other.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            for (int j = 1; j <= other.length(); j++) {
                int replace = cost[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[one.length()][other.length()];
    }
}
