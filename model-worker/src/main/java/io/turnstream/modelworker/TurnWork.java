package io.turnstream.modelworker;

import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.protocol.parsing.ParsedAnswer;
import io.turnstream.protocol.parsing.ParsedAnswer.Chosen;
import io.turnstream.protocol.parsing.ParsedAnswer.Refused;
import io.turnstream.protocol.parsing.ParsedAnswer.Unparseable;
import io.turnstream.protocol.pack.ProtocolPack;
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
        CallOrder order = TurnPrompts.order(ask, session.pack());
        return switch (session.call(order)) {
            case CallResult.Replied reply -> answered(session, order, reply.call(), ended(ask, session.pack(), reply));
            case CallResult.Refused refused ->
                answered(session, order, refused.call(), new Ending(Outcome.MODEL_REFUSED, Finding.unusable(refused.text(), refused.why())));
            case CallResult.Failed failed ->
                answered(session, order, failed.call(), new Ending(Outcome.PROVIDER_ERROR, Finding.unusable(null, failed.error())));
            case Unanswered unanswered -> unanswered;
        };
    }

    @Override
    public SpecificRecord failed(WorkSession session, String error) {
        return event(session, null, session.noCall(), new Ending(Outcome.PROVIDER_ERROR, Finding.unusable(null, error)));
    }

    /// How a step ended, and with what.
    private record Ending(Outcome outcome, Finding finding) {}

    private static Ending ended(AskModel ask, ProtocolPack pack, CallResult.Replied reply) {
        String text = reply.text();
        if (reply.isEmpty()) {
            return reply.isCut()
                    ? new Ending(Outcome.TRUNCATED, Finding.unusable(text, limitSpent(ask)))
                    : new Ending(Outcome.EMPTY, Finding.unusable(text, "the model answered with an empty text"));
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

    private static String limitSpent(AskModel ask) {
        Integer limit = ask.getParameters().getMaxTokens();
        String remedy = switch (ask.getStep().getKind()) {
            case MCQ -> "raise --max-tokens, or calls.mcq.max-tokens in the protocol pack";
            case TF -> "raise --max-tokens, or calls.tf.max-tokens in the protocol pack";
            case TURN, JUDGE, UNKNOWN -> "raise --max-tokens";
        };
        return "the model spent its limit" + (limit == null ? "" : " of " + limit + " tokens") + " before it wrote any text: " + remedy;
    }

    private static Conclusion answered(WorkSession session, CallOrder order, CallRecord call, Ending ending) {
        return new Conclusion.Answered(event(session, order, call, ending));
    }

    private static TurnAnswered event(WorkSession session, @Nullable CallOrder order, CallRecord call, Ending ending) {
        AskModel ask = askOf(session);
        return new TurnAnswered(session.meta(), ask.getRequestId(), ask.getSubject(), ask.getStep(), ask.getGeneration(),
                ending.outcome(), session.answer(order, call, ending.finding()));
    }

    private static AskModel askOf(WorkSession session) {
        return (AskModel) session.item().request();
    }
}
