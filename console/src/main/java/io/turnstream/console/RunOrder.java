package io.turnstream.console;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What somebody asks for: one run per model on one plan. As JSON it is the body of `POST /api/v1/runs`.
///
/// Whatever is absent has its default; parameters that are absent are those of the protocol pack.
///
/// @param models `provider/name`, at least one
/// @param judge `provider/name`; null for no judging
/// @param dataset folder or files, as the platform's loader sees them
/// @param captions captions file; null takes `captions.json` beside the data set
/// @param categories categories file; null takes `categories.csv` beside the data set
/// @param selection which part of the data set; null for all of it, once
/// @param protocolFiles the files of a protocol pack, from path to content (Base64 in JSON); null for the bundled
///         `mtmcs-v2`
/// @param parameters sampling parameters by kind of call: `dialogue`, `mcq`, `tf`, `judge`
/// @param limits bounds on calls to the model
/// @param judgeLimits bounds on calls to the judge; null as for the model, the quota only if both have one provider
/// @param window most dialogues under way; null follows from the connections
/// @param failOnError whether a bad row ends the run before it starts
/// @param expectations what is stated beforehand, the text of a file as docs/expectations.md describes it; null for
///         nothing
/// @param tags free labels
/// @param requestedBy who asks
/// @param costs prices and limits of money; null for the platform's prices and no limit
@JsonIgnoreProperties(ignoreUnknown = false)
public record RunOrder(
        List<String> models, @Nullable String judge, List<String> dataset, @Nullable String captions,
        @Nullable String categories, @Nullable SelectionFacts selection, @Nullable Map<String, byte[]> protocolFiles,
        @Nullable Map<String, Parameters> parameters, @Nullable Limits limits, @Nullable Limits judgeLimits,
        @Nullable Integer window, boolean failOnError, @Nullable String expectations, List<String> tags,
        @Nullable String requestedBy,
        @Nullable CostTerms costs) {

    /// Calls in flight per model unless asked for otherwise.
    public static final int DEFAULT_MAX_CONNECTIONS = 32;

    /// Most dialogues under way that may be asked for.
    public static final int LARGEST_WINDOW = 1_000_000;

    /// Most calls in flight that may be asked for.
    public static final int MOST_CONNECTIONS = 100_000;

    /// Most repetitions of one attempt that may be asked for.
    public static final int MOST_RETRIES = 100;

    /// Bounds on calls unless asked for otherwise.
    public static final Limits DEFAULT_LIMITS = new Limits(DEFAULT_MAX_CONNECTIONS, 5, 120_000);

    /// Everything, once.
    public static final SelectionFacts EVERYTHING = new SelectionFacts(List.of(), List.of(), List.of(), 0, null,
            List.of(), false, 1);

    /// At the platform's prices, without limits of money.
    public RunOrder(
            List<String> models, @Nullable String judge, List<String> dataset, @Nullable String captions,
            @Nullable String categories,
            @Nullable SelectionFacts selection, @Nullable Map<String, byte[]> protocolFiles,
            @Nullable Map<String, Parameters> parameters,
            @Nullable Limits limits, @Nullable Limits judgeLimits, @Nullable Integer window, boolean failOnError,
            @Nullable String expectations, List<String> tags, @Nullable String requestedBy) {
        this(models, judge, dataset, captions, categories, selection, protocolFiles, parameters, limits, judgeLimits,
                window, failOnError,
                expectations, tags, requestedBy, null);
    }

    public RunOrder {
        models = models == null ? List.of() : List.copyOf(models);
        dataset = dataset == null ? List.of() : List.copyOf(dataset);
        protocolFiles = protocolFiles == null ? null : new TreeMap<>(protocolFiles);
        parameters = parameters == null ? null : Map.copyOf(parameters);
        tags = tags == null ? List.of() : List.copyOf(tags);
    }

    /// The selection, everything where none is given.
    public SelectionFacts selectionOrAll() {
        return selection == null ? EVERYTHING : selection;
    }

    /// The bounds on calls to the model.
    public Limits limitsOrDefault() {
        return limits == null ? DEFAULT_LIMITS : limits;
    }

    /// The bounds on calls to the judge.
    public Limits judgeLimitsOrDefault() {
        return judgeLimits == null ? limitsOrDefault() : judgeLimits;
    }

    /// Most dialogues under way: a quarter more than connections, since a dialogue has pauses between its calls, and a
    /// few for small numbers.
    public int windowOrDefault() {
        return window == null ? limitsOrDefault().maxConnections() * 5 / 4 + 8 : window;
    }

    /// Names models and data set only.
    @Override
    public String toString() {
        return "RunOrder[models=%s, judge=%s, dataset=%s]".formatted(models, judge, dataset);
    }
}
