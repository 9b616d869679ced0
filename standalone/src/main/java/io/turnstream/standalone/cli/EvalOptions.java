package io.turnstream.standalone.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The flags of `eval` that describe runs, as given. [EvalOrder] makes sense of them.
final class EvalOptions {

    @Option(names = "--model", paramLabel = "PROVIDER/NAME", split = ",", hideParamSyntax = true, order = FlagGroup.OF_MODELS, description = {
            "Model under test, such as openai/gpt-5-mini. Several: repeat it, or put commas between them.",
            "Simulated, free: sim/contextual, eager, cautious, forgetful, erratic, reasoning."})
    List<String> models = List.of();

    @Option(names = "--judge", paramLabel = "PROVIDER/NAME", order = FlagGroup.OF_MODELS
            + 1, description = "Judge that scores the dialogues (sim/judge is simulated). Without one, only the questions are scored.")
    @Nullable
    String judge;

    @Option(names = "--model-base-url", paramLabel = "URL", order = FlagGroup.OF_MODELS
            + 2, description = "Where the models' provider is, such as http://localhost:8000/v1. Default: OPENAI_BASE_URL, else OpenAI.")
    @Nullable
    String modelBaseUrl;

    @Option(names = "--judge-base-url", paramLabel = "URL", order = FlagGroup.OF_MODELS
            + 3, description = "Where the judge's provider is, if elsewhere.")
    @Nullable
    String judgeBaseUrl;

    @Option(names = "--dataset", paramLabel = "PATH", split = ",", hideParamSyntax = true, order = FlagGroup.OF_DATA, description = "Folder or files in Parquet (the benchmark's layout) or JSON lines; see docs/datasets.md. Repeatable.")
    List<Path> dataset = List.of();

    @Option(names = "--captions", paramLabel = "FILE", order = FlagGroup.OF_DATA
            + 1, description = "JSON object from row id to the caption that the judge reads. Default: captions.json beside the data set.")
    @Nullable
    Path captions;

    @Option(names = "--categories", paramLabel = "FILE", order = FlagGroup.OF_DATA
            + 2, description = "CSV id,split,category for results by scenario. Default: categories.csv beside the data set.")
    @Nullable
    Path categories;

    @Option(names = "--split", paramLabel = "type_a|type_b|all", split = ",", hideParamSyntax = true, order = FlagGroup.OF_DATA
            + 3, description = "Escalation (type_a), context switch (type_b). Default: all.")
    List<String> splits = List.of();

    @Option(names = "--modality", paramLabel = "multimodal|unimodal|all", split = ",", hideParamSyntax = true, order = FlagGroup.OF_DATA
            + 4, description = "With image and without. Default: all.")
    List<String> modalities = List.of();

    @Option(names = "--intent", paramLabel = "safe|unsafe|all", split = ",", hideParamSyntax = true, order = FlagGroup.OF_DATA
            + 5, description = "Which twin of each pair. Default: all.")
    List<String> intents = List.of();

    @Option(names = "--limit", paramLabel = "N|FROM-TO", order = FlagGroup.OF_DATA
            + 6, description = "The first N rows of each split, or rows FROM to TO, counted from 1. Default: all.")
    @Nullable
    String limit;

    @Option(names = "--sample-id", paramLabel = "ID", split = ",", hideParamSyntax = true, order = FlagGroup.OF_DATA
            + 7, description = "Only rows with these ids. Repeatable.")
    List<String> sampleIds = List.of();

    @Option(names = "--variants", order = FlagGroup.OF_DATA
            + 8, description = "The variant images, too: two and a half times the calls.")
    boolean variants;

    @Option(names = "--epochs", paramLabel = "N", order = FlagGroup.OF_DATA
            + 9, description = "How often each dialogue is run. Default: 1.")
    @Nullable
    String epochs;

    @Option(names = "--fail-on-error", order = FlagGroup.OF_DATA
            + 10, description = "Stop at the first bad row. By default it is reported and left out.")
    boolean failOnError;

    @Option(names = "--temperature", paramLabel = "T|none", order = FlagGroup.OF_CALLS, description = "Of all calls to the model, 0 to 2; none sends none. Default: the protocol's (0.1).")
    @Nullable
    String temperature;

    @Option(names = "--max-tokens", paramLabel = "N|none", order = FlagGroup.OF_CALLS
            + 1, description = "Most tokens of any answer. Default: the protocol's (128 dialogue, 64 choice, 32 true/false). Reasoning models need far more.")
    @Nullable
    String maxTokens;

    @Option(names = "--judge-temperature", paramLabel = "T|none", order = FlagGroup.OF_CALLS
            + 2, description = "Of judge calls. Default: the protocol's (0).")
    @Nullable
    String judgeTemperature;

    @Option(names = "--judge-max-tokens", paramLabel = "N|none", order = FlagGroup.OF_CALLS
            + 3, description = "Most tokens of a verdict. Default: the protocol's (128).")
    @Nullable
    String judgeMaxTokens;

    @Option(names = "--seed", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 4, description = "Sampling seed sent with every call. Default: none.")
    @Nullable
    String seed;

    @Option(names = "--protocol", paramLabel = "DIR", order = FlagGroup.OF_CALLS
            + 5, description = "Folder with prompts, rubrics and parameters; see docs/protocol-packs.md. Default: mtmcs-v2.")
    @Nullable
    Path protocol;

    @Option(names = "--max-connections", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 6, description = "Most calls in flight per model. Default: 32.")
    @Nullable
    String maxConnections;

    @Option(names = "--judge-max-connections", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 7, description = "Most judge calls in flight. Default: as --max-connections.")
    @Nullable
    String judgeMaxConnections;

    @Option(names = "--max-retries", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 8, description = "Attempts after the first, for what may pass (429, 5xx, time-outs). Default: 5.")
    @Nullable
    String maxRetries;

    @Option(names = "--timeout", paramLabel = "DURATION", order = FlagGroup.OF_CALLS
            + 9, description = "Longest time for one attempt: 90s, 2m. Default: 120s.")
    @Nullable
    String timeout;

    @Option(names = "--rpm", paramLabel = "N", order = FlagGroup.OF_CALLS + 10, description = {
            "Most requests in any minute with the model provider's key: one quota for all models, workers and runs,",
            "and for the judge if it has the same provider. Default: none."})
    @Nullable
    String rpm;

    @Option(names = "--tpm", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 11, description = "Most tokens, prompt and answer, in any minute, likewise. Default: none.")
    @Nullable
    String tpm;

    @Option(names = "--judge-rpm", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 12, description = "Most judge requests in any minute. Default: as --rpm if the judge has the model's provider, else none.")
    @Nullable
    String judgeRpm;

    @Option(names = "--judge-tpm", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 13, description = "Most judge tokens in any minute. Default: as --tpm, likewise.")
    @Nullable
    String judgeTpm;

    @Option(names = "--window", paramLabel = "N", order = FlagGroup.OF_CALLS
            + 14, description = "Most dialogues under way. Default: a quarter more than connections, and 8.")
    @Nullable
    String window;

    @Option(names = "--cost-limit", paramLabel = "USD", order = FlagGroup.OF_CALLS + 15, description = {
            "Most US dollars for the calls of each run to its model: the run stops before it spends more.",
            "With --resume: the limit from then on. See docs/costs.md. Default: none."})
    @Nullable
    String costLimit;

    @Option(names = "--judge-cost-limit", paramLabel = "USD", order = FlagGroup.OF_CALLS
            + 16, description = "The same for the calls of each run to its judge. Default: none.")
    @Nullable
    String judgeCostLimit;

    @Option(names = "--prices", paramLabel = "FILE", order = FlagGroup.OF_CALLS
            + 17, description = "What tokens of models cost, in YAML or JSON. Default: prices.yaml in the home, else the built-in list.")
    @Nullable
    Path prices;

    @Option(names = "--expect", paramLabel = "FILE", order = FlagGroup.OF_RUN
            + 2, description = "What is stated beforehand, in YAML or JSON: data set, protocol, judge, models, and gates that decide the exit code; see docs/expectations.md.")
    @Nullable
    Path expect;

    @Option(names = "--tags", paramLabel = "TAG", split = ",", hideParamSyntax = true, order = FlagGroup.OF_RUN
            + 1, description = "Labels kept with the run.")
    List<String> tags = List.of();

    @Option(names = "--port", paramLabel = "PORT", order = FlagGroup.OF_PLATFORM
            + 3, description = "Port of this platform's REST API, on this machine only. Default: a free one.")
    @Nullable
    String port;

    /// What they say of money.
    CostFlags costs() {
        return new CostFlags(prices, costLimit, judgeCostLimit, "--judge-cost-limit");
    }
}
