package io.turnstream.importer;

import io.turnstream.benchmark.parsing.ReasonedText;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Outcome;
import io.turnstream.events.Ids;
import io.turnstream.events.RecordedProvider;
import io.turnstream.importer.reading.RecordedDialogue;
import io.turnstream.importer.reading.RecordedDialogue.RecordedQuestion;
import io.turnstream.providers.work.AnswerReading;
import io.turnstream.providers.work.Conclusion;
import io.turnstream.providers.work.Finding;
import io.turnstream.providers.work.VerdictReading;
import io.turnstream.providers.work.Work;
import io.turnstream.providers.work.WorkItem;
import io.turnstream.providers.work.WorkSession;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// The raw answers of one recorded run, by step, and how they answer its requests: read by the same parsers as any
/// worker's, with no prompt, no attempt and no cost, since nothing was called.
final class RecordedAnswers {

    private final String runId;
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    RecordedAnswers(String runId) {
        this.runId = runId;
    }

    /// Takes a dialogue's answers. They must be here before its plan is in the log.
    void put(String dialogueId, RecordedDialogue dialogue) {
        for (int round = 0; round < dialogue.rounds().size(); round++) {
            texts.put(Ids.rowId(dialogueId, Ids.turn(round + 1)), dialogue.rounds().get(round).answer());
        }
        for (RecordedQuestion question : dialogue.questions()) {
            texts.put(Ids.rowId(dialogueId, question.step()), question.answer());
        }
        String verdict = dialogue.verdict();
        if (verdict != null) {
            texts.put(Ids.rowId(dialogueId, Ids.JUDGE), verdict);
        }
    }

    /// Answers turns and questions.
    Work toModelRequests() {
        return new OfThisRun() {
            @Override
            public Conclusion conclude(WorkSession session) {
                AskModel ask = (AskModel) session.item().request();
                String text = text(session.item());
                ReasonedText said = ReasonedText.of(text == null ? "" : text);
                AnswerReading reading = text == null
                        ? missing("no answer was recorded for this step")
                        : said.text().isBlank()
                                ? AnswerReading.ofNothing(false, said, empty("answer", said))
                                : AnswerReading.of(ask, session.pack(), said);
                return new Conclusion.Answered(
                        reading.answer(session, null, session.noCall().withReasoning(said.reasoning())));
            }

            @Override
            public SpecificRecord failed(WorkSession session, String error) {
                return missing(error).answer(session, null, session.noCall());
            }

            private AnswerReading missing(String error) {
                return new AnswerReading(Outcome.PROVIDER_ERROR, Finding.none(error));
            }
        };
    }

    /// Gives the judge's verdicts.
    Work toJudgeRequests() {
        return new OfThisRun() {
            @Override
            public Conclusion conclude(WorkSession session) {
                String text = text(session.item());
                ReasonedText said = ReasonedText.of(text == null ? "" : text);
                VerdictReading reading = text == null
                        ? missing("no verdict was recorded for this dialogue")
                        : said.text().isBlank()
                                ? VerdictReading.none(Outcome.JUDGE_UNPARSEABLE, "", empty("verdict", said))
                                : VerdictReading.of(session.pack().judgeParser(), said);
                return new Conclusion.Answered(
                        reading.answer(session, null, session.noCall().withReasoning(said.reasoning()),
                                said.raw().isBlank() ? null : said.rawIfDifferent()));
            }

            @Override
            public SpecificRecord failed(WorkSession session, String error) {
                return missing(error).answer(session, null, session.noCall(), null);
            }

            private VerdictReading missing(String error) {
                return VerdictReading.none(Outcome.JUDGE_ERROR, "", error);
            }
        };
    }

    private static String empty(String what, ReasonedText said) {
        return "the recorded " + what + (said.isAllReasoning() ? " holds nothing but reasoning" : " is empty");
    }

    private @Nullable String text(WorkItem item) {
        return texts.get(Ids.rowId(item.subject().getDialogueId(), item.step().getName()));
    }

    /// Leaves all others alone: requests of other runs, and those of another judge who judges this one again.
    private abstract class OfThisRun implements Work {

        @Override
        public final boolean isFor(WorkItem item) {
            return item.subject().getRunId().equals(runId) && RecordedProvider.hasAnswered(item.target());
        }
    }
}
