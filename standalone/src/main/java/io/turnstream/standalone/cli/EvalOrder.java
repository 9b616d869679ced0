package io.turnstream.standalone.cli;

import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.expectation.Expectations;
import io.turnstream.benchmark.expectation.InvalidExpectationsException;
import io.turnstream.benchmark.pack.CallSettings;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.console.CostTerms;
import io.turnstream.console.RunOrder;
import io.turnstream.events.PlanBounds;
import io.turnstream.loader.reading.DatasetFiles;
import io.turnstream.loader.reading.UnusableDatasetException;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import io.turnstream.providers.Providers;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes an order out of flags. Whatever can be seen to be wrong is refused here, before anything starts.
final class EvalOrder {

    private static final String NONE = "none";

    private final EvalOptions options;
    private final Path folder;
    private final boolean localFiles;
    private final @Nullable Path homePrices;

    /// @param folder the working directory, that relative paths start from
    /// @param localFiles whether the data set is read on this machine, so that it can be checked
    /// @param homePrices the price file of the home that is used; null where a deployed platform has its own
    EvalOrder(EvalOptions options, Path folder, boolean localFiles, @Nullable Path homePrices) {
        this.options = options;
        this.folder = folder;
        this.localFiles = localFiles;
        this.homePrices = homePrices;
    }

    /// @throws UsageException naming the flag that is wrong
    RunOrder order(String requestedBy) {
        if (options.models.isEmpty()) {
            throw new UsageException("--model", "no model is given",
                    "Name one, such as --model openai/gpt-5-mini, or try the platform with 'turnstream demo'.");
        }
        options.models.forEach(model -> ProviderFlags.provider("--model", model));
        if (judge() != null) {
            ProviderFlags.provider("--judge", judge());
        }
        ProtocolPack pack = options.protocol == null
                ? ProtocolPack.bundled(ProtocolPack.DEFAULT)
                : ProtocolPack.load(at(options.protocol));
        Limits limits = limits(options.maxConnections, "--max-connections", RunOrder.DEFAULT_MAX_CONNECTIONS)
                .withQuota(Numbers.perMinute("--rpm", options.rpm), Numbers.tokensPerMinute("--tpm", options.tpm));
        Limits judgeLimits = limits(options.judgeMaxConnections, "--judge-max-connections", limits.maxConnections())
                .withQuota(Numbers.perMinute("--judge-rpm", options.judgeRpm),
                        Numbers.tokensPerMinute("--judge-tpm", options.judgeTpm));
        return new RunOrder(
                options.models.stream().map(String::strip).toList(), judge(), dataset(),
                file("--captions", options.captions),
                file("--categories", options.categories), selection(), options.protocol == null ? null : pack.files(),
                parameters(pack),
                limits, sharesKey() ? judgeLimits.orQuotaOf(limits) : judgeLimits,
                Numbers.whole("--window", options.window, 1, RunOrder.LARGEST_WINDOW), options.failOnError,
                expectations(pack),
                options.tags, requestedBy, costs());
    }

    private CostTerms costs() {
        CostTerms terms = options.costs().terms(options.models, judge(), folder, homePrices);
        requireTokenLimit(terms.costLimitUsd(), "--cost-limit", options.maxTokens, "--max-tokens");
        requireTokenLimit(terms.judgeCostLimitUsd(), "--judge-cost-limit", options.judgeMaxTokens,
                "--judge-max-tokens");
        return terms;
    }

    private static void requireTokenLimit(@Nullable BigDecimal limit, String flag, @Nullable String maxTokens,
            String tokensFlag) {
        if (limit != null && maxTokens != null && isNone(maxTokens)) {
            throw new UsageException(flag, "what an answer may cost at most is not known with " + tokensFlag + " none",
                    "Give " + tokensFlag
                            + " a number, or leave the limit out.");
        }
    }

    /// The text of what is stated beforehand, once it is what is asked for.
    private @Nullable String expectations(ProtocolPack pack) {
        if (options.expect == null) {
            return null;
        }
        Expectations expectations = expectations(at(options.expect));
        List<String> mismatches = expectations.mismatches(options.models.stream().map(String::strip).toList(), judge(),
                pack.name(), pack.digest());
        if (!mismatches.isEmpty()) {
            throw new UsageException("--expect",
                    "what is asked for is not what " + options.expect + " states: " + String.join("; ", mismatches),
                    "Ask for what was stated, or state what is meant. Nothing was started.");
        }
        return expectations.text();
    }

    /// Reads a file of expectations.
    ///
    /// @throws UsageException naming line and field of what is wrong with it
    static Expectations expectations(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new UsageException("--expect", file + " is no file",
                        "docs/expectations.md describes what it holds.");
            }
            return Expectations.parse(Files.readString(file));
        } catch (InvalidExpectationsException e) {
            throw new UsageException("--expect", file + ", " + e.where() + ": " + e.what(), e.remedy());
        } catch (CharacterCodingException e) {
            throw new UsageException("--expect", file + " is not UTF-8", "Save it so.");
        } catch (IOException e) {
            throw new UsageException("--expect", file + " cannot be read",
                    "Check the path. docs/expectations.md describes what it holds.");
        }
    }

    /// The judge, or null for none.
    @Nullable
    String judge() {
        return options.judge == null || options.judge.strip().equalsIgnoreCase(NONE) ? null : options.judge.strip();
    }

    /// Whether the judge is called with the key of a model, so that their calls count together.
    private boolean sharesKey() {
        String judge = judge();
        if (judge == null) {
            return false;
        }
        String provider = ProviderFlags.provider("--judge", judge);
        boolean oneAddress = provider.equals(Providers.SIM)
                || Objects.equals(options.judgeBaseUrl, options.modelBaseUrl);
        return oneAddress
                && options.models.stream().anyMatch(model -> ProviderFlags.provider("--model", model).equals(provider));
    }

    private List<String> dataset() {
        if (options.dataset.isEmpty()) {
            throw new UsageException("--dataset", "no data set is given",
                    "Give the folder or files of one, in Parquet or JSON lines; see docs/datasets.md.");
        }
        options.dataset.forEach(path -> notAnAddress("--dataset", path));
        if (!localFiles) {
            return options.dataset.stream().map(Path::toString).toList();
        }
        List<Path> paths = options.dataset.stream().map(this::at).toList();
        try {
            DatasetFiles.find(paths).files().forEach(source -> readable("--dataset", source.path()));
        } catch (UnusableDatasetException e) {
            throw new UsageException("--dataset", e.problem() + " (" + e.where() + ")", sentence(e.remedy()));
        }
        return paths.stream().map(Path::toString).toList();
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }

    private @Nullable String file(String flag, @Nullable Path given) {
        if (given == null) {
            return null;
        }
        notAnAddress(flag, given);
        if (!localFiles) {
            return given.toString();
        }
        Path file = at(given);
        if (!Files.isRegularFile(file)) {
            throw new UsageException(flag, "there is no file " + file, "Check the path.");
        }
        readable(flag, file);
        return file.toString();
    }

    /// Never repeats an address: it can hold a key.
    private static void notAnAddress(String flag, Path given) {
        // a path has lost the second slash of one
        if (given.toString().matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
            throw new UsageException(flag, "is an address, and files are read from disks only",
                    "Fetch it first, then give the path.");
        }
    }

    private static void readable(String flag, Path file) {
        if (!Files.isReadable(file)) {
            throw new UsageException(flag, file + " cannot be read", "Check its permissions.");
        }
    }

    private Path at(Path path) {
        return folder.resolve(path).toAbsolutePath().normalize();
    }

    private SelectionFacts selection() {
        Optional<Numbers.Rows> rows = Optional.ofNullable(Numbers.rows("--limit", options.limit));
        Integer epochs = Numbers.whole("--epochs", options.epochs, 1, PlanBounds.MOST_EPOCHS);
        return new SelectionFacts(
                Choices.ofAll("--split", options.splits, List.of("type_a", "type_b")),
                Choices.ofAll("--modality", options.modalities, List.of("multimodal", "unimodal")),
                Choices.ofAll("--intent", options.intents, List.of("safe", "unsafe")),
                rows.map(Numbers.Rows::first).orElse(0),
                rows.map(Numbers.Rows::count).orElse(null),
                options.sampleIds.stream()
                        .map(id -> Objects.requireNonNull(Numbers.whole("--sample-id", id, 0, Integer.MAX_VALUE)))
                        .toList(),
                options.variants,
                epochs == null ? 1 : epochs);
    }

    private Map<String, Parameters> parameters(ProtocolPack pack) {
        Long seed = Numbers.seed("--seed", options.seed);
        return Map.of(
                "dialogue",
                parameters(pack.call(StepKind.TURN), options.temperature, "--temperature", options.maxTokens,
                        "--max-tokens", seed),
                "mcq",
                parameters(pack.call(StepKind.MCQ), options.temperature, "--temperature", options.maxTokens,
                        "--max-tokens", seed),
                "tf",
                parameters(pack.call(StepKind.TF), options.temperature, "--temperature", options.maxTokens,
                        "--max-tokens", seed),
                "judge",
                parameters(pack.call(StepKind.JUDGE), options.judgeTemperature, "--judge-temperature",
                        options.judgeMaxTokens,
                        "--judge-max-tokens", seed));
    }

    private static Parameters parameters(
            CallSettings pack, @Nullable String temperature, String temperatureFlag, @Nullable String maxTokens,
            String tokensFlag,
            @Nullable Long seed) {
        Double warmth = temperature == null
                ? pack.temperature()
                : isNone(temperature) ? null : Double.valueOf(Numbers.temperature(temperatureFlag, temperature));
        Integer tokens = maxTokens == null
                ? Integer.valueOf(pack.maxTokens())
                : isNone(maxTokens) ? null : Numbers.whole(tokensFlag, maxTokens, 1, Integer.MAX_VALUE);
        return new Parameters(warmth, tokens, seed);
    }

    private static boolean isNone(String text) {
        return text.strip().equalsIgnoreCase(NONE);
    }

    private Limits limits(@Nullable String connections, String flag, int otherwise) {
        Integer given = Numbers.whole(flag, connections, 1, RunOrder.MOST_CONNECTIONS);
        Integer retries = Numbers.whole("--max-retries", options.maxRetries, 0, RunOrder.MOST_RETRIES);
        Duration timeout = Numbers.duration("--timeout", options.timeout);
        return new Limits(given == null ? otherwise : given,
                retries == null ? RunOrder.DEFAULT_LIMITS.maxRetries() : retries,
                timeout == null ? RunOrder.DEFAULT_LIMITS.timeoutMillis() : timeout.toMillis());
    }
}
