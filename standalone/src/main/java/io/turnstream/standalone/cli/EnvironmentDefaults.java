package io.turnstream.standalone.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Gives each flag the value of its variable: `--max-connections` that of `TURNSTREAM_MAX_CONNECTIONS`.
final class EnvironmentDefaults implements IDefaultValueProvider {

    private static final String PREFIX = "TURNSTREAM_";
    private static final Set<String> WITHOUT = Set.of("--help", "--version", "--resume", "--judgements", "--baseline");
    private static final Set<String> OF_DEMO = Set.of("--home", "--json", "--scoring", "--by", "--debug", "--url");

    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    /// The variable of a flag.
    static String variable(String flag) {
        return PREFIX + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /// Whether a flag has a variable.
    static boolean has(OptionSpec option) {
        // variables that describe somebody's evaluations are not meant for the demo
        boolean demo = option.command() != null && option.command().name().equals("demo");
        return !WITHOUT.contains(option.longestName()) && (!demo || OF_DEMO.contains(option.longestName()));
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (argument instanceof OptionSpec option && has(option)) {
            String value = environment.get(variable(option.longestName()));
            if (value != null && !value.isBlank()) {
                return option.typeInfo().isBoolean() ? bool(value, variable(option.longestName())) : value.strip();
            }
        }
        return null;
    }

    private static String bool(String value, String variable) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes", "on" -> "true";
            case "0", "false", "no", "off" -> "false";
            default -> throw new UsageException(variable, "is neither true nor false",
                    "Set it to true or false, or unset it.");
        };
    }
}
