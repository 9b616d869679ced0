package io.turnstream.projection.comparison;

import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.JudgementSetFacts.Round;
import io.turnstream.projection.report.Provenance;
import io.turnstream.projection.report.ReportJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Something in which runs or judgement sets differ beside their figures.
///
/// @param field what it is, such as `datasetDigest`
/// @param values what each has, in the order of the comparison; null for none or not known
public record ProvenanceDifference(String field, List<@Nullable String> values) {

    private static final List<String> CALLS = List.of("dialogue", "mcq", "tf");
    private static final List<String> STEPS = List.of("turn", "mcq", "tf");
    private static final Map<String, Function<JudgedRun, @Nullable Object>> OF_RUNS = ofRuns();
    private static final Map<String, Function<JudgedRun, @Nullable Object>> OF_JUDGES = ofJudges();

    public ProvenanceDifference {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /// In what runs differ: data, protocol, model, judge, code, who asked and when.
    static List<ProvenanceDifference> ofRuns(JudgedRun... runs) {
        Map<String, Function<JudgedRun, @Nullable Object>> all = new LinkedHashMap<>(OF_RUNS);
        all.putAll(OF_JUDGES);
        if (Arrays.stream(runs).allMatch(JudgedRun::isOwn)) {
            // then it is the protocol
            all.remove("rubric");
        }
        of(all, "codeVersion", Provenance::codeVersion);
        of(all, "requestedBy", Provenance::requestedBy);
        of(all, "requestedAt", Provenance::requestedAt);
        of(all, "endedAt", Provenance::endedAt);
        of(all, "expectDigest", Provenance::expectDigest);
        return among(all, List.of(runs));
    }

    /// In what judgement sets of one run differ.
    static List<ProvenanceDifference> ofJudges(JudgedRun... sets) {
        Map<String, Function<JudgedRun, @Nullable Object>> all = new LinkedHashMap<>(OF_JUDGES);
        all.put("codeVersion", set -> round(set, Round::codeVersion, set.run().provenance().codeVersion()));
        all.put("requestedBy", set -> round(set, Round::requestedBy, set.run().provenance().requestedBy()));
        all.put("requestedAt", set -> round(set, Round::requestedAt, set.run().provenance().requestedAt()));
        all.put("endedAt", set -> set.facts().map(facts -> (Object) String.valueOf(facts.changedAt()))
                .orElse(set.run().provenance().endedAt()));
        return among(all, List.of(sets));
    }

    private static @Nullable Object round(JudgedRun set, Function<Round, Object> field, @Nullable Object ofRun) {
        return set.isOwn() ? ofRun : set.facts().map(facts -> field.apply(facts.rounds().getFirst())).orElse(null);
    }

    private static List<ProvenanceDifference> among(Map<String, Function<JudgedRun, @Nullable Object>> fields,
            List<JudgedRun> runs) {
        List<ProvenanceDifference> differences = new ArrayList<>();
        fields.forEach((field, value) -> {
            @Nullable
            String[] values = runs.stream().map(run -> text(value.apply(run))).toArray(String[]::new);
            if (Arrays.stream(values).anyMatch(one -> !Objects.equals(one, values[0]))) {
                differences.add(new ProvenanceDifference(field, Arrays.asList(values)));
            }
        });
        return differences;
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case List<?> list when list.isEmpty() -> null;
            case List<?> list when list.stream().allMatch(String.class::isInstance) ->
                String.join(", ", list.stream().map(String::valueOf).toList());
            case String text -> text;
            case java.time.Instant time -> time.toString();
            default -> ReportJson.line(value);
        };
    }

    private static Map<String, Function<JudgedRun, @Nullable Object>> ofRuns() {
        Map<String, Function<JudgedRun, @Nullable Object>> fields = new LinkedHashMap<>();
        of(fields, "datasetDigest", Provenance::datasetDigest);
        of(fields, "selection", Provenance::selection);
        of(fields, "protocol", provenance -> provenance.protocolName() + " " + provenance.protocolDigest());
        fields.put("model", run -> run.run().model());
        of(fields, "modelsServed", Provenance::modelsServed);
        of(fields, "guardrail", Provenance::guardrail);
        CALLS.forEach(call -> of(fields, "requested." + call, provenance -> provenance.requested().get(call)));
        STEPS.forEach(step -> of(fields, "effective." + step, provenance -> provenance.effective().get(step)));
        return fields;
    }

    private static void of(Map<String, Function<JudgedRun, @Nullable Object>> fields, String name,
            Function<Provenance, @Nullable Object> value) {
        fields.put(name, run -> value.apply(run.run().provenance()));
    }

    private static Map<String, Function<JudgedRun, @Nullable Object>> ofJudges() {
        Map<String, Function<JudgedRun, @Nullable Object>> fields = new LinkedHashMap<>();
        fields.put("judge", JudgedRun::judge);
        fields.put("judgesServed",
                set -> judged(set, JudgementSetFacts::judgesServed, set.run().provenance().judgesServed()));
        fields.put("requested.judge", set -> judged(set, JudgementSetFacts::parameters, parameters(set)));
        fields.put("effective.judge",
                set -> judged(set, JudgementSetFacts::effective, set.run().provenance().effective().get("judge")));
        fields.put("rubric", set -> judged(set, facts -> facts.protocolName() + " " + facts.protocolDigest(),
                set.run().provenance().protocolName() + " " + set.run().provenance().protocolDigest()));
        fields.put("captionsDigest",
                set -> judged(set, JudgementSetFacts::captionsDigest, set.run().provenance().captionsDigest()));
        fields.put("replicate", set -> judged(set, facts -> String.valueOf(facts.replicate()), "1"));
        return fields;
    }

    private static @Nullable Parameters parameters(JudgedRun set) {
        return set.run().provenance().requested().get("judge");
    }

    private static @Nullable Object judged(JudgedRun set, Function<JudgementSetFacts, @Nullable Object> later,
            @Nullable Object own) {
        if (set.judgementSetId() == null) {
            return null;
        }
        return set.isOwn() ? own : set.facts().map(later).orElse(null);
    }
}
