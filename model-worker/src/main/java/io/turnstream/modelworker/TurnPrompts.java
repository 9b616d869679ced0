package io.turnstream.modelworker;

import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.pack.Exchange;
import io.turnstream.benchmark.pack.PromptMessage;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Question;
import io.turnstream.events.Texts;
import io.turnstream.providers.work.AnswerReading;
import io.turnstream.providers.work.Prompt;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns a request into the call that its protocol pack describes.
final class TurnPrompts {

    private TurnPrompts() {}

    static Prompt of(AskModel ask, ProtocolPack pack) {
        return new Prompt(ask.getSubject().getRunId(), ask.getTarget(), ask.getParameters(), ask.getLimits(),
                messages(ask, pack),
                ask.getImageSha256(), ask.getImageMediaType(), urgency(ask), maxTokensFlag(ask), ask.getRequestId());
    }

    private static List<PromptMessage> messages(AskModel ask, ProtocolPack pack) {
        Modality modality = modality(ask);
        List<Exchange> history = ask.getHistory().stream()
                .map(exchange -> new Exchange(present(Texts.plain(exchange.getUser()), ask),
                        Texts.plain(exchange.getAssistant())))
                .toList();
        return switch (ask.getStep().getKind()) {
            case TURN -> pack.dialogueTurn(modality, history, present(Texts.plain(ask.getUserTurn()), ask));
            case MCQ -> pack.mcq(modality, history, present(Texts.plain(question(ask).getText()), ask),
                    AnswerReading.options(ask));
            case TF -> pack.trueFalse(modality, history, present(Texts.plain(question(ask).getText()), ask));
            case JUDGE, UNKNOWN -> throw new IllegalArgumentException(
                    ask.getRequestId() + ": no model is asked for a step of kind " + ask.getStep().getKind());
        };
    }

    private static Question question(AskModel ask) {
        return Objects.requireNonNull(ask.getQuestion(), () -> ask.getRequestId() + " has no question");
    }

    private static Modality modality(AskModel ask) {
        return switch (ask.getSubject().getModality()) {
            case MULTIMODAL -> Modality.MULTIMODAL;
            case UNIMODAL -> Modality.UNIMODAL;
            case UNKNOWN -> throw new IllegalArgumentException(ask.getRequestId() + " has no modality");
        };
    }

    /// Later steps first, so that what was begun ends and makes room; questions are among the last of a dialogue.
    private static int urgency(AskModel ask) {
        return switch (ask.getStep().getKind()) {
            case TURN -> ask.getHistory().size() + 1;
            case MCQ, TF -> Prompt.LAST_OF_A_DIALOGUE;
            case JUDGE, UNKNOWN -> 0;
        };
    }

    private static String maxTokensFlag(AskModel ask) {
        return switch (ask.getStep().getKind()) {
            case TURN, JUDGE, UNKNOWN -> "--max-tokens";
            case MCQ -> "--max-tokens or calls.mcq.max-tokens of the protocol pack";
            case TF -> "--max-tokens or calls.tf.max-tokens of the protocol pack";
        };
    }

    private static String present(@Nullable String text, AskModel ask) {
        return Objects.requireNonNull(text, () -> ask.getRequestId() + " lacks a text it needs");
    }
}
