package io.turnstream.judgeworker;

import io.turnstream.benchmark.parsing.JudgeParser;
import io.turnstream.benchmark.parsing.ReasonedText;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.Outcome;
import io.turnstream.events.AnswerBounds;
import io.turnstream.providers.work.CallRecord;
import io.turnstream.providers.work.Conclusion;
import io.turnstream.providers.work.Prompt;
import io.turnstream.providers.work.Response;
import io.turnstream.providers.work.Unanswered;
import io.turnstream.providers.work.VerdictReading;
import io.turnstream.providers.work.Work;
import io.turnstream.providers.work.WorkSession;
import org.apache.avro.specific.SpecificRecord;

/// Asks the judge for a verdict, again with a reminder where its answer holds none, and says how it ended.
///
/// | last reply | outcome |
/// |---|---|
/// | a text that the strict parser reads as a score | `judged` |
/// | a text without a score, one that is longer than is recorded, or no text besides reasoning | `judge_unparseable` |
/// | a refusal, the judge's or its provider's | `judge_refused` |
/// | a failure, after retries | `judge_error` |
///
/// An empty text is not asked for again here: one that stopped at the token limit would stop there again, and any other
/// was already repeated as often as the run allows. Neither is one that was too long to be recorded.
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
        JudgePrompts prompts = new JudgePrompts((AskJudge) session.item().request(), session.pack());
        JudgeParser parser = session.pack().judgeParser();
        Prompt first = prompts.first();
        Prompt prompt = first;
        CallRecord soFar = null;
        String firstRaw = null;
        for (int round = 1;; round++) {
            Round now;
            switch (session.call(prompt)) {
                case Response.Replied reply -> now = Round.of(reply, parser);
                case Response.Refused refused -> now = Round.refused(refused);
                case Response.Failed failed -> now = Round.failed(failed);
                case Response.Oversized oversized -> now = Round.oversized(oversized);
                case Unanswered unanswered -> {
                    return unanswered;
                }
            }
            soFar = soFar == null ? now.call() : soFar.followedBy(now.call());
            VerdictReading reading = now.reading();
            int left = prompts.paidAttemptsLeft(soFar.answered());
            if (!now.isWorthRepeating() || round > repeats || left <= 0) {
                return new Conclusion.Answered(
                        reading.answer(session, first, soFar, round == 1 ? now.said().rawIfDifferent() : firstRaw));
            }
            firstRaw = firstRaw == null ? now.said().raw() : firstRaw;
            prompt = prompts.again(round + 1, reading.text(), left);
        }
    }

    @Override
    public SpecificRecord failed(WorkSession session, String error) {
        return VerdictReading.none(Outcome.JUDGE_ERROR, "", error).answer(session, null, session.noCall(), null);
    }

    /// What one call of the judge brought.
    private record Round(CallRecord call, ReasonedText said, VerdictReading reading, boolean isWorthRepeating) {

        private static final ReasonedText NOTHING = ReasonedText.of("");

        static Round of(Response.Replied reply, JudgeParser parser) {
            if (reply.isEmpty()) {
                return new Round(reply.call(), reply.said().raw().isBlank() ? NOTHING : reply.said(),
                        VerdictReading.none(Outcome.JUDGE_UNPARSEABLE, "", reply.error()), false);
            }
            if (AnswerBounds.exceeds(reply.said().raw())) {
                return new Round(reply.call(), NOTHING, VerdictReading.of(parser, reply.said()), false);
            }
            VerdictReading reading = VerdictReading.of(parser, reply.said());
            if (reading.score() != null) {
                return new Round(reply.call(), reply.said(), reading, false);
            }
            if (reading.outcome() == Outcome.JUDGE_REFUSED) {
                return new Round(reply.call().answeredInVain("refused"), reply.said(), reading, true);
            }
            return new Round(reply.call().answeredInVain("unparseable"), reply.said(), reply.isCut()
                    ? reading.withError(reading.error() + "; the answer was cut at the token limit: raise "
                            + JudgePrompts.MAX_TOKENS_FLAG)
                    : reading, true);
        }

        static Round refused(Response.Refused refused) {
            return new Round(refused.call(), refused.said(),
                    VerdictReading.none(Outcome.JUDGE_REFUSED, refused.said().text(), refused.why()), true);
        }

        static Round oversized(Response.Oversized oversized) {
            return new Round(oversized.call(), NOTHING,
                    VerdictReading.none(Outcome.JUDGE_UNPARSEABLE, "", oversized.error()), false);
        }

        static Round failed(Response.Failed failed) {
            return new Round(failed.call(), NOTHING, VerdictReading.none(Outcome.JUDGE_ERROR, "", failed.error()),
                    false);
        }
    }
}
