package io.turnstream.providers.work;

import org.jspecify.annotations.Nullable;

/// What a worker made of a call's text.
///
/// @param text the final raw text, or null where there was none
/// @param firstText the first raw text, where the call was repeated because it could not be used
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
    public static Finding text(String text) {
        return new Finding(text, null, null, null, null);
    }

    /// A text and what it was read as.
    public static Finding read(String text, String reading) {
        return new Finding(text, null, reading, null, null);
    }

    /// A text, possibly empty, and what is wrong with it.
    public static Finding unusable(@Nullable String text, String error) {
        return new Finding(text == null || text.isEmpty() ? null : text, null, null, null, error);
    }

    /// The reading and the error, never the texts.
    @Override
    public String toString() {
        return "Finding[" + reading + ", " + error + ']';
    }
}
