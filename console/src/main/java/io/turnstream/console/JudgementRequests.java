package io.turnstream.console;

import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.pack.CallSettings;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.events.Ids;
import io.turnstream.projection.document.Parameters;
import io.turnstream.providers.prices.Prices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns an order to judge a run again into its event, from what the log says of the run. Pure.
final class JudgementRequests {

    private final JudgementOrder order;
    private final RunRequested run;
    private final @Nullable RunPlanned plan;
    private final @Nullable ProtocolPack rubric;
    private final Pricing pricing;

    private JudgementRequests(JudgementOrder order, RunRequested run, @Nullable RunPlanned plan,
            @Nullable ProtocolPack rubric, Pricing pricing) {
        this.order = order;
        this.pricing = pricing;
        this.run = run;
        this.plan = plan;
        this.rubric = rubric;
    }

    /// Checks an order.
    ///
    /// @param plan null where the run has none yet
    /// @param prices the platform's
    /// @throws UnacceptableRunException naming what is wrong
    static JudgementRequests of(JudgementOrder order, RunRequested run, @Nullable RunPlanned plan, Prices prices) {
        RunRequests.require(order.windowOrDefault() >= 1, "must be 1 or more", "window",
                "Leave it out for the default.");
        RunRequests.require(order.replicateOrFirst() >= 1, "must be 1 or more", "replicate",
                "Leave it out for the first.");
        RunRequests.limits(order.limitsOrDefault(), "limits");
        return new JudgementRequests(order, run, plan, rubric(order, run), new Pricing(order.costs(), prices));
    }

    /// The run's own pack may be named, of whatever time it is.
    private static @Nullable ProtocolPack rubric(JudgementOrder order, RunRequested run) {
        if (order.protocolFiles() == null) {
            return null;
        }
        ProtocolPack given = RunRequests.pack(order.protocolFiles());
        return given.digest().equals(run.getProtocolDigest()) ? given : RunRequests.currentPack(order.protocolFiles());
    }

    /// The pack with the rubric; empty where it is the run's own, which stands in the log.
    Optional<ProtocolPack> rubric() {
        return Optional.ofNullable(rubric).filter(pack -> !pack.digest().equals(run.getProtocolDigest()));
    }

    /// The judge, and what its set is named after.
    JudgementSpec spec() {
        String judge = order.judge();
        RunRequests.require(judge != null, "no judge is given", "judge",
                "Name it as provider/name, such as openai/gpt-5-mini.");
        ProtocolPack other = rubric().orElse(null);
        JudgementSpec spec = new JudgementSpec("", RunRequests.target(judge, "judge"), parameters(other),
                RunRequests.callLimits(order.limitsOrDefault(), pricing.of(judge), pricing.paidJudgeAttempts()),
                other == null ? run.getProtocolDigest() : other.digest(),
                other == null ? run.getProtocolName() : other.name(), plan == null ? null : plan.getCaptionsDigest(),
                order.replicateOrFirst());
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

    /// Refuses to complete a set that the run does not have, and says which it has.
    ///
    /// @param opened the sets that were asked for after the run
    /// @param sealed the ids of sets that have a seal
    void requireSet(List<JudgementSpec> opened, Set<String> sealed) {
        Map<String, JudgementSpec> sets = new LinkedHashMap<>();
        if (plan != null && plan.getJudgementSetId() != null && run.getJudge() != null) {
            sets.put(plan.getJudgementSetId(),
                    new JudgementSpec(plan.getJudgementSetId(), run.getJudge(), run.getParameters().getJudge(),
                            run.getJudgeLimits(), run.getProtocolDigest(), run.getProtocolName(),
                            plan.getCaptionsDigest(), 1));
        }
        opened.forEach(spec -> sets.putIfAbsent(spec.getJudgementSetId(), spec));
        String wanted = spec().getJudgementSetId();
        if (order.onlyUnscored() && !sets.containsKey(wanted) && !sealed.contains(wanted)) {
            throw new UnacceptableRunException(
                    "there is no set of exactly this judge to complete: " + description(spec()) + " would be " + wanted,
                    "judgements", sets.isEmpty()
                            ? "The run has no verdicts yet: ask for all of them."
                            : "The run has "
                                    + sets.values().stream()
                                            .map(set -> set.getJudgementSetId() + " by " + description(set))
                                            .collect(Collectors.joining("; "))
                                    + ". Name one of these judges with its parameters, or ask for a new set.");
        }
    }

    private static String description(JudgementSpec spec) {
        CallParameters parameters = spec.getParameters();
        return spec.getJudge().getProvider() + '/' + spec.getJudge().getModel() + " (temperature "
                + orNone(parameters.getTemperature()) + ", max tokens "
                + orNone(parameters.getMaxTokens())
                + (parameters.getSeed() == null ? "" : ", seed " + parameters.getSeed()) + ", rubric "
                + spec.getProtocolName() + ' '
                + spec.getProtocolDigest().substring(0, Math.min(8, spec.getProtocolDigest().length()))
                + (spec.getReplicate() == 1 ? "" : ", replicate " + spec.getReplicate()) + ')';
    }

    private static String orNone(@Nullable Number value) {
        return value == null ? "none" : value.toString();
    }

    /// The event that asks for the set.
    ///
    /// @param dialogueIds the selected dialogues; empty for all
    JudgementSetRequested requested(List<String> dialogueIds, String eventId, String codeVersion, long nowMillis) {
        return new JudgementSetRequested(new EventMeta(eventId, null, null, nowMillis), run.getRunId(), spec(),
                order.onlyUnscored(), dialogueIds,
                order.windowOrDefault(), order.requestedBy() == null ? "unknown" : order.requestedBy(), codeVersion,
                pricing.judgeLimit(order.judge(), spec().getParameters()));
    }
}
