package io.turnstream.standalone.export;

import io.turnstream.projection.document.AnswerFacts;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.document.ScoredStep.Contribution;
import io.turnstream.projection.report.JudgedRun;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.JudgementSetFacts.Round;
import io.turnstream.projection.report.Provenance;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A run as CSV (RFC 4180, UTF-8, with a header): one line per turn, question and verdict, in the order of the
/// dialogues. Texts that a spreadsheet would compute begin with an apostrophe. Dialogues are read one after the other;
/// of the score rows only the figures are held.
public final class CsvExport {

    static final List<String> COLUMNS = List.of("run", "dialogue", "split", "row", "modality", "intent", "variant",
            "epoch", "category",
            "step", "kind", "judgement_set", "generation", "outcome", "prompt", "answer", "reading", "ground_truth",
            "score", "explanation",
            "corrected_counted", "corrected_value", "reference_counted", "reference_value", "model", "served_model",
            "finish_reason",
            "temperature", "max_tokens", "attempts", "input_tokens", "output_tokens", "cost_nano_usd", "started_at",
            "ended_at", "error",
            "requested_temperature", "requested_max_tokens", "dataset_digest", "protocol_digest", "guardrail",
            "code_version", "requested_by", "run_started_at", "run_ended_at");

    private record Scores(Contribution corrected, Contribution reference) {}

    /// What `--redact` leaves empty.
    private static final Set<String> TEXTS = Set.of("prompt", "answer", "explanation", "error");

    /// What `--redact` leaves where it is a name.
    private static final Set<String> NAMES = Set.of("served_model", "finish_reason");

    /// What makes a spreadsheet compute a cell that begins with it; the wide forms do so in East Asian editions.
    private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

    private final Reports reports;
    private final boolean redact;

    /// @param redact whether texts are withheld
    public CsvExport(Reports reports, boolean redact) {
        this.reports = reports;
        this.redact = redact;
    }

    /// @param runId full id
    public void write(String runId, Writer out) throws IOException {
        out.write(String.join(",", COLUMNS) + "\r\n");
        Map<String, Scores> scores = new HashMap<>();
        reports.rows(runId, row -> scores.put(row.rowId(), scoresOf(row)));
        Optional<RunReport> run = reports.run(runId);
        Function<@Nullable String, List<@Nullable Object>> provenance = set -> provenance(run, set);
        reports.dialogues(runId, dialogue -> write(dialogue, scores, provenance, out));
    }

    private static Scores scoresOf(ScoredStep row) {
        return new Scores(row.corrected(), row.reference());
    }

    private void write(
            Dialogue dialogue, Map<String, Scores> scores,
            Function<@Nullable String, List<@Nullable Object>> provenance, Writer out) {
        try {
            Dialogue.Plan plan = dialogue.plan();
            String id = dialogue.subject().dialogueId();
            for (Dialogue.Step step : dialogue.steps()) {
                List<@Nullable Object> fields = subject(dialogue.subject());
                fields.addAll(
                        Arrays.asList(step.name(), step.kind(), null, step.generation(), step.outcome(), step.prompt(),
                                text(step.answer()), reading(step.answer()), step.groundTruth(), null, null));
                fields.addAll(figures(scores.get(id + "#" + step.name())));
                fields.addAll(facts(plan == null ? null : plan.model(), step.answer()));
                fields.addAll(requested(step.answer()));
                fields.addAll(provenance.apply(null));
                line(out, fields);
            }
            for (Dialogue.Judgement judgement : dialogue.judgements()) {
                List<@Nullable Object> fields = subject(dialogue.subject());
                AnswerFacts answer = judgement.answer();
                fields.addAll(Arrays.asList("judge", "judge", judgement.judgementSetId(), judgement.generation(),
                        judgement.outcome(), null,
                        text(answer), reading(answer), null, judgement.score(),
                        answer == null ? null : answer.explanation()));
                fields.addAll(figures(scores.get(id + "#judge:" + judgement.judgementSetId())));
                fields.addAll(facts(judgement.judge(), answer));
                fields.addAll(requested(answer));
                fields.addAll(provenance.apply(judgement.judgementSetId()));
                line(out, fields);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<@Nullable Object> subject(DialogueSubject subject) {
        return new ArrayList<>(Arrays.asList(subject.runId(), subject.dialogueId(), subject.split(), subject.rowId(),
                subject.modality(),
                subject.intent(), subject.imageVariant(), subject.epoch(), subject.category()));
    }

    private static @Nullable String text(@Nullable AnswerFacts answer) {
        return answer == null ? null : answer.text();
    }

    private static @Nullable String reading(@Nullable AnswerFacts answer) {
        return answer == null ? null : answer.reading();
    }

    private static List<@Nullable Object> figures(@Nullable Scores scores) {
        return scores == null
                ? Arrays.asList(null, null, null, null)
                : Arrays.asList(scores.corrected().counted(), scores.corrected().value(), scores.reference().counted(),
                        scores.reference().value());
    }

    private static List<@Nullable Object> facts(@Nullable String model, @Nullable AnswerFacts answer) {
        if (answer == null) {
            return new ArrayList<>(Arrays.asList(model, null, null, null, null, 0, null, null, null, null, null, null));
        }
        AnswerFacts.Tokens tokens = answer.tokens();
        return Arrays.asList(model, answer.servedModel(), answer.finishReason(), answer.effective().temperature(),
                answer.effective().maxTokens(),
                answer.attempts().size(), tokens == null ? null : tokens.input(),
                tokens == null ? null : tokens.output(),
                answer.costNanoUsd(), answer.startedAt(), answer.endedAt(), answer.error());
    }

    private static List<@Nullable Object> requested(@Nullable AnswerFacts answer) {
        return answer == null
                ? Arrays.asList(null, null)
                : Arrays.asList(answer.requested().temperature(), answer.requested().maxTokens());
    }

    /// Where the line comes from: the same on each line of a run, but for the protocol, who asked and when where a set
    /// was asked for later.
    ///
    /// @param judgementSetId null for turns and questions
    private static List<@Nullable Object> provenance(Optional<RunReport> report, @Nullable String judgementSetId) {
        if (report.isEmpty()) {
            return Arrays.asList(null, null, null, null, null, null, null);
        }
        Provenance run = report.get().provenance();
        JudgedRun judged = new JudgedRun(report.get(), judgementSetId);
        Optional<JudgementSetFacts> later = judged.isOwn() ? Optional.empty() : judged.facts();
        Optional<Round> round = later.map(set -> set.rounds().getFirst());
        return Arrays.asList(run.datasetDigest(),
                later.map(JudgementSetFacts::protocolDigest).orElse(run.protocolDigest()), run.guardrail(),
                round.map(Round::codeVersion).orElse(run.codeVersion()),
                round.map(Round::requestedBy).orElse(run.requestedBy()),
                round.map(Round::requestedAt).orElse(run.requestedAt()),
                later.map(JudgementSetFacts::changedAt).orElse(run.endedAt()));
    }

    private void line(Writer out, List<? extends @Nullable Object> fields) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            Object field = redact ? redacted(COLUMNS.get(i), fields.get(i)) : fields.get(i);
            out.write(field == null ? "" : quoted(field instanceof String text ? inert(text) : String.valueOf(field)));
        }
        out.write("\r\n");
    }

    private static @Nullable Object redacted(String column, @Nullable Object field) {
        return TEXTS.contains(column) ? null : NAMES.contains(column) ? Redaction.name((String) field) : field;
    }

    /// A text that no spreadsheet computes: with an apostrophe before it where it begins like a formula. One that
    /// begins with an apostrophe gets another, so that whoever takes the first of every text away has all texts back.
    static String inert(String text) {
        return !text.isEmpty() && (text.charAt(0) == '\'' || FORMULA.indexOf(text.charAt(0)) >= 0) ? '\'' + text : text;
    }

    static String quoted(String text) {
        boolean needed = text.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')
                || text.startsWith(" ") || text.endsWith(" ");
        return needed ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
