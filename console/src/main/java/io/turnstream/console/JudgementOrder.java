package io.turnstream.console;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.Provenance.Limits;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What somebody asks for: to judge a recorded run again. As JSON it is the body of `POST
/// /api/v1/runs/{run}/judgements`.
///
/// @param judge `provider/name`
/// @param protocolFiles the files of a protocol pack with the rubric, from path to content (Base64 in JSON); null for
///         the run's own pack
/// @param onlyUnscored whether the set of exactly this judge is completed; false asks for a new set
/// @param select which dialogues, see [DialogueSelection]; null for all
/// @param parameters sampling parameters; null for those the run's judge had, or with another pack for the pack's
/// @param limits bounds on calls to the judge; null for the defaults
/// @param replicate 1.., to judge with the same judge again; null for 1
/// @param window most verdicts under way; null follows from the connections
/// @param requestedBy who asks
/// @param costs prices, and the judge's limit of money for all verdicts of the set; null for the platform's prices and
///         no limit
@JsonIgnoreProperties(ignoreUnknown = false)
public record JudgementOrder(
        @Nullable String judge, @Nullable Map<String, byte[]> protocolFiles, boolean onlyUnscored,
        @Nullable String select,
        @Nullable Parameters parameters, @Nullable Limits limits, @Nullable Integer replicate, @Nullable Integer window,
        @Nullable String requestedBy, @Nullable CostTerms costs) {

    /// At the platform's prices, without a limit of money.
    public JudgementOrder(
            @Nullable String judge, @Nullable Map<String, byte[]> protocolFiles, boolean onlyUnscored,
            @Nullable String select,
            @Nullable Parameters parameters, @Nullable Limits limits, @Nullable Integer replicate,
            @Nullable Integer window,
            @Nullable String requestedBy) {
        this(judge, protocolFiles, onlyUnscored, select, parameters, limits, replicate, window, requestedBy, null);
    }

    public JudgementOrder {
        protocolFiles = protocolFiles == null ? null : new TreeMap<>(protocolFiles);
    }

    /// The bounds on calls.
    public Limits limitsOrDefault() {
        return limits == null ? RunOrder.DEFAULT_LIMITS : limits;
    }

    /// Which of the same judge's sets.
    public int replicateOrFirst() {
        return replicate == null ? 1 : replicate;
    }

    /// Most verdicts under way: a quarter more than connections, and a few, so that none waits for the controller.
    public int windowOrDefault() {
        return window == null ? limitsOrDefault().maxConnections() * 5 / 4 + 8 : window;
    }

    /// Names the judge only.
    @Override
    public String toString() {
        return "JudgementOrder[judge=" + judge + ", onlyUnscored=" + onlyUnscored + ']';
    }
}
