package io.turnstream.simulator;

import io.turnstream.simulator.ConversationView.Task;
import io.turnstream.simulator.Persona.Listed;
import io.turnstream.simulator.SimulatorSettings.ModelSettings;
import io.turnstream.simulator.SimulatorSettings.Refusals;
import org.jspecify.annotations.Nullable;

/// What one model answers under given settings: a pure function of the request, the seed and, in `fresh` mode, a nonce.
final class Responder {

    private final Persona persona;
    private final boolean judge;
    private final boolean reasoning;
    private final Refusals refusals;
    private final long seed;
    private final int reasoningMinTokens;

    Responder(Listed listed, SimulatorSettings settings, ModelSettings overrides) {
        this.persona = overrides.accuracy() == null
                ? listed.persona()
                : listed.persona().withAccuracy(overrides.accuracy());
        this.judge = listed.persona() instanceof JudgePersona;
        this.reasoning = listed.reasoning();
        this.refusals = overrides.refusals() == null ? settings.refusals() : overrides.refusals();
        this.seed = settings.seed();
        this.reasoningMinTokens = settings.reasoningMinTokens();
    }

    /// Whether the model's API takes the request's parameters; null if it does.
    @Nullable
    ApiError objection(ChatRequest request) {
        if (!reasoning) {
            return null;
        }
        if (request.maxTokens() != null) {
            return ApiError.unsupportedParameter("max_tokens", "max_completion_tokens");
        }
        if (request.temperature() != null && request.temperature() != 1) {
            return ApiError.unsupportedValue("temperature", request.temperature().toString(), "1");
        }
        return null;
    }

    /// @param fingerprint of the request
    /// @param seen        how often the same request was admitted before
    /// @param nonce       what makes this answer differ from all others, or null outside `fresh` mode
    Completion answer(ChatRequest request, long fingerprint, int seen, @Nullable Long nonce) {
        Chance chance = Chance.of(seed, fingerprint);
        int promptTokens = request.promptTokens();
        double block = chance.draw("block");
        if (block < refusals.contentFilter()) {
            return Completion.filtered(promptTokens);
        }
        if (block < refusals.contentFilter() + refusals.refusal()) {
            return Completion.refused("This request goes against the usage policy and was not answered.", promptTokens);
        }
        ConversationView view = ConversationView.of(request);
        String text = nonce == null
                ? persona.reply(view, chance, seen)
                : vary(view, chance.at(nonce), seen, nonce);
        return Completion.of(text, promptTokens, request.limit(), reasoningTokens(request, chance));
    }

    /// An answer to be told from every other: dialogue turns carry the nonce, letters and scores are random.
    private String vary(ConversationView view, Chance chance, int seen, long nonce) {
        String mark = Long.toHexString(nonce);
        if (judge) {
            return "{\"score\": " + (1 + chance.below("fresh", 5)) + ", \"explanation\": \"Variation " + mark + ".\"}";
        }
        return switch (view.task()) {
            case Task.Reply reply -> "[" + mark + "] " + persona.reply(view, chance, seen);
            case Task.Choose(var options) -> Answers.letter(chance.below("fresh", options.size()));
            case Task.Decide decide -> Answers.bool(chance.hits("fresh", 0.5));
        };
    }

    /// A limit below what the model needs goes to reasoning whole; otherwise a quarter to three quarters of that need.
    private int reasoningTokens(ChatRequest request, Chance chance) {
        if (!reasoning) {
            return 0;
        }
        Integer limit = request.limit();
        if (limit != null && limit < reasoningMinTokens) {
            return limit;
        }
        return reasoningMinTokens / 4 + chance.below("reasoning", reasoningMinTokens / 2 + 1);
    }
}
