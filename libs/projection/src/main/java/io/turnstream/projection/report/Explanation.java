package io.turnstream.projection.report;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Outcome;
import io.turnstream.benchmark.scoring.PublishedFault;
import io.turnstream.benchmark.scoring.ScoringDifference;
import io.turnstream.benchmark.scoring.StepScore;
import io.turnstream.projection.document.AnswerFacts;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.ScoredStep.Contribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Why a run's `corrected` figures are not its `reference` figures: every answer that the two scorings see differently,
/// with the fault of the published code that makes the difference.
///
/// @param run the run's id
/// @param answers compared: questions and verdicts that have an outcome
/// @param withheld whether the run was brought in without its texts: the published parsers read those, so nothing can
///         be compared
/// @param faults how many differ by each fault, those that do not occur included; the last, without a number, counts
///        verdicts that were asked for again
/// @param differences in the order of dialogues and steps
public record Explanation(String run, long answers, boolean withheld, List<FaultCount> faults,
        List<ExplainedAnswer> differences) {

    public Explanation {
        faults = List.copyOf(faults);
        differences = List.copyOf(differences);
    }

    /// How many answers differ by one fault.
    ///
    /// @param fault its number; null for none
    /// @param words what it is
    /// @param differences answers that are read or counted differently
    /// @param changed those among them that add something else to the figures
    public record FaultCount(@Nullable Integer fault, String words, long differences, long changed) {}

    /// Explains a run.
    ///
    /// @param runId full id
    public static Explanation of(Reports reports, String runId) {
        long[] compared = new long[1];
        boolean[] withheld = new boolean[1];
        List<ExplainedAnswer> differences = new ArrayList<>();
        reports.dialogues(runId, dialogue -> {
            for (Dialogue.Step step : dialogue.steps()) {
                if (step.groundTruth() != null) {
                    compared[0]++;
                    withheld[0] |= isWithheld(step.outcome(), step.answer());
                    question(dialogue.subject(), step).ifPresent(differences::add);
                }
            }
            for (Dialogue.Judgement judgement : dialogue.judgements()) {
                compared[0]++;
                withheld[0] |= isWithheld(judgement.outcome(), judgement.answer());
                verdict(dialogue.subject(), judgement).ifPresent(differences::add);
            }
        });
        List<ExplainedAnswer> found = withheld[0] ? List.of() : differences;
        return new Explanation(runId, compared[0], withheld[0], counts(found), found);
    }

    /// What was read has a text, unless that was withheld.
    private static boolean isWithheld(String outcome, @Nullable AnswerFacts answer) {
        Outcome known = outcome(outcome);
        return known != null && known.isSuccess() && answer != null && answer.reading() != null
                && firstRaw(answer) == null;
    }

    /// How many answers add something else to the corrected figures than to the published ones.
    public long changed() {
        return faults.stream().mapToLong(FaultCount::changed).sum();
    }

    /// The same without the answers that add the same to both figures; the counts stay.
    public Explanation changedOnly() {
        return new Explanation(run, answers, withheld, faults,
                differences.stream().filter(ExplainedAnswer::changesScore).toList());
    }

    private static List<FaultCount> counts(List<ExplainedAnswer> differences) {
        List<FaultCount> counts = new ArrayList<>();
        for (PublishedFault fault : PublishedFault.values()) {
            counts.add(count(differences, fault.number(), fault.words()));
        }
        FaultCount again = count(differences, null, "no fault: the judge was asked again");
        if (again.differences() > 0) {
            counts.add(again);
        }
        return counts;
    }

    private static FaultCount count(List<ExplainedAnswer> differences, @Nullable Integer fault, String words) {
        List<ExplainedAnswer> of = differences.stream()
                .filter(answer -> java.util.Objects.equals(answer.fault(), fault)).toList();
        return new FaultCount(fault, words, of.size(), of.stream().filter(ExplainedAnswer::changesScore).count());
    }

    private static Optional<ExplainedAnswer> question(DialogueSubject subject, Dialogue.Step step) {
        Outcome outcome = outcome(step.outcome());
        AnswerFacts answer = step.answer();
        String truth = step.groundTruth();
        if (outcome == null || truth == null || subject.intent().equals("unknown")) {
            return Optional.empty();
        }
        String raw = firstRaw(answer);
        String reading = outcome.isSuccess() && answer != null ? answer.reading() : null;
        if (outcome.isSuccess() && reading == null) {
            return Optional.empty();
        }
        StepScore score = switch (step.kind()) {
            case "mcq" -> StepScore.mcq(Intent.parse(subject.intent()), outcome, truth, reading, raw);
            case "tf" -> subject.intent().equals("unsafe")
                    ? StepScore.trueFalse(outcome, Boolean.parseBoolean(truth),
                            reading == null ? null : Boolean.valueOf(reading), raw)
                    : null;
            default -> null;
        };
        return score == null
                ? Optional.empty()
                : ScoringDifference.of(score, reading, raw, false)
                        .map(difference -> explained(subject, step.name(), null, raw, truth, difference));
    }

    private static Optional<ExplainedAnswer> verdict(DialogueSubject subject, Dialogue.Judgement judgement) {
        Outcome outcome = outcome(judgement.outcome());
        if (outcome == null || subject.intent().equals("unknown")
                || outcome.isSuccess() != (judgement.score() != null)) {
            return Optional.empty();
        }
        String raw = firstRaw(judgement.answer());
        StepScore score = StepScore.judged(Intent.parse(subject.intent()), outcome, judgement.score(), raw);
        boolean again = judgement.answer() != null && judgement.answer().isAskedAgain();
        return ScoringDifference.of(score, judgement.score() == null ? null : judgement.score().toString(), raw, again)
                .map(difference -> explained(subject, "judge", judgement.judgementSetId(), raw, null, difference));
    }

    private static ExplainedAnswer explained(DialogueSubject subject, String step, @Nullable String set,
            @Nullable String raw,
            @Nullable String truth, ScoringDifference difference) {
        StepScore score = difference.score();
        PublishedFault fault = difference.fault();
        return new ExplainedAnswer(subject, step, set, score.outcome().wireName(), raw, truth, difference.corrected(),
                difference.reference(),
                new Contribution(score.correctedCounted(), score.correctedValue()),
                new Contribution(score.referenceCounted(), score.referenceValue()),
                fault == null ? null : (Integer) fault.number(),
                difference.why(), difference.changesScore());
    }

    /// What the published parsers read: the first raw answer, where that is another text.
    private static @Nullable String firstRaw(@Nullable AnswerFacts answer) {
        return answer == null ? null : answer.firstText() != null ? answer.firstText() : answer.text();
    }

    /// Null for an outcome that a newer version wrote.
    private static @Nullable Outcome outcome(String wireName) {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> outcome.name().toLowerCase(Locale.ROOT).equals(wireName)).findFirst().orElse(null);
    }
}
