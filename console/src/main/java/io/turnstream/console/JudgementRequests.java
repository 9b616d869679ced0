package io.turnstream.console;

import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Ids;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.projection.document.Parameters;
import io.turnstream.protocol.StepKind;
import io.turnstream.protocol.pack.CallSettings;
import io.turnstream.protocol.pack.ProtocolPack;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns an order to judge a run again into its event, from what the log says of the run. Pure.
final class JudgementRequests {

    private final JudgementOrder order;
    private final RunRequested run;
    private final @Nullable RunPlanned plan;
    private final @Nullable ProtocolPack rubric;

    private JudgementRequests(JudgementOrder order, RunRequested run, @Nullable RunPlanned plan, @Nullable ProtocolPack rubric) {
        this.order = order;
        this.run = run;
        this.plan = plan;
        this.rubric = rubric;
    }

    /// Checks an order.
    ///
    /// @param plan null where the run has none yet
    /// @throws UnacceptableRunException naming what is wrong
    static JudgementRequests of(JudgementOrder order, RunRequested run, @Nullable RunPlanned plan) {
        RunRequests.require(order.windowOrDefault() >= 1, "must be 1 or more", "window", "Leave it out for the default.");
        RunRequests.require(order.replicateOrFirst() >= 1, "must be 1 or more", "replicate", "Leave it out for the first.");
        RunRequests.limits(order.limitsOrDefault(), "limits");
        return new JudgementRequests(order, run, plan, order.protocolFiles() == null ? null : RunRequests.pack(order.protocolFiles()));
    }

    /// The pack with the rubric; empty where it is the run's own, which stands in the log.
    Optional<ProtocolPack> rubric() {
        return Optional.ofNullable(rubric).filter(pack -> !pack.digest().equals(run.getProtocolDigest()));
    }

    /// The judge, and what its set is named after.
    JudgementSpec spec() {
        String judge = order.judge();
        RunRequests.require(judge != null, "no judge is given", "judge", "Name it as provider/name, such as openai/gpt-5-mini.");
        ProtocolPack other = rubric().orElse(null);
        JudgementSpec spec = new JudgementSpec("", RunRequests.target(judge, "judge"), parameters(other),
                RunRequests.callLimits(order.limitsOrDefault()), other == null ? run.getProtocolDigest() : other.digest(),
                other == null ? run.getProtocolName() : other.name(), plan == null ? null : plan.getCaptionsDigest(), order.replicateOrFirst());
        spec.setJudgementSetId(Ids.judgementSetId(run.getRunId(), spec));
        return spec;
    }

    private CallParameters parameters(@Nullable ProtocolPack other) {
        Parameters given = order.parameters();
        if (given != null) {
            return new CallParameters(given.temperature(), given.maxTokens(), given.seed());
        }
        if (other == null) {
            return run.getParameters().getJudge();
        }
        CallSettings settings = other.call(StepKind.JUDGE);
        return new CallParameters(settings.temperature(), settings.maxTokens(), null);
    }

    /// The event that asks for the set.
    ///
    /// @param dialogueIds the selected dialogues; empty for all
    JudgementSetRequested requested(List<String> dialogueIds, String eventId, String codeVersion, long nowMillis) {
        return new JudgementSetRequested(new EventMeta(eventId, null, null, nowMillis), run.getRunId(), spec(), order.onlyUnscored(), dialogueIds,
                order.windowOrDefault(), order.requestedBy() == null ? "unknown" : order.requestedBy(), codeVersion);
    }
}
