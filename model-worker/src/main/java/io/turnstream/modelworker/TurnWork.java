package io.turnstream.modelworker;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.protocol.parsing.ParsedAnswer;
import io.turnstream.protocol.parsing.ParsedAnswer.Chosen;
import io.turnstream.protocol.parsing.ParsedAnswer.Refused;
import io.turnstream.protocol.parsing.ParsedAnswer.Unparseable;
import io.turnstream.protocol.pack.ProtocolPack;
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

/// Asks the model for a turn or the answer to a question, and says how it ended.
///
/// | reply | turn | question |
/// |---|---|---|
/// | a text, cut or not | `answered` | `answered`, `model_refused` or `answer_unparseable`, as the pack's parser reads it |
/// | no text, stopped at the token limit | `truncated` | `truncated` |
/// | no text otherwise, after retries | `empty` | `empty` |
/// | the provider's refusal or filter | `model_refused` | `model_refused` |
/// | a failure, after retries | `provider_error` | `provider_error` |
final class TurnWork implements Work {

    @Override
    public Conclusion conclude(WorkSession session) throws InterruptedException {
        AskModel ask = askOf(session);
        Prompt prompt = TurnPrompts.of(ask, session.pack());
        return switch (session.call(prompt)) {
            case Response.Replied reply -> answered(session, prompt, reply.call(), ended(ask, session.pack(), reply));
            case Response.Refused refused ->
                answered(session, prompt, refused.call(), new Ending(Outcome.MODEL_REFUSED, Finding.unusable(refused.text(), refused.why())));
            case Response.Failed failed ->
                answered(session, prompt, failed.call(), new Ending(Outcome.PROVIDER_ERROR, Finding.unusable(null, failed.error())));
            case Unanswered unanswered -> unanswered;
        };
    }

    @Override
    public SpecificRecord failed(WorkSession session, String error) {
        return event(session, null, session.noCall(), new Ending(Outcome.PROVIDER_ERROR, Finding.unusable(null, error)));
    }

    /// How a step ended, and with what.
    private record Ending(Outcome outcome, Finding finding) {}

    private static Ending ended(AskModel ask, ProtocolPack pack, Response.Replied reply) {
        String text = reply.text();
        if (reply.isEmpty()) {
            return new Ending(reply.isCut() ? Outcome.TRUNCATED : Outcome.EMPTY, new Finding(null, null, null, null, reply.error()));
        }
        return switch (ask.getStep().getKind()) {
            case MCQ -> read(text, pack.choiceParser().parse(text, TurnPrompts.options(ask)));
            case TF -> read(text, pack.trueFalseParser().parse(text));
            case TURN, JUDGE, UNKNOWN -> new Ending(Outcome.ANSWERED, Finding.text(text));
        };
    }

    private static Ending read(String text, ParsedAnswer<?> parsed) {
        return switch (parsed) {
            case Chosen<?>(Object value) -> new Ending(Outcome.ANSWERED, Finding.read(text, value.toString()));
            case Refused<?>() -> new Ending(Outcome.MODEL_REFUSED, Finding.text(text));
            case Unparseable<?>(String reason) -> new Ending(Outcome.ANSWER_UNPARSEABLE, Finding.unusable(text, reason));
        };
    }

    private static Conclusion answered(WorkSession session, Prompt prompt, CallRecord call, Ending ending) {
        return new Conclusion.Answered(event(session, prompt, call, ending));
    }

    private static TurnAnswered event(WorkSession session, @Nullable Prompt prompt, CallRecord call, Ending ending) {
        AskModel ask = askOf(session);
        return new TurnAnswered(session.meta(), ask.getRequestId(), ask.getSubject(), ask.getStep(), ask.getGeneration(),
                ending.outcome(), session.answer(prompt, call, ending.finding()));
    }

    private static AskModel askOf(WorkSession session) {
        return (AskModel) session.item().request();
    }
}
