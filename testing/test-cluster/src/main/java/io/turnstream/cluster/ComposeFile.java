package io.turnstream.cluster;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// A Compose file as Compose reads it: anchors merged, `${NAME:-default}` filled in, `$$` a dollar.
///
/// @param content its YAML, filled in
/// @param variables the environment of whoever starts it
public record ComposeFile(Map<String, Object> content, Map<String, String> variables) {

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\$)|\\{(\\w+)(?::-([^}]*))?})");

    public static ComposeFile read(Path file, Map<String, String> variables) {
        try (Reader reader = Files.newBufferedReader(file)) {
            Map<String, Object> yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            return new ComposeFile(mapping(filled(yaml, variables)), Map.copyOf(variables));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The services by name, each as the file has it.
    public Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        mapping(content.get("services")).forEach((name, service) -> services.put(name, mapping(service)));
        return services;
    }

    /// The environment of a service's containers. What has no value is passed on from the starter's, and absent if it
    /// is not there.
    public Map<String, String> environment(String service) {
        Map<String, String> environment = new TreeMap<>();
        mapping(services().get(service).getOrDefault("environment", Map.of())).forEach((name, value) -> {
            String passed = value == null ? variables.get(name) : value.toString();
            if (passed != null) {
                environment.put(name, passed);
            }
        });
        return environment;
    }

    /// The command that tells whether a service's container is healthy: `CMD`, then what is run.
    public List<String> healthCheck(String service) {
        return ((List<?>) mapping(services().get(service).get("healthcheck")).get("test")).stream().map(String::valueOf)
                .toList();
    }

    private static @Nullable Object filled(@Nullable Object value, Map<String, String> variables) {
        return switch (value) {
            case String text -> VARIABLE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(
                    match.group(1) != null
                            ? "$"
                            : variables.getOrDefault(match.group(2), match.group(3) == null ? "" : match.group(3))));
            case List<?> list -> {
                List<@Nullable Object> all = new ArrayList<>();
                list.forEach(element -> all.add(filled(element, variables)));
                yield all;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((key, element) -> all.put(String.valueOf(key), filled(element, variables)));
                yield all;
            }
            case null -> null;
            default -> value;
        };
    }

    @SuppressWarnings("unchecked") // YAML mappings, whose keys were made texts
    public static Map<String, Object> mapping(Object value) {
        return (Map<String, Object>) value;
    }
}
