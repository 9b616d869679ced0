package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.EventLog;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Topics;
import io.turnstream.projection.document.AnswerFacts;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.report.Reports;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Holds whatever tells of an answer to the one that was accepted: the history that later requests carry, score rows,
/// and the projection. Meant for a model that never says the same twice.
final class OneAnswer {

    private final EventLog log;
    private final String runId;
    private final Map<String, StepSettled> steps = new HashMap<>();
    private final Map<String, JudgementSettled> verdicts = new HashMap<>();

    OneAnswer(EventLog log, String runId) {
        this.log = log;
        this.runId = runId;
        log.events(Topics.DIALOGUE_EVENTS, StepSettled.class, runId)
                .forEach(step -> steps.put(step.getSubject().getDialogueId() + '#' + step.getStep().getName(), step));
        log.events(Topics.DIALOGUE_EVENTS, JudgementSettled.class, runId)
                .forEach(verdict -> verdicts.put(verdict.getSubject().getDialogueId(), verdict));
    }

    /// Requests that were answered more than once, differently; only one of these answers may be seen anywhere.
    long answeredTwice() {
        Map<String, Set<String>> texts = new HashMap<>();
        log.events(Topics.TURN_ANSWERS, TurnAnswered.class, runId).forEach(answered -> texts
                .computeIfAbsent(answered.getRequestId(), id -> new HashSet<>())
                .add(String.valueOf(text(answered.getAnswer()))));
        return texts.values().stream().filter(different -> different.size() > 1).count();
    }

    /// Every round that a later request carries, of the model or of the judge, is the accepted one.
    void requireInHistories() {
        log.events(Topics.TURN_REQUESTS, AskModel.class, runId)
                .forEach(request -> requireAccepted(request.getSubject().getDialogueId(), request.getHistory()));
        log.events(Topics.JUDGE_REQUESTS, AskJudge.class, runId)
                .forEach(request -> requireAccepted(request.getSubject().getDialogueId(), request.getExchanges()));
    }

    private void requireAccepted(String dialogueId, List<Exchange> rounds) {
        for (int round = 0; round < rounds.size(); round++) {
            StepSettled accepted = steps.get(dialogueId + "#r" + (round + 1));
            assertThat(rounds.get(round).getAssistant()).as("round %d of %s", round + 1, dialogueId)
                    .isEqualTo(accepted.getAnswer().getText());
        }
    }

    /// Every score row, in the topic and in the projection, is made of the accepted event.
    void requireInScores(Reports reports) {
        Map<String, ScoreRow> latest = new HashMap<>();
        log.events(Topics.SCORE_ROWS, ScoreRow.class, runId).forEach(row -> latest.put(row.getRowId(), row));
        assertThat(latest).hasSize(steps.size() + verdicts.size());
        latest.values().forEach(row -> {
            JudgementSettled verdict = row.getJudgementSetId() == null
                    ? null
                    : verdicts.get(row.getSubject().getDialogueId());
            if (verdict != null) {
                assertThat(row.getVersion()).as(row.getRowId()).isEqualTo(verdict.getSequence());
                assertThat(row.getCorrectedValue()).as(row.getRowId())
                        .isEqualTo(verdict.getScore() == null ? 0 : verdict.getScore());
            } else {
                StepSettled step = steps.get(row.getRowId());
                assertThat(row.getVersion()).as(row.getRowId()).isEqualTo(step.getSequence());
                if (step.getGroundTruth() != null) {
                    boolean right = step.getGroundTruth().equals(step.getAnswer().getReading());
                    assertThat(row.getCorrectedValue()).as(row.getRowId()).isEqualTo(right ? 1 : 0);
                }
            }
        });
        Map<String, ScoredStep> projected = new HashMap<>();
        reports.rows(runId, row -> projected.put(row.rowId(), row));
        assertThat(projected.keySet()).isEqualTo(latest.keySet());
        projected.values().forEach(row -> {
            assertThat(row.version()).as(row.rowId()).isEqualTo(latest.get(row.rowId()).getVersion());
            assertThat(row.corrected().value()).as(row.rowId()).isEqualTo(latest.get(row.rowId()).getCorrectedValue());
        });
    }

    /// Every dialogue in the projection, from which exports are made, shows the accepted answers.
    void requireInProjection(Reports reports) {
        Map<String, Dialogue> dialogues = new HashMap<>();
        reports.dialogues(runId, dialogue -> dialogues.put(dialogue.subject().dialogueId(), dialogue));
        assertThat(dialogues.keySet()).isEqualTo(verdicts.keySet());
        dialogues.forEach((id, dialogue) -> {
            dialogue.steps().forEach(step -> {
                StepSettled accepted = steps.get(id + '#' + step.name());
                assertThat(step.eventId()).isEqualTo(accepted.getMeta().getEventId());
                assertThat(text(step.answer())).as(step.requestId()).isEqualTo(text(accepted.getAnswer()));
            });
            dialogue.judgements().forEach(judgement -> {
                assertThat(judgement.eventId()).isEqualTo(verdicts.get(id).getMeta().getEventId());
                assertThat(judgement.score()).isEqualTo(verdicts.get(id).getScore());
            });
        });
        assertThat(dialogues.values().stream().mapToLong(dialogue -> dialogue.steps().size()).sum())
                .isEqualTo(steps.size());
    }

    private static @Nullable String text(@Nullable Answer answer) {
        return answer == null || answer.getText() == null ? null : answer.getText().getText();
    }

    private static @Nullable String text(@Nullable AnswerFacts answer) {
        return answer == null ? null : answer.text();
    }
}
