package io.turnstream.providers.quota;

import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.Usage;

/// What an attempt may cost in tokens, on the safe side: three characters a token (English text has about four), 8 for
/// each message, 1,600 for an image, and the whole limit of the answer. Where a provider counts more for prompts, the
/// estimate grows with it at once, and shrinks back slowly.
final class TokenEstimate {

    private static final int CHARACTERS_PER_TOKEN = 3;
    private static final int PER_MESSAGE = 8;
    private static final int PER_IMAGE = 1_600;
    private static final int ANSWER_UNLIMITED = 1_024;
    private static final double FORGETTING = 0.99;

    private double scale = 1;

    /// Prompt and answer.
    synchronized long of(ModelCall call) {
        Integer limit = call.parameters().maxTokens();
        return (long) Math.ceil(scale * promptOf(call)) + (limit == null ? ANSWER_UNLIMITED : limit);
    }

    /// Learns from what the provider counted.
    synchronized void learn(ModelCall call, Usage usage) {
        scale = Math.max(Math.max(1, scale * FORGETTING), (double) usage.inputTokens() / promptOf(call));
    }

    private static long promptOf(ModelCall call) {
        long characters = call.messages().stream().map(ChatTurn::text).mapToLong(String::length).sum();
        return characters / CHARACTERS_PER_TOKEN + (long) PER_MESSAGE * call.messages().size()
                + (call.image() == null ? 0 : PER_IMAGE);
    }
}
