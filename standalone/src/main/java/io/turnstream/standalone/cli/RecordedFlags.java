package io.turnstream.standalone.cli;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.Provenance;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import io.turnstream.projection.report.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Holds the flags given with `--resume` against what the run was started with. A run goes on with its recorded
/// parameters, so a flag may repeat one, not change it.
final class RecordedFlags {

    private static final String NOT_GIVEN = "not given";
    private static final Set<String> FREE = Set.of("--resume", "--home", "--url", "--debug", "--port", "--json",
            "--scoring", "--by",
            "--model-base-url", "--judge-base-url", "--cost-limit", "--judge-cost-limit");

    private record Pair(String given, String recorded) {}

    private final EvalOptions options;
    private final Path folder;

    /// @param folder the working directory, that relative paths start from
    RecordedFlags(EvalOptions options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    /// @param given long names of the flags that stand on the command line
    /// @throws UsageException naming a flag, its recorded and its given value
    void require(Collection<String> given, RunReport run) {
        for (String flag : given) {
            if (FREE.contains(flag)) {
                continue;
            }
            Pair pair = comparisons().containsKey(flag)
                    ? Objects.requireNonNull(comparisons().get(flag)).apply(run)
                    : null;
            if (pair == null) {
                throw new UsageException(flag, "cannot be given with --resume",
                        "The run goes on as it was started; leave it out.");
            }
            if (!pair.given().equals(pair.recorded())) {
                throw new UsageException(flag,
                        "run " + run.id() + " was started with " + pair.recorded() + ", and " + pair.given()
                                + " is given",
                        "Leave the flag out to go on, or start a new run without --resume.");
            }
        }
    }

    private Map<String, Function<RunReport, @Nullable Pair>> comparisons() {
        Map<String, Function<RunReport, @Nullable Pair>> all = new LinkedHashMap<>();
        all.put("--model", run -> pair(String.join(", ", options.models), run.model()));
        all.put("--judge", run -> pair(options.judge, run.judge()));
        all.put("--dataset", run -> pair(paths(options.dataset), String.join(", ", run.provenance().dataset())));
        all.put("--captions", run -> pair(path(options.captions), run.provenance().captions()));
        all.put("--categories", run -> pair(path(options.categories), run.provenance().categories()));
        all.put("--protocol", run -> pair(digest(), run.provenance().protocolDigest()));
        all.put("--expect",
                run -> pair(
                        options.expect == null ? null : EvalOrder.expectations(folder.resolve(options.expect)).digest(),
                        run.provenance().expectDigest()));
        all.put("--tags", run -> pair(String.join(", ", options.tags), String.join(", ", run.provenance().tags())));
        all.put("--split", run -> selected(run, options.splits, SelectionFacts::splits));
        all.put("--modality", run -> selected(run, options.modalities, SelectionFacts::modalities));
        all.put("--intent", run -> selected(run, options.intents, SelectionFacts::intents));
        all.put("--sample-id", run -> selected(run, options.sampleIds,
                facts -> facts.sampleIds().stream().map(String::valueOf).toList()));
        all.put("--limit", run -> selection(run).map(facts -> pair(rows(), rows(facts))).orElse(null));
        all.put("--variants", run -> selection(run)
                .map(facts -> pair(String.valueOf(options.variants), String.valueOf(facts.variants()))).orElse(null));
        all.put("--epochs",
                run -> selection(run).map(facts -> pair(options.epochs, String.valueOf(facts.epochs()))).orElse(null));
        all.put("--temperature", run -> call(run, options.temperature, Parameters::temperature, true));
        all.put("--max-tokens", run -> call(run, options.maxTokens, Parameters::maxTokens, true));
        all.put("--judge-temperature", run -> call(run, options.judgeTemperature, Parameters::temperature, false));
        all.put("--judge-max-tokens", run -> call(run, options.judgeMaxTokens, Parameters::maxTokens, false));
        all.put("--seed", run -> call(run, options.seed, Parameters::seed, true));
        all.put("--max-connections", run -> limit(run.provenance().limits(), options.maxConnections,
                limits -> String.valueOf(limits.maxConnections())));
        all.put("--judge-max-connections",
                run -> limit(run.provenance().judgeLimits(), options.judgeMaxConnections,
                        limits -> String.valueOf(limits.maxConnections())));
        all.put("--max-retries", run -> limit(run.provenance().limits(), options.maxRetries,
                limits -> String.valueOf(limits.maxRetries())));
        all.put("--rpm",
                run -> limit(run.provenance().limits(), options.rpm, limits -> none(limits.requestsPerMinute())));
        all.put("--tpm",
                run -> limit(run.provenance().limits(), options.tpm, limits -> none(limits.tokensPerMinute())));
        all.put("--judge-rpm", run -> limit(run.provenance().judgeLimits(), options.judgeRpm,
                limits -> none(limits.requestsPerMinute())));
        all.put("--judge-tpm", run -> limit(run.provenance().judgeLimits(), options.judgeTpm,
                limits -> none(limits.tokensPerMinute())));
        all.put("--timeout", run -> limit(run.provenance().limits(),
                Optional.ofNullable(Numbers.duration("--timeout", options.timeout)).map(time -> time.toMillis() + " ms")
                        .orElse(null),
                limits -> limits.timeoutMillis() + " ms"));
        return all;
    }

    private static Pair pair(@Nullable String given, @Nullable String recorded) {
        return new Pair(given == null || given.isBlank() ? NOT_GIVEN : given.strip(),
                recorded == null || recorded.isBlank() ? NOT_GIVEN : recorded);
    }

    private static Optional<SelectionFacts> selection(RunReport run) {
        return Optional.ofNullable(run.provenance()).map(Provenance::selection);
    }

    private static @Nullable Pair selected(RunReport run, List<String> given,
            Function<SelectionFacts, List<String>> recorded) {
        return selection(run).map(facts -> new Pair(names(given), names(recorded.apply(facts)))).orElse(null);
    }

    private static String names(List<String> names) {
        List<String> sorted = names.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).distinct().sorted()
                .toList();
        return sorted.isEmpty() || sorted.contains("all") ? "all" : String.join(", ", sorted);
    }

    private String rows() {
        Numbers.Rows rows = Numbers.rows("--limit", options.limit);
        return rows == null ? "all" : rows(rows.first(), rows.count());
    }

    private static String rows(SelectionFacts facts) {
        Integer count = facts.rowLimit();
        return count == null ? "all" : rows(facts.firstRow(), count);
    }

    private static String rows(int first, int count) {
        return "rows " + (first + 1) + "-" + (first + count);
    }

    private static @Nullable Pair call(RunReport run, @Nullable String given,
            Function<Parameters, @Nullable Object> field, boolean ofModel) {
        Map<String, Parameters> requested = run.provenance().requested();
        List<String> calls = ofModel ? List.of("dialogue", "mcq", "tf") : List.of("judge");
        if (!requested.keySet().containsAll(calls)) {
            return null;
        }
        List<String> values = calls.stream()
                .map(call -> String.valueOf(field.apply(Objects.requireNonNull(requested.get(call)))).replace("null",
                        "none"))
                .distinct().toList();
        return new Pair(number(given), values.stream().map(RecordedFlags::number).collect(Collectors.joining("/")));
    }

    private static String number(@Nullable String text) {
        if (text == null) {
            return "none";
        }
        String plain = text.strip().toLowerCase(Locale.ROOT);
        return plain.matches("-?\\d+(\\.\\d+)?")
                ? new java.math.BigDecimal(plain).stripTrailingZeros().toPlainString()
                : plain;
    }

    private static String none(@Nullable Number limit) {
        return limit == null ? "none" : limit.toString();
    }

    private static @Nullable Pair limit(@Nullable Limits recorded, @Nullable String given,
            Function<Limits, String> field) {
        return recorded == null ? null : pair(given, field.apply(recorded));
    }

    private String digest() {
        return options.protocol == null ? NOT_GIVEN : ProtocolPack.load(folder.resolve(options.protocol)).digest();
    }

    private String paths(List<Path> paths) {
        List<String> texts = new ArrayList<>();
        paths.forEach(path -> texts.add(path(path)));
        return String.join(", ", texts);
    }

    private @Nullable String path(@Nullable Path path) {
        return Stream.ofNullable(path).map(given -> folder.resolve(given).toAbsolutePath().normalize().toString())
                .findFirst().orElse(null);
    }
}
