package io.turnstream.modelworker;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Outcome;
import io.turnstream.providers.work.AnswerReading;
import io.turnstream.providers.work.CallRecord;
import io.turnstream.providers.work.Conclusion;
import io.turnstream.providers.work.Finding;
import io.turnstream.providers.work.Prompt;
import io.turnstream.providers.work.Response;
import io.turnstream.providers.work.Unanswered;
import io.turnstream.providers.work.Work;
import io.turnstream.providers.work.WorkSession;
import org.apache.avro.specific.SpecificRecord;

/// Asks the model for a turn or the answer to a question, and says how it ended.
///
/// | reply | turn | question |
/// |---|---|---|
/// | a text besides reasoning, cut or not | `answered` | `answered`, `model_refused` or `answer_unparseable`, as the pack's parser reads it |
/// | no text, stopped at the token limit | `truncated` | `truncated` |
/// | no text otherwise, after retries; reasoning and nothing else | `empty` | `empty` |
/// | the provider's refusal or filter | `model_refused` | `model_refused` |
/// | a text longer than is recorded | `oversized` | `oversized` |
/// | a failure, after retries | `provider_error` | `provider_error` |
final class TurnWork implements Work {

    @Override
    public Conclusion conclude(WorkSession session) throws InterruptedException {
        AskModel ask = (AskModel) session.item().request();
        Prompt prompt = TurnPrompts.of(ask, session.pack());
        return switch (session.call(prompt)) {
            case Response.Replied reply -> answered(session, prompt, reply.call(), read(ask, session.pack(), reply));
            case Response.Refused refused -> answered(session, prompt, refused.call(),
                    new AnswerReading(Outcome.MODEL_REFUSED, Finding.unusable(refused.said(), refused.why())));
            case Response.Failed failed ->
                answered(session, prompt, failed.call(),
                        new AnswerReading(Outcome.PROVIDER_ERROR, Finding.none(failed.error())));
            case Response.Oversized oversized ->
                answered(session, prompt, oversized.call(),
                        new AnswerReading(Outcome.OVERSIZED, Finding.none(oversized.error())));
            case Unanswered unanswered -> unanswered;
        };
    }

    @Override
    public SpecificRecord failed(WorkSession session, String error) {
        return new AnswerReading(Outcome.PROVIDER_ERROR, Finding.none(error)).answer(session, null, session.noCall());
    }

    private static AnswerReading read(AskModel ask, ProtocolPack pack, Response.Replied reply) {
        return reply.isEmpty()
                ? AnswerReading.ofNothing(reply.isCut(), reply.said(), reply.error())
                : AnswerReading.of(ask, pack, reply.said());
    }

    private static Conclusion answered(WorkSession session, Prompt prompt, CallRecord call, AnswerReading reading) {
        return new Conclusion.Answered(reading.answer(session, prompt, call));
    }
}
