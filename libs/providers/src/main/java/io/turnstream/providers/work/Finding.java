package io.turnstream.providers.work;

import io.turnstream.benchmark.parsing.ReasonedText;
import org.jspecify.annotations.Nullable;

/// What a worker made of a call's text.
///
/// @param text the final text without reasoning, or null where there was none
/// @param firstText the first raw text, where it is another: reasoning was taken out of it, or the call was repeated
///         because it could not be used
/// @param reading a letter, `true`, `false` or a score, or null where nothing was read
/// @param explanation a judge's explanation
/// @param error what went wrong, one line without secrets, or null
public record Finding(
        @Nullable String text,
        @Nullable String firstText,
        @Nullable String reading,
        @Nullable String explanation,
        @Nullable String error) {

    /// A text that is used as it is.
    public static Finding text(ReasonedText said) {
        return of(said, null, null);
    }

    /// A text and what it was read as.
    public static Finding read(ReasonedText said, String reading) {
        return of(said, reading, null);
    }

    /// A text, possibly empty, and what is wrong with it.
    public static Finding unusable(ReasonedText said, @Nullable String error) {
        return of(said, null, error);
    }

    /// No text at all.
    public static Finding none(@Nullable String error) {
        return new Finding(null, null, null, null, error);
    }

    private static Finding of(ReasonedText said, @Nullable String reading, @Nullable String error) {
        return new Finding(said.text().isEmpty() ? null : said.text(), said.rawIfDifferent(), reading, null, error);
    }

    /// The reading and the error, never the texts.
    @Override
    public String toString() {
        return "Finding[" + reading + ", " + error + ']';
    }
}
