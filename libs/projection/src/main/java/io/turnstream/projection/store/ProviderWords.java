package io.turnstream.projection.store;

import io.turnstream.contracts.Text;
import io.turnstream.events.Texts;
import org.jspecify.annotations.Nullable;

/// What a provider said, beside what the platform says itself. Events keep the two apart, for a provider may quote a
/// prompt, and prompts can be withheld; people read them together.
final class ProviderWords {

    private ProviderWords() {}

    /// Our words and the provider's behind them.
    ///
    /// @param said null where it said nothing; without text where that is withheld
    static @Nullable String behind(@Nullable String ours, @Nullable Text said) {
        String words = Texts.plain(said);
        if (words == null || words.isBlank()) {
            return ours;
        }
        return ours == null || ours.isBlank() ? words : ours + ": " + words;
    }
}
