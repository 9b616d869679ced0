package io.turnstream.standalone.cli;

import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.pack.CallSettings;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.console.CostTerms;
import io.turnstream.console.DialogueSelection;
import io.turnstream.console.JudgementOrder;
import io.turnstream.console.RunOrder;
import io.turnstream.console.UnacceptableRunException;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.Provenance.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes orders to judge again out of flags. Whatever can be seen to be wrong is refused here, before anything starts.
final class ScoreOrder {

    private static final String NONE = "none";

    private final ScoreOptions options;
    private final Path folder;
    private final String requestedBy;
    private final @Nullable ProtocolPack rubric;
    private final CostTerms costs;

    /// A run that is to be judged.
    ///
    /// @param judge parameters of the judge it was asked for with; null where only the log knows the run
    /// @param protocolDigest of its protocol pack; null where only the log knows the run
    record Wanted(String runId, @Nullable Parameters judge, @Nullable String protocolDigest) {}

    /// What is asked for a run.
    record Asked(String runId, JudgementOrder order) {}

    /// @param folder the working directory, that relative paths start from
    /// @param homePrices the price file of the home that is used; null where a deployed platform has its own
    /// @throws UsageException naming the flag that is wrong
    ScoreOrder(ScoreOptions options, Path folder, @Nullable Path homePrices, String requestedBy) {
        this.options = options;
        this.folder = folder;
        this.requestedBy = requestedBy;
        this.rubric = options.rubric == null
                ? null
                : ProtocolPack.load(folder.resolve(options.rubric).toAbsolutePath().normalize());
        ProviderFlags.provider("--judge", judge());
        this.costs = options.costs().terms(List.of(), judge(), folder, homePrices);
        if (options.only != null) {
            Choices.of("--only", options.only, List.of("unscored"));
        }
        if (options.select != null) {
            try {
                DialogueSelection.parse(options.select);
            } catch (UnacceptableRunException e) {
                throw new UsageException("--select", e.what(), e.remedy());
            }
        }
    }

    /// The judge.
    String judge() {
        if (options.judge == null || options.judge.isBlank()) {
            throw new UsageException("--judge", "no judge is given", "Name one, such as --judge openai/gpt-5.");
        }
        return options.judge.strip();
    }

    /// What is asked for one run.
    ///
    /// @throws UsageException naming the flag that is wrong
    JudgementOrder order(Wanted run) {
        Integer connections = Numbers.whole("--judge-max-connections", options.judgeMaxConnections, 1, 100_000);
        Integer retries = Numbers.whole("--max-retries", options.maxRetries, 0, 100);
        Duration timeout = Numbers.duration("--timeout", options.timeout);
        Limits limits = new Limits(connections == null ? RunOrder.DEFAULT_MAX_CONNECTIONS : connections,
                retries == null ? RunOrder.DEFAULT_LIMITS.maxRetries() : retries,
                timeout == null ? RunOrder.DEFAULT_LIMITS.timeoutMillis() : timeout.toMillis())
                .withQuota(Numbers.perMinute("--judge-rpm", options.judgeRpm),
                        Numbers.tokensPerMinute("--judge-tpm", options.judgeTpm));
        return new JudgementOrder(judge(), rubric == null ? null : rubric.files(), options.only != null, options.select,
                parameters(run), limits,
                Numbers.whole("--replicate", options.replicate, 1, 1000),
                Numbers.whole("--window", options.window, 1, 1_000_000), requestedBy, costs);
    }

    /// Null where none is given: then they are those of the run's judge, or of the pack.
    private @Nullable Parameters parameters(Wanted run) {
        if (options.judgeTemperature == null && options.judgeMaxTokens == null) {
            return null;
        }
        Parameters otherwise = otherwise(run);
        if (otherwise == null && (options.judgeTemperature == null || options.judgeMaxTokens == null)) {
            String missing = options.judgeTemperature == null ? "--judge-temperature" : "--judge-max-tokens";
            throw new UsageException(missing, "is needed with the other parameter: what run " + run.runId()
                    + " was judged with before stands in its log alone", "Give both.");
        }
        Double temperature = options.judgeTemperature == null
                ? Objects.requireNonNull(otherwise).temperature()
                : isNone(options.judgeTemperature)
                        ? null
                        : (Double) Numbers.temperature("--judge-temperature", options.judgeTemperature);
        Integer maxTokens = options.judgeMaxTokens == null
                ? Objects.requireNonNull(otherwise).maxTokens()
                : isNone(options.judgeMaxTokens)
                        ? null
                        : Numbers.whole("--judge-max-tokens", options.judgeMaxTokens, 1, Integer.MAX_VALUE);
        return new Parameters(temperature, maxTokens, otherwise == null ? null : otherwise.seed());
    }

    private @Nullable Parameters otherwise(Wanted run) {
        if (rubric == null || rubric.digest().equals(run.protocolDigest())) {
            return run.judge();
        }
        CallSettings settings = rubric.call(StepKind.JUDGE);
        return new Parameters(settings.temperature(), settings.maxTokens(), null);
    }

    private static boolean isNone(String text) {
        return text.strip().equalsIgnoreCase(NONE);
    }

    /// The flags that say which set is meant, for the command that goes on with it.
    String flags() {
        List<String> flags = new ArrayList<>(List.of("--judge " + judge()));
        add(flags, "--rubric", options.rubric == null ? null : options.rubric.toString());
        add(flags, "--judge-temperature", options.judgeTemperature);
        add(flags, "--judge-max-tokens", options.judgeMaxTokens);
        add(flags, "--replicate", options.replicate);
        return String.join(" ", flags);
    }

    private static void add(List<String> flags, String flag, @Nullable String value) {
        if (value != null) {
            flags.add(flag + ' '
                    + (value.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_./:@".indexOf(c) >= 0)
                            ? value
                            : "'" + value + "'"));
        }
    }
}
