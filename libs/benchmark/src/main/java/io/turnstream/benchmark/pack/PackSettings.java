package io.turnstream.benchmark.pack;

import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.parsing.RefusalPattern;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What `pack.yaml` says.
///
/// @param name the pack's name, lower-case letters, digits, `.`, `_` and `-`
/// @param turn parameters of a dialogue turn
/// @param mcq parameters of a multiple-choice question
/// @param tf parameters of a true-or-false statement
/// @param judge parameters of a judge call
/// @param images how images are prepared
/// @param imagePlacement which user turns carry the image
/// @param history how earlier rounds are sent in a dialogue turn
/// @param systemPrompt sent before dialogue turns and questions; null sends none
/// @param texts short texts that stand in for something
/// @param parser the strict parsers that its runs asked for: `strict-v2`, or `strict-v1` in a pack of before
/// @param questionRefusals patterns, found anywhere in a question's answer, that mark it as a refusal
/// @param judgeRefusals patterns, found anywhere in a judge's answer, that mark it as a refusal
public record PackSettings(String name, CallSettings turn, CallSettings mcq, CallSettings tf, CallSettings judge,
        ImageSettings images, ImagePlacement imagePlacement, HistoryEncoding history, @Nullable String systemPrompt,
        Texts texts, String parser, List<RefusalPattern> questionRefusals, List<RefusalPattern> judgeRefusals) {

    /// @param blockedTurn stands in the history for a turn that the provider blocked
    /// @param noPicture stands for the caption in a unimodal dialogue
    /// @param noCaption stands for the caption in a multimodal dialogue that has none
    /// @param judgeReminder asks a judge again after an answer without a valid score
    public record Texts(String blockedTurn, String noPicture, String noCaption, String judgeReminder) {}

    public PackSettings {
        Objects.requireNonNull(name, "name");
        questionRefusals = List.copyOf(questionRefusals);
        judgeRefusals = List.copyOf(judgeRefusals);
    }

    /// The parameters of that kind of call.
    public CallSettings call(StepKind kind) {
        return switch (kind) {
            case TURN -> turn;
            case MCQ -> mcq;
            case TF -> tf;
            case JUDGE -> judge;
        };
    }
}
