package io.turnstream.providers.work;

import io.turnstream.benchmark.pack.PromptMessage;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.ModelTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One prompt for one model.
///
/// @param runId whose call it is
/// @param urgency among calls of the run that wait for a connection to the same model the higher goes first
/// @param imageSha256 prepared image that goes with the messages that say so, or null
/// @param maxTokensFlag what a person sets to raise the token limit, such as `--max-tokens`
/// @param idempotencyKey the same for every attempt at one and the same call, and for no other: sent along, so that
///        whoever answers can tell a repetition
public record Prompt(
        String runId,
        ModelTarget target,
        CallParameters parameters,
        CallLimits limits,
        List<PromptMessage> messages,
        @Nullable String imageSha256,
        @Nullable String imageMediaType,
        int urgency,
        String maxTokensFlag,
        String idempotencyKey) {

    /// The urgency of calls after which a dialogue wants few more: questions, and the judge, who may be the model
    /// itself.
    public static final int LAST_OF_A_DIALOGUE = 10;

    public Prompt {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a call needs a message");
        }
    }

    /// Target and sizes only: prompts are not for logs.
    @Override
    public String toString() {
        return "Prompt[%s/%s, %d messages%s]".formatted(
                target.getProvider(), target.getModel(), messages.size(), imageSha256 == null ? "" : ", with image");
    }
}
