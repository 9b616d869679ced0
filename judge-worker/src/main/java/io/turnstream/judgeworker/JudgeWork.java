package io.turnstream.judgeworker;

import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.Outcome;
import io.turnstream.protocol.parsing.JudgeParser;
import io.turnstream.protocol.parsing.ParsedVerdict;
import io.turnstream.protocol.parsing.ParsedVerdict.JudgeRefused;
import io.turnstream.protocol.parsing.ParsedVerdict.Scored;
import io.turnstream.protocol.parsing.ParsedVerdict.Unparseable;
import io.turnstream.providers.work.Prompt;
import io.turnstream.providers.work.CallRecord;
import io.turnstream.providers.work.Response;
import io.turnstream.providers.work.Conclusion;
import io.turnstream.providers.work.Finding;
import io.turnstream.providers.work.Unanswered;
import io.turnstream.providers.work.Work;
import io.turnstream.providers.work.WorkSession;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Asks the judge for a verdict, again with a reminder where its answer holds none, and says how it ended.
///
/// | last reply | outcome |
/// |---|---|
/// | a text that the strict parser reads as a score | `judged` |
/// | a text without a score, or no text | `judge_unparseable` |
/// | a refusal, the judge's or its provider's | `judge_refused` |
/// | a failure, after retries | `judge_error` |
///
/// An empty text is not asked for again here: one that stopped at the token limit would stop there again, and any other was already
/// repeated as often as the run allows.
final class JudgeWork implements Work {

    private final int repeats;

    /// @param repeats how often at most a judge is asked again after an answer without a verdict
    JudgeWork(int repeats) {
        if (repeats < 0) {
            throw new IllegalArgumentException("repeats must be 0 or more, not " + repeats);
        }
        this.repeats = repeats;
    }

    @Override
    public Conclusion conclude(WorkSession session) throws InterruptedException {
        AskJudge ask = askOf(session);
        JudgePrompts prompts = new JudgePrompts(ask, session.pack());
        JudgeParser parser = session.pack().judgeParser();
        Prompt first = prompts.first();
        Prompt prompt = first;
        CallRecord soFar = null;
        String firstText = null;
        for (int round = 1; ; round++) {
            Reading reading;
            switch (session.call(prompt)) {
                case Response.Replied reply -> reading = Reading.of(reply, parser);
                case Response.Refused refused -> reading = Reading.refused(refused);
                case Response.Failed failed -> reading = Reading.failed(failed);
                case Unanswered unanswered -> {
                    return unanswered;
                }
            }
            soFar = soFar == null ? reading.call() : soFar.followedBy(reading.call());
            if (!reading.isWorthRepeating() || round > repeats) {
                return new Conclusion.Answered(event(session, first, soFar, reading, firstText));
            }
            firstText = firstText == null ? reading.text() : firstText;
            prompt = prompts.again(round + 1, reading.text());
        }
    }

    @Override
    public SpecificRecord failed(WorkSession session, String error) {
        return event(session, null, session.noCall(), new Reading(session.noCall(), "", Outcome.JUDGE_ERROR, null, "", error, false), null);
    }

    /// What one reply of the judge says.
    ///
    /// @param text raw; empty where there was none
    /// @param score null unless judged
    private record Reading(
            CallRecord call,
            String text,
            Outcome outcome,
            @Nullable Integer score,
            String explanation,
            @Nullable String error,
            boolean isWorthRepeating) {

        static Reading of(Response.Replied reply, JudgeParser parser) {
            if (reply.isEmpty()) {
                return new Reading(reply.call(), "", Outcome.JUDGE_UNPARSEABLE, null, "", reply.error(), false);
            }
            CallRecord inVain = reply.call().answeredInVain("unparseable");
            ParsedVerdict verdict = parser.parse(reply.text());
            return switch (verdict) {
                case Scored(int score, String explanation) ->
                    new Reading(reply.call(), reply.text(), Outcome.JUDGED, score, explanation, null, false);
                case Unparseable(String reason) -> new Reading(inVain, reply.text(), Outcome.JUDGE_UNPARSEABLE, null, "",
                        reply.isCut() ? reason + "; the answer was cut at the token limit: raise " + JudgePrompts.MAX_TOKENS_FLAG : reason, true);
                case JudgeRefused() -> new Reading(reply.call().answeredInVain("refused"), reply.text(), Outcome.JUDGE_REFUSED, null, "",
                        "the judge declined to judge", true);
            };
        }

        static Reading refused(Response.Refused refused) {
            return new Reading(refused.call(), refused.text(), Outcome.JUDGE_REFUSED, null, "", refused.why(), true);
        }

        static Reading failed(Response.Failed failed) {
            return new Reading(failed.call(), "", Outcome.JUDGE_ERROR, null, "", failed.error(), false);
        }

        /// Outcome and score, never the texts.
        @Override
        public String toString() {
            return "Reading[" + outcome + ", " + score + ']';
        }
    }

    private static JudgementGiven event(
            WorkSession session, @Nullable Prompt first, CallRecord call, Reading reading, @Nullable String firstText) {
        AskJudge ask = askOf(session);
        Finding finding = new Finding(reading.text().isEmpty() ? null : reading.text(), firstText,
                reading.score() == null ? null : reading.score().toString(), reading.explanation().isEmpty() ? null : reading.explanation(),
                reading.error());
        return new JudgementGiven(session.meta(), ask.getRequestId(), ask.getSubject(), ask.getJudgementSetId(), ask.getGeneration(),
                reading.outcome(), reading.score(), session.answer(first, call, finding));
    }

    private static AskJudge askOf(WorkSession session) {
        return (AskJudge) session.item().request();
    }
}
