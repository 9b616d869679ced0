package io.turnstream.standalone.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The flags of `score`, as given. [ScoreOrder] makes sense of them.
final class ScoreOptions {

    @Option(names = "--judge", paramLabel = "PROVIDER/NAME", order = FlagGroup.OF_MODELS, description = "Judge that scores the dialogues (sim/judge is simulated).")
    @Nullable
    String judge;

    @Option(names = "--judge-base-url", paramLabel = "URL", order = FlagGroup.OF_MODELS
            + 1, description = "Where the judge's provider is, such as http://localhost:8000/v1. Default: OPENAI_BASE_URL, else OpenAI.")
    @Nullable
    String judgeBaseUrl;

    @Option(names = "--only", paramLabel = "unscored", order = FlagGroup.OF_DATA, description = "Complete the set of exactly this judge: what has no score yet. Goes on with one that stands still.")
    @Nullable
    String only;

    @Option(names = "--select", paramLabel = "EXPR", order = FlagGroup.OF_DATA + 1, description = {
            "Only dialogues that fit, such as 'split=type_b score=1,2'. Fields: split, modality, intent, row,",
            "variant, epoch, category, dialogue; of the run's own verdict score and outcome. != for none of."})
    @Nullable
    String select;

    @Option(names = "--replicate", paramLabel = "N", order = FlagGroup.OF_DATA
            + 2, description = "Judge with the same judge again: 2 makes a second set. Default: 1.")
    @Nullable
    String replicate;

    @Option(names = "--rubric", paramLabel = "DIR", order = FlagGroup.OF_CALLS, description = "Protocol pack whose rubrics, judge prompt and parser count; see docs/protocol-packs.md. Default: the run's own.")
    @Nullable
    Path rubric;

    @Option(names = "--judge-temperature", paramLabel = "T|none", order = FlagGroup.OF_CALLS
            + 1, description = "Of judge calls, 0 to 2; none sends none. Default: that of the run's judge, with --rubric the pack's.")
    @Nullable
    String judgeTemperature;

    @Option(names = "--judge-max-tokens", paramLabel = "N|none", order = FlagGroup.OF_CALLS
            + 2, description = "Most tokens of a verdict. Default: that of the run's judge, with --rubric the pack's.")
    @Nullable
    String judgeMaxTokens;

    @Option(names = "--judge-max-connections", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 3, description = "Most judge calls in flight. Default: 32.")
    @Nullable
    String judgeMaxConnections;

    @Option(names = "--max-retries", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 4, description = "Attempts after the first, for what may pass (429, 5xx, time-outs). Default: 5.")
    @Nullable
    String maxRetries;

    @Option(names = "--timeout", paramLabel = "DURATION", order = FlagGroup.OF_CALLS
            + 5, description = "Longest time for one attempt: 90s, 2m. Default: 120s.")
    @Nullable
    String timeout;

    @Option(names = "--judge-rpm", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 6, description = "Most requests of judges in any minute with the provider's key: one quota for all workers and runs. Default: none.")
    @Nullable
    String judgeRpm;

    @Option(names = "--judge-tpm", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 7, description = "Most tokens of judges, prompt and verdict, in any minute, likewise. Default: none.")
    @Nullable
    String judgeTpm;

    @Option(names = "--window", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 8, description = "Most verdicts under way for each run. Default: a quarter more than connections, and 8.")
    @Nullable
    String window;

    @Option(names = "--cost-limit", paramLabel = "USD", order = FlagGroup.OF_CALLS + 9, description = {
            "Most US dollars for all verdicts of the set of each run: the judging stops before it spends more.",
            "With --only unscored: the limit from then on. See docs/costs.md. Default: none."})
    @Nullable
    String costLimit;

    @Option(names = "--prices", paramLabel = "FILE", order = FlagGroup.OF_CALLS
            + 10, description = "What tokens of models cost, in YAML or JSON. Default: prices.yaml in the home, else the built-in list.")
    @Nullable
    Path prices;

    @Option(names = "--port", paramLabel = "PORT", order = FlagGroup.OF_PLATFORM
            + 3, description = "Port of this platform's REST API, on this machine only. Default: a free one.")
    @Nullable
    String port;

    /// What they say of money.
    CostFlags costs() {
        return new CostFlags(prices, null, costLimit, "--cost-limit");
    }
}
