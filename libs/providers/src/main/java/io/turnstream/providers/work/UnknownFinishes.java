package io.turnstream.providers.work;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.turnstream.providers.forms.KnownForms;
import org.jspecify.annotations.Nullable;

/// Finish reasons that no row of [KnownForms] knows: the text counts as an answer, whole or not, and whoever looks
/// after the run should hear of it once. How many answers it is about stands in the log: their attempts are recorded as
/// `unknown_finish`.
final class UnknownFinishes {

    private static final int MOST = 10_000;

    private final Cache<Seen, Boolean> told = Caffeine.newBuilder().maximumSize(MOST).build();

    private record Seen(String runId, String reason) {}

    /// Whether this run has met such a reason for the first time.
    boolean isNews(String runId, @Nullable String finishReason) {
        return !KnownForms.bundled().knowsFinish(finishReason)
                && told.asMap().putIfAbsent(new Seen(runId, String.valueOf(finishReason)), Boolean.TRUE) == null;
    }
}
