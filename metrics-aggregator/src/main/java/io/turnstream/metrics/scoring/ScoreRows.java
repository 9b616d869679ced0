package io.turnstream.metrics.scoring;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Outcome;
import io.turnstream.benchmark.scoring.StepScore;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Subject;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What an accepted event contributes to the scores, as a row.
///
/// Every settled step makes a row, so that the rows' outcomes add up to the plan; only questions and judgements that
/// this code understands are counted in a score. Turns, symbols that a newer version wrote, and answers that contradict
/// their outcome are not.
final class ScoreRows {

    private static final Logger LOG = Logger.getLogger(ScoreRows.class);

    private ScoreRows() {}

    /// The row of an event; empty for events that settle nothing.
    static Optional<ScoreRow> of(SpecificRecord event) {
        return switch (event) {
            case StepSettled settled -> Optional.of(of(settled));
            case JudgementSettled settled -> Optional.of(of(settled));
            default -> Optional.empty();
        };
    }

    private static ScoreRow of(StepSettled event) {
        String rowId = Ids.rowId(event.getSubject().getDialogueId(), event.getStep().getName());
        return row(event, rowId, event.getSequence(), event.getSubject(), event.getStep(), null, event.getOutcome(),
                score(rowId, () -> question(event)), event.getAnswer());
    }

    private static ScoreRow of(JudgementSettled event) {
        String rowId = Ids.judgementRowId(event.getSubject().getDialogueId(), event.getJudgementSetId());
        return row(event, rowId, event.getSequence(), event.getSubject(), new Step(Ids.JUDGE, StepKind.JUDGE),
                event.getJudgementSetId(),
                event.getOutcome(), score(rowId, () -> judgement(event)), event.getAnswer());
    }

    private static @Nullable StepScore question(StepSettled event) {
        Intent intent = intent(event.getSubject());
        Outcome outcome = outcome(event.getOutcome());
        String truth = event.getGroundTruth();
        if (intent == null || outcome == null || truth == null) {
            return null;
        }
        Answer answer = event.getAnswer();
        String reading = outcome.isSuccess() && answer != null ? answer.getReading() : null;
        return switch (event.getStep().getKind()) {
            case MCQ -> StepScore.mcq(intent, outcome, truth, reading == null ? null : reading.toUpperCase(Locale.ROOT),
                    firstRaw(answer));
            case TF -> intent == Intent.UNSAFE
                    ? StepScore.trueFalse(outcome, trueOrFalse(truth),
                            reading == null ? null : (Boolean) trueOrFalse(reading), firstRaw(answer))
                    : null;
            case TURN, JUDGE, UNKNOWN -> null;
        };
    }

    private static @Nullable StepScore judgement(JudgementSettled event) {
        Intent intent = intent(event.getSubject());
        Outcome outcome = outcome(event.getOutcome());
        return intent == null || outcome == null
                ? null
                : StepScore.judged(intent, outcome, outcome.isSuccess() ? event.getScore() : null,
                        firstRaw(event.getAnswer()));
    }

    private interface Scorer {
        @Nullable
        StepScore score();
    }

    private static @Nullable StepScore score(String rowId, Scorer scorer) {
        try {
            return scorer.score();
        } catch (IllegalArgumentException e) {
            LOG.errorf("%s is not counted in any score: %s", rowId, e.getMessage());
            return null;
        }
    }

    private static ScoreRow row(SpecificRecord event, String rowId, long version, Subject subject, Step step,
            @Nullable String set,
            io.turnstream.contracts.Outcome outcome, @Nullable StepScore score, @Nullable Answer answer) {
        EventMeta meta = EventTypes.causedBy(event, rowId + "/v" + version,
                EventTypes.metaOf(event).getOccurredAtMillis());
        boolean used = answer != null && answer.getUsage() != null;
        return new ScoreRow(meta, rowId, version, subject, step, set, outcome,
                score != null && score.correctedCounted(), score == null ? 0 : score.correctedValue(),
                score != null && score.referenceCounted(), score == null ? 0 : score.referenceValue(),
                answer == null ? 0 : answer.getAttempts().size(), used ? answer.getUsage().getInputTokens() : 0L,
                used ? answer.getUsage().getOutputTokens() : 0L, answer == null ? null : answer.getCostNanoUsd());
    }

    /// What the published parsers read: the first raw answer, where that is another text.
    private static @Nullable String firstRaw(@Nullable Answer answer) {
        return answer == null
                ? null
                : Texts.plain(answer.getFirstText() != null ? answer.getFirstText() : answer.getText());
    }

    private static boolean trueOrFalse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException("a reading of a true/false question is neither true nor false");
        };
    }

    private static @Nullable Intent intent(Subject subject) {
        return switch (subject.getIntent()) {
            case SAFE -> Intent.SAFE;
            case UNSAFE -> Intent.UNSAFE;
            case UNKNOWN -> null;
        };
    }

    private static @Nullable Outcome outcome(io.turnstream.contracts.Outcome outcome) {
        return outcome == io.turnstream.contracts.Outcome.UNKNOWN ? null : Outcome.valueOf(outcome.name());
    }
}
