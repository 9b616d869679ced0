package io.turnstream.events;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Text;
import org.jspecify.annotations.Nullable;

/// How long an answer may be: a text of a model or a judge is recorded up to [#MOST_BYTES]; a longer one ends its step
/// as `oversized` (a verdict as `judge_unparseable`), is paid for and counted, and nothing of it is kept.
///
/// The bound keeps every event and store far below what Kafka takes ([#MOST_EVENT_BYTES]): a dialogue's history holds
/// three answers. Workers hold it; the dispatcher holds it once more, for answers that were written before there was a
/// bound, and auditors know that it does.
public final class AnswerBounds {

    /// Most bytes of an answer's text in UTF-8.
    public static final int MOST_BYTES = 256 * 1024;

    /// Most bytes of an event, without headers. Topics take 8 MiB.
    public static final int MOST_EVENT_BYTES = 8 * 1024 * 1024 - 256 * 1024;

    /// What the `error` of an answer says whose texts were too long to be recorded.
    public static final String TOO_LONG = "the answer is longer than " + MOST_BYTES
            + " bytes, the most that is recorded";

    private AnswerBounds() {}

    /// Whether a text is longer than is recorded.
    public static boolean exceeds(@Nullable String text) {
        return text != null && isLonger(text, MOST_BYTES);
    }

    /// A text without what lies beyond the bound, and a word that it was cut: for what stands beside an answer, such as
    /// reasoning.
    public static @Nullable String cut(@Nullable String text) {
        if (!exceeds(text)) {
            return text;
        }
        // a character has at most three bytes; half a surrogate pair is left out
        int end = MOST_BYTES / 3 - 64;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "… (cut: " + text.length() + " characters)";
    }

    /// Whether anything that was said in an answer is longer than is recorded.
    public static boolean exceeds(Answer answer) {
        return exceeds(answer.getText()) || exceeds(answer.getFirstText()) || exceeds(answer.getExplanation())
                || exceeds(answer.getReasoning())
                || exceeds(answer.getProviderMessage()) || exceeds(answer.getReading()) || exceeds(answer.getError());
    }

    private static boolean exceeds(@Nullable Text text) {
        return text != null && exceeds(text.getText());
    }

    /// How a step ends whose answer is too long to be recorded.
    public static Outcome outcomeOf(StepKind kind) {
        return kind == StepKind.JUDGE ? Outcome.JUDGE_UNPARSEABLE : Outcome.OVERSIZED;
    }

    /// The same answer without anything that was said in it: how it went, what it took and cost.
    public static Answer withoutTexts(Answer answer) {
        return Answer.newBuilder(answer)
                .setText(null)
                .setFirstText(null)
                .setReading(null)
                .setExplanation(null)
                .setReasoning(null)
                .setProviderMessage(null)
                .setError(TOO_LONG)
                .build();
    }

    private static boolean isLonger(String text, int mostBytes) {
        int length = text.length();
        if (length > mostBytes || length * 3L <= mostBytes) {
            return length > mostBytes;
        }
        long bytes = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            // a surrogate pair has four bytes, two for each half
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes > mostBytes;
    }
}
