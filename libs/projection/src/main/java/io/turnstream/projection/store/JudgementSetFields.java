package io.turnstream.projection.store;

import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.events.Ids;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.RunStates;
import io.turnstream.projection.report.RunSummary;
import io.turnstream.projection.report.Spending;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;

/// The judgement sets that were asked for after a run, in the run's document: by set the judge, its latest state, and
/// the requests by their rounds.
final class JudgementSetFields {

    static final String SETS = "judgementSets";

    private static final String STATE = "state";
    private static final String ROUNDS = "rounds";
    private static final String OUTCOMES = "outcomes";

    private JudgementSetFields() {}

    static void apply(JudgementSetOpened event, Document run) {
        JudgementSpec spec = event.getSpec();
        Document set = set(run, spec.getJudgementSetId());
        Fields.of("judge", DialogueFields.target(spec.getJudge()))
                .with("parameters", AnswerFields.parameters(spec.getParameters()))
                .with("protocolName", spec.getProtocolName())
                .with("protocolDigest", spec.getProtocolDigest())
                .with("captionsDigest", spec.getCaptionsDigest())
                .with("replicate", spec.getReplicate())
                .with(SpendingFields.PRICE, SpendingFields.price(spec.getLimits().getPrice()))
                .document()
                .forEach(set::put);
        Document rounds = Fields.part(set, ROUNDS);
        rounds.put(Long.toString(event.getRound()), Fields.of("onlyUnscored", event.getOnlyUnscored())
                .with("selected", event.getDialogueIds().size())
                .with("window", event.getWindow())
                .with("requestedBy", event.getRequestedBy())
                .with("codeVersion", event.getCodeVersion())
                .at("at", event.getMeta().getOccurredAtMillis())
                .document());
        set.put(ROUNDS, rounds);
    }

    /// Of its states the latest of the latest round counts: a controller that lost its memory counts versions from the
    /// start again.
    static void apply(JudgementSetStateChanged event, Document run) {
        Document set = set(run, event.getJudgementSetId());
        Document before = Fields.partOrNull(set, STATE);
        if (before != null && (Fields.whole(before, "round") > event.getRound()
                || Fields.whole(before, "round") == event.getRound()
                        && Fields.whole(before, "version") >= event.getVersion())) {
            return;
        }
        Document outcomes = new Document();
        for (OutcomeCount count : event.getOutcomes()) {
            outcomes.append(Ids.wireName(count.getOutcome()), count.getCount());
        }
        set.put(STATE, Fields.of("round", event.getRound())
                .with("version", event.getVersion())
                .with("name", event.getState())
                .with("reason", ProviderWords.behind(event.getReason(), event.getProviderMessage()))
                .with("planned", event.getPlanned() == null ? null : (Long) event.getPlanned().longValue())
                .with("dialogues", (long) event.getDialogues())
                .with(OUTCOMES, outcomes)
                .with("costNanoUsd", event.getJudgeCostNanoUsd())
                .with("unpriced", event.getUnpricedCalls())
                .with(SpendingFields.USAGE, SpendingFields.usage(event.getUsage()))
                .with(SpendingFields.LIMIT, event.getCostLimitNanoUsd())
                .at("at", event.getMeta().getOccurredAtMillis())
                .document());
    }

    private static Document set(Document run, String setId) {
        Document sets = Fields.part(run, SETS);
        Document set = Fields.part(sets, setId);
        sets.put(setId, set);
        run.put(SETS, sets);
        return set;
    }

    /// A run's sets in a few words.
    static List<RunSummary.JudgedAgain> summaries(Document run) {
        return read(run, Map.of(), Served.NOBODY).stream()
                .map(set -> new RunSummary.JudgedAgain(set.judgementSetId(), set.judge(), set.state()))
                .toList();
    }

    /// A run's sets whose judge is known, ordered by when they were first asked for.
    ///
    /// @param arrived verdicts that have arrived, by set and outcome
    /// @param served which models served the run
    static List<JudgementSetFacts> read(Document run, Map<String, Map<String, Long>> arrived, Served served) {
        Document sets = Fields.part(run, SETS);
        return sets.keySet().stream()
                .filter(setId -> Fields.part(sets, setId).containsKey("judge"))
                .map(setId -> read(setId, Fields.part(sets, setId), arrived.getOrDefault(setId, Map.of()), served))
                .sorted(Comparator.comparing((JudgementSetFacts set) -> set.rounds().getFirst().requestedAt())
                        .thenComparing(JudgementSetFacts::judgementSetId))
                .toList();
    }

    /// The judge of a set, and what its controller has counted.
    static SpendingFields.Callee callee(Document run, JudgementSetFacts facts) {
        Document set = Fields.part(Fields.part(run, SETS), facts.judgementSetId());
        Document state = Fields.part(set, STATE);
        return new SpendingFields.Callee(Spending.JUDGE, facts.judge(), facts.judgementSetId(),
                Fields.partOrNull(state, SpendingFields.USAGE),
                facts.costNanoUsd(), SpendingFields.repeats(run, facts.judgementSetId()),
                Fields.partOrNull(set, SpendingFields.PRICE),
                Fields.wholeOrNull(state, SpendingFields.LIMIT));
    }

    private static JudgementSetFacts read(String setId, Document set, Map<String, Long> arrived, Served served) {
        Document state = Fields.part(set, STATE);
        String name = state.containsKey("name") ? Fields.text(state, "name") : RunStates.REQUESTED;
        Document counted = Fields.part(state, OUTCOMES);
        Map<String, Long> outcomes = new TreeMap<>();
        counted.keySet().forEach(outcome -> outcomes.put(outcome, Fields.whole(counted, outcome)));
        Document rounds = Fields.part(set, ROUNDS);
        List<JudgementSetFacts.Round> asked = rounds.keySet().stream().sorted(Comparator.comparingLong(Long::parseLong))
                .map(round -> Fields.part(rounds, round))
                .map(round -> new JudgementSetFacts.Round(Fields.time(round, "at"), Fields.text(round, "requestedBy"),
                        Fields.text(round, "codeVersion"), Fields.flag(round, "onlyUnscored"),
                        Fields.integer(round, "selected")))
                .toList();
        boolean over = RunStates.isFinal(name);
        boolean settled = over && outcomes.equals(arrived);
        long dialogues = state.isEmpty() ? 0 : Fields.whole(state, "dialogues");
        if (!over) {
            // counted by its controller only when its state changes; until then by what has arrived
            outcomes.clear();
            outcomes.putAll(arrived);
            dialogues = Math.max(dialogues, arrived.values().stream().mapToLong(Long::longValue).sum());
        }
        return new JudgementSetFacts(setId, Fields.text(set, "judge"), served.judges(setId),
                AnswerFields.parameters(Fields.part(set, "parameters")), served.effectiveOfJudges(setId),
                Fields.text(set, "protocolName"), Fields.text(set, "protocolDigest"), set.getString("captionsDigest"),
                Fields.integer(set, "replicate"), name, state.getString("reason"), settled,
                Fields.wholeOrNull(state, "planned"),
                dialogues, outcomes, state.isEmpty() ? 0 : Fields.whole(state, "costNanoUsd"),
                state.isEmpty() ? 0 : Fields.whole(state, "unpriced"), Fields.timeOrNull(state, "at"), asked);
    }
}
