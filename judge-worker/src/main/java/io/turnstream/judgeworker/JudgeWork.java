package io.turnstream.judgeworker;

import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.Outcome;
import io.turnstream.protocol.parsing.JudgeParser;
import io.turnstream.protocol.parsing.ParsedVerdict;
import io.turnstream.protocol.parsing.ParsedVerdict.JudgeRefused;
import io.turnstream.protocol.parsing.ParsedVerdict.Scored;
import io.turnstream.protocol.parsing.ParsedVerdict.Unparseable;
import io.turnstream.providers.work.CallOrder;
import io.turnstream.providers.work.CallRecord;
import io.turnstream.providers.work.CallResult;
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
/// An empty text that stopped at the token limit is not asked for again: the same limit would be spent the same way.
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
        CallOrder first = prompts.first();
        CallOrder order = first;
        CallRecord soFar = null;
        String firstText = null;
        for (int round = 1; ; round++) {
            Reading reading;
            switch (session.call(order)) {
                case CallResult.Replied reply -> reading = Reading.of(ask, reply, parser);
                case CallResult.Refused refused -> reading = Reading.refused(refused);
                case CallResult.Failed failed -> reading = Reading.failed(failed);
                case Unanswered unanswered -> {
                    return unanswered;
                }
            }
            soFar = soFar == null ? reading.call() : soFar.followedBy(reading.call());
            if (!reading.isWorthRepeating() || round > repeats) {
                return new Conclusion.Answered(event(session, first, soFar, reading, firstText));
            }
            firstText = firstText == null ? reading.text() : firstText;
            order = prompts.again(round + 1, reading.text());
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

        static Reading of(AskJudge ask, CallResult.Replied reply, JudgeParser parser) {
            CallRecord unparseable = reply.call().lastAttemptBecause("unparseable");
            if (reply.isEmpty()) {
                return reply.isCut()
                        ? new Reading(unparseable, "", Outcome.JUDGE_UNPARSEABLE, null, "", limitSpent(ask, "before it wrote any text"), false)
                        : new Reading(unparseable, "", Outcome.JUDGE_UNPARSEABLE, null, "", "the judge answered with an empty text", true);
            }
            ParsedVerdict verdict = parser.parse(reply.text());
            return switch (verdict) {
                case Scored(int score, String explanation) ->
                    new Reading(reply.call(), reply.text(), Outcome.JUDGED, score, explanation, null, false);
                case Unparseable(String reason) -> new Reading(unparseable, reply.text(), Outcome.JUDGE_UNPARSEABLE, null, "",
                        reply.isCut() ? reason + "; " + limitSpent(ask, "in the middle of its answer") : reason, true);
                case JudgeRefused() -> new Reading(reply.call().lastAttemptBecause("refused"), reply.text(), Outcome.JUDGE_REFUSED, null, "",
                        "the judge declined to judge", true);
            };
        }

        static Reading refused(CallResult.Refused refused) {
            return new Reading(refused.call(), refused.text(), Outcome.JUDGE_REFUSED, null, "", refused.why(), true);
        }

        static Reading failed(CallResult.Failed failed) {
            return new Reading(failed.call(), "", Outcome.JUDGE_ERROR, null, "", failed.error(), false);
        }

        private static String limitSpent(AskJudge ask, String when) {
            Integer limit = ask.getParameters().getMaxTokens();
            return "the judge spent its limit" + (limit == null ? "" : " of " + limit + " tokens") + ' ' + when + ": raise --judge-max-tokens";
        }

        /// Outcome and score, never the texts.
        @Override
        public String toString() {
            return "Reading[" + outcome + ", " + score + ']';
        }
    }

    private static JudgementGiven event(
            WorkSession session, @Nullable CallOrder first, CallRecord call, Reading reading, @Nullable String firstText) {
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
