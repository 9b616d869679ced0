package io.turnstream.providers.work;

import io.turnstream.contracts.AnswerBounds;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.Texts;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.protocol.pack.ProtocolPack;
import io.turnstream.protocol.parsing.ParsedAnswer;
import io.turnstream.protocol.parsing.ParsedAnswer.Chosen;
import io.turnstream.protocol.parsing.ParsedAnswer.Refused;
import io.turnstream.protocol.parsing.ParsedAnswer.Unparseable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a turn or question ended, and what its text says: the same for a model that was just asked and for an answer somebody recorded.
///
/// @param outcome how it ended
/// @param finding the text and what was read from it
public record AnswerReading(Outcome outcome, Finding finding) {

    /// Reads a text that is not blank with the strict parsers of the run's pack; of one that is longer than is recorded nothing is kept. A text in a dialogue is an answer, whatever it says.
    public static AnswerReading of(AskModel ask, ProtocolPack pack, String text) {
        if (AnswerBounds.exceeds(text)) {
            return new AnswerReading(Outcome.OVERSIZED, Finding.unusable(null, AnswerBounds.TOO_LONG));
        }
        return switch (ask.getStep().getKind()) {
            case MCQ -> of(text, pack.choiceParser().parse(text, options(ask)));
            case TF -> of(text, pack.trueFalseParser().parse(text));
            case TURN, JUDGE, UNKNOWN -> new AnswerReading(Outcome.ANSWERED, Finding.text(text));
        };
    }

    /// No text.
    ///
    /// @param cut whether the answer stopped at the token limit
    /// @param error why there is none, one line without secrets
    public static AnswerReading ofNothing(boolean cut, @Nullable String error) {
        return new AnswerReading(cut ? Outcome.TRUNCATED : Outcome.EMPTY, new Finding(null, null, null, null, error));
    }

    /// The options of a multiple-choice question, lettered from A in this order.
    public static List<String> options(AskModel ask) {
        Question question = Objects.requireNonNull(ask.getQuestion(), () -> ask.getRequestId() + " has no question");
        return question.getOptions().stream()
                .map(option -> Objects.requireNonNull(Texts.plain(option), () -> ask.getRequestId() + " lacks the text of an option"))
                .toList();
    }

    /// The answer to the session's request.
    ///
    /// @param asked the prompt as sent, or null where none was
    public TurnAnswered answer(WorkSession session, @Nullable Prompt asked, CallRecord call) {
        AskModel ask = (AskModel) session.item().request();
        return new TurnAnswered(session.meta(), ask.getRequestId(), ask.getSubject(), ask.getStep(), ask.getGeneration(), outcome,
                session.answer(asked, call, finding));
    }

    private static AnswerReading of(String text, ParsedAnswer<?> parsed) {
        return switch (parsed) {
            case Chosen<?>(Object value) -> new AnswerReading(Outcome.ANSWERED, Finding.read(text, value.toString()));
            case Refused<?>() -> new AnswerReading(Outcome.MODEL_REFUSED, Finding.text(text));
            case Unparseable<?>(String reason) -> new AnswerReading(Outcome.ANSWER_UNPARSEABLE, Finding.unusable(text, reason));
        };
    }
}
