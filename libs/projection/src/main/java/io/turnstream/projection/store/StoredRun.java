package io.turnstream.projection.store;

import io.turnstream.events.Costs;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.document.PlannedSteps;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Provenance;
import io.turnstream.projection.report.RunStates;
import io.turnstream.projection.report.RunSummary;
import io.turnstream.projection.report.Spending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// A run's document, as reports read it.
final class StoredRun {

    private final Document document;
    private final Document request;
    private final Document plan;
    private final Document state;

    StoredRun(Document document) {
        this.document = document;
        this.request = Fields.part(document, RunFields.REQUEST);
        this.plan = Fields.part(document, RunFields.PLAN);
        this.state = Fields.part(document, RunFields.STATE);
    }

    String id() {
        return document.getString("_id");
    }

    String model() {
        String model = request.getString("model");
        return model == null ? "unknown" : model;
    }

    @Nullable
    String judge() {
        return request.getString("judge");
    }

    String state() {
        String name = state.getString("name");
        return name == null ? RunStates.REQUESTED : name;
    }

    @Nullable
    String reason() {
        return state.getString("reason");
    }

    /// What was stated beforehand, word for word.
    @Nullable
    String expectations() {
        return request.getString("expectations");
    }

    @Nullable
    String judgementSetId() {
        return plan.getString("judgementSetId");
    }

    @Nullable
    Long dialogues() {
        return Fields.wholeOrNull(plan, "dialogues");
    }

    List<PlannedSteps> plannedSteps() {
        return Fields.list(plan, "cells", Document.class).stream()
                .map(cell -> new PlannedSteps(Fields.text(cell, "split"), Fields.text(cell, "modality"),
                        Fields.text(cell, "intent"),
                        Fields.text(cell, "category"), Fields.text(cell, "kind"), Fields.whole(cell, "count")))
                .toList();
    }

    /// Outcomes that the run controller counted, by kind.
    Map<String, Map<String, Long>> outcomes() {
        Map<String, Map<String, Long>> outcomes = new TreeMap<>();
        Document byKind = Fields.part(state, "outcomes");
        byKind.keySet().forEach(kind -> {
            Document counts = Fields.part(byKind, kind);
            counts.keySet().forEach(outcome -> outcomes.computeIfAbsent(kind, k -> new TreeMap<>())
                    .put(outcome, Fields.whole(counts, outcome)));
        });
        return outcomes;
    }

    /// Judgement sets that were asked for after the run.
    ///
    /// @param arrived verdicts that have arrived, by set and outcome
    /// @param served which models served the run
    List<JudgementSetFacts> judgementSets(Map<String, Map<String, Long>> arrived, Served served) {
        return JudgementSetFields.read(document, arrived, served);
    }

    /// What the run's calls have taken, the model first, then its own judge, then those that were asked for later.
    List<Spending> spending(List<ScoreCounts> cells, List<JudgementSetFacts> sets) {
        List<Spending> spending = new ArrayList<>();
        spending.add(callee(Spending.MODEL, model(), null, "limits", "costNanoUsd", SpendingFields.USAGE,
                SpendingFields.LIMIT).spending(cells));
        String judge = judge();
        String ownSet = judgementSetId();
        if (judge != null && ownSet != null) {
            spending.add(
                    callee(Spending.JUDGE, judge, ownSet, "judgeLimits", "judgeCostNanoUsd", SpendingFields.JUDGE_USAGE,
                            SpendingFields.JUDGE_LIMIT).spending(cells));
        }
        sets.stream().filter(set -> !set.judgementSetId().equals(ownSet))
                .forEach(set -> spending.add(JudgementSetFields.callee(document, set).spending(cells)));
        return spending;
    }

    private SpendingFields.Callee callee(
            String role, String name, @Nullable String setId, String limits, String cost, String usage, String limit) {
        Long limited = Fields.wholeOrNull(state, limit);
        return new SpendingFields.Callee(role, name, setId, Fields.partOrNull(state, usage),
                state.isEmpty() ? 0 : Fields.whole(state, cost),
                SpendingFields.repeats(document, setId),
                Fields.partOrNull(Fields.part(request, limits), SpendingFields.PRICE),
                limited == null ? Fields.wholeOrNull(request, limit) : limited);
    }

    /// Whether the run has ended and what has arrived is what it counted.
    boolean isSettledAt(Map<String, Map<String, Long>> arrived) {
        return RunStates.isFinal(state()) && outcomes().equals(arrived);
    }

    /// Whether nothing is being done for it, so that what its controllers have counted is all there is.
    boolean standsStill() {
        return RunStates.isFinal(state())
                && JudgementSetFields.summaries(document).stream().allMatch(set -> RunStates.isFinal(set.state()));
    }

    /// @param cells what has arrived where the run goes on, and its controllers have not counted it yet
    RunSummary summary(List<ScoreCounts> cells) {
        List<Spending> spending = spending(cells, judgementSets(Map.of(), Served.NOBODY));
        Long finished = Fields.wholeOrNull(state, "dialogues");
        return new RunSummary(id(), model(), judge(), request.getString("guardrail"), state(), reason(),
                Fields.timeOrNull(request, "at"),
                Fields.timeOrNull(state, "at"), Fields.list(request, "dataset", String.class),
                request.getString("protocolName"),
                Fields.list(request, "tags", String.class), dialogues(), finished == null ? 0 : finished,
                JudgementSetFields.summaries(document),
                spending.stream().mapToLong(Spending::costNanoUsd).reduce(0, Costs::plus),
                spending.stream().allMatch(spent -> spent.inputUsdPerMillion() != null));
    }

    Provenance provenance(Served served) {
        return new Provenance(Fields.timeOrNull(request, "at"), Fields.timeOrNull(plan, "at"),
                RunStates.isFinal(state()) ? Fields.timeOrNull(state, "at") : null, request.getString("requestedBy"),
                request.getString("codeVersion"), request.getString("protocolName"),
                request.getString("protocolDigest"),
                Fields.list(request, "dataset", String.class), plan.getString("datasetDigest"),
                request.getString("captions"),
                plan.getString("captionsDigest"), request.getString("categories"), selection(),
                Fields.wholeOrNull(plan, "rows"),
                Fields.wholeOrNull(plan, "rejectedRows"), Fields.wholeOrNull(plan, "rejectedQuestions"),
                Fields.wholeOrNull(plan, "warnings"), request.getString("guardrail"), judgementSetId(),
                served.models(), served.judges(judgementSetId()), requested(), served.effective(judgementSetId()),
                limits("limits"), limits("judgeLimits"), Fields.list(request, "tags", String.class),
                request.getString("expectDigest"),
                expectations(),
                seals());
    }

    private Map<String, Parameters> requested() {
        Map<String, Parameters> requested = new TreeMap<>();
        Document parameters = Fields.part(request, "parameters");
        parameters.keySet()
                .forEach(kind -> requested.put(kind, AnswerFields.parameters(Fields.part(parameters, kind))));
        return requested;
    }

    private Provenance.@Nullable SelectionFacts selection() {
        Document selection = Fields.partOrNull(request, "selection");
        return selection == null
                ? null
                : new Provenance.SelectionFacts(Fields.list(selection, "splits", String.class),
                        Fields.list(selection, "modalities", String.class),
                        Fields.list(selection, "intents", String.class),
                        Fields.integer(selection, "firstRow"), Fields.integerOrNull(selection, "rowLimit"),
                        Fields.list(selection, "sampleIds", Integer.class), Fields.flag(selection, "variants"),
                        Fields.integer(selection, "epochs"));
    }

    /// Bounds on calls to the model.
    Provenance.@Nullable Limits limits() {
        return limits("limits");
    }

    private Provenance.@Nullable Limits limits(String name) {
        Document limits = Fields.partOrNull(request, name);
        return limits == null
                ? null
                : new Provenance.Limits(Fields.integer(limits, "maxConnections"), Fields.integer(limits, "maxRetries"),
                        Fields.whole(limits, "timeoutMillis"), Fields.integerOrNull(limits, "requestsPerMinute"),
                        Fields.wholeOrNull(limits, "tokensPerMinute"));
    }

    private List<Provenance.Seal> seals() {
        Document seals = Fields.part(document, RunFields.SEALS);
        return seals.keySet().stream().sorted().map(name -> Fields.part(seals, name))
                .map(seal -> new Provenance.Seal(Fields.text(seal, "sealId"), seal.getString("judgementSetId"),
                        Fields.text(seal, "root"),
                        Fields.whole(seal, "leaves"), seal.getString("supersedes"), seal.getString("signature"),
                        seal.getString("publicKey")))
                .toList();
    }
}
