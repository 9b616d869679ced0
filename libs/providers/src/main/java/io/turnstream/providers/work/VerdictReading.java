package io.turnstream.providers.work;

import io.turnstream.benchmark.parsing.JudgeParser;
import io.turnstream.benchmark.parsing.ParsedVerdict;
import io.turnstream.benchmark.parsing.ParsedVerdict.JudgeRefused;
import io.turnstream.benchmark.parsing.ParsedVerdict.Scored;
import io.turnstream.benchmark.parsing.ParsedVerdict.Unparseable;
import io.turnstream.benchmark.parsing.ReasonedText;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.Outcome;
import io.turnstream.events.AnswerBounds;
import org.jspecify.annotations.Nullable;

/// How a judge's step ended, and what its text says: the same for a judge that was just asked and for a verdict
/// somebody recorded.
///
/// @param outcome how it ended
/// @param score 1..5; null unless judged
/// @param text what the judge said, without reasoning; empty where it said nothing
/// @param explanation the judge's words; empty where it gave none
/// @param error what is wrong, one line without secrets; null when nothing is
public record VerdictReading(Outcome outcome, @Nullable Integer score, String text, String explanation,
        @Nullable String error) {

    /// Reads a text that is not blank with a strict parser.
    public static VerdictReading of(JudgeParser parser, ReasonedText said) {
        if (AnswerBounds.exceeds(said.raw())) {
            return none(Outcome.JUDGE_UNPARSEABLE, "", AnswerBounds.TOO_LONG);
        }
        String text = said.text();
        ParsedVerdict verdict = parser.parse(said);
        return switch (verdict) {
            case Scored(int score, String explanation) ->
                new VerdictReading(Outcome.JUDGED, score, text, explanation, null);
            case Unparseable(String reason) -> new VerdictReading(Outcome.JUDGE_UNPARSEABLE, null, text, "", reason);
            case JudgeRefused() ->
                new VerdictReading(Outcome.JUDGE_REFUSED, null, text, "", "the judge declined to judge");
        };
    }

    /// No verdict, for a reason that is not in the text.
    ///
    /// @param text what there is of one, or an empty text
    public static VerdictReading none(Outcome outcome, String text, @Nullable String error) {
        return new VerdictReading(outcome, null, text, "", error);
    }

    /// The same with more to say about what is wrong.
    public VerdictReading withError(String more) {
        return new VerdictReading(outcome, score, text, explanation, more);
    }

    /// The verdict that answers the session's request.
    ///
    /// @param asked the first prompt as sent, or null where none was
    /// @param firstText the first raw text, where it is another than [#text]: reasoning was taken out of it, or the
    ///         judge was asked again
    public JudgementGiven answer(WorkSession session, @Nullable Prompt asked, CallRecord call,
            @Nullable String firstText) {
        AskJudge ask = (AskJudge) session.item().request();
        Finding finding = new Finding(text.isEmpty() ? null : text, firstText, score == null ? null : score.toString(),
                explanation.isEmpty() ? null : explanation, error);
        return new JudgementGiven(session.meta(), ask.getRequestId(), ask.getSubject(), ask.getJudgementSetId(),
                ask.getGeneration(),
                outcome, score, session.answer(asked, call, finding));
    }

    /// Outcome and score, never the texts.
    @Override
    public String toString() {
        return "VerdictReading[" + outcome + ", " + score + ']';
    }
}
