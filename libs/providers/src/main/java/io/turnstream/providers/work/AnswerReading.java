package io.turnstream.providers.work;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.benchmark.parsing.ParsedAnswer;
import io.turnstream.benchmark.parsing.ParsedAnswer.Chosen;
import io.turnstream.benchmark.parsing.ParsedAnswer.Refused;
import io.turnstream.benchmark.parsing.ParsedAnswer.Unparseable;
import io.turnstream.benchmark.parsing.ReasonedText;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.AnswerBounds;
import io.turnstream.events.Texts;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a turn or question ended, and what its text says: the same for a model that was just asked and for an answer
/// somebody recorded.
///
/// @param outcome how it ended
/// @param finding the text and what was read from it
public record AnswerReading(Outcome outcome, Finding finding) {

    /// Reads a text that is not blank with the strict parsers of the run's pack; of one that is longer than is recorded
    /// nothing is kept. A text in a dialogue is an answer, whatever it says.
    public static AnswerReading of(AskModel ask, ProtocolPack pack, ReasonedText said) {
        if (AnswerBounds.exceeds(said.raw())) {
            return new AnswerReading(Outcome.OVERSIZED, Finding.none(AnswerBounds.TOO_LONG));
        }
        return switch (ask.getStep().getKind()) {
            case MCQ -> of(said, pack.choiceParser().parse(said, options(ask)));
            case TF -> of(said, pack.trueFalseParser().parse(said));
            case TURN, JUDGE, UNKNOWN -> new AnswerReading(Outcome.ANSWERED, Finding.text(said));
        };
    }

    /// No text besides reasoning.
    ///
    /// @param cut whether the answer stopped at the token limit
    /// @param error why there is none, one line without secrets
    public static AnswerReading ofNothing(boolean cut, ReasonedText said, @Nullable String error) {
        return new AnswerReading(cut ? Outcome.TRUNCATED : Outcome.EMPTY,
                said.raw().isBlank() ? Finding.none(error) : Finding.unusable(said, error));
    }

    /// The options of a multiple-choice question, lettered from A in this order.
    public static List<String> options(AskModel ask) {
        Question question = Objects.requireNonNull(ask.getQuestion(), () -> ask.getRequestId() + " has no question");
        return question.getOptions().stream()
                .map(option -> Objects.requireNonNull(Texts.plain(option),
                        () -> ask.getRequestId() + " lacks the text of an option"))
                .toList();
    }

    /// The answer to the session's request.
    ///
    /// @param asked the prompt as sent, or null where none was
    public TurnAnswered answer(WorkSession session, @Nullable Prompt asked, CallRecord call) {
        AskModel ask = (AskModel) session.item().request();
        return new TurnAnswered(session.meta(), ask.getRequestId(), ask.getSubject(), ask.getStep(),
                ask.getGeneration(), outcome,
                session.answer(asked, call, finding));
    }

    private static AnswerReading of(ReasonedText said, ParsedAnswer<?> parsed) {
        return switch (parsed) {
            case Chosen<?>(Object value) -> new AnswerReading(Outcome.ANSWERED, Finding.read(said, value.toString()));
            case Refused<?>() -> new AnswerReading(Outcome.MODEL_REFUSED, Finding.text(said));
            case Unparseable<?>(String reason) ->
                new AnswerReading(Outcome.ANSWER_UNPARSEABLE, Finding.unusable(said, reason));
        };
    }
}
