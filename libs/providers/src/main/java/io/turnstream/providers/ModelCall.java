package io.turnstream.providers;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Everything that one attempt at a model needs.
///
/// @param model      whom to ask
/// @param messages   the conversation, at least one message
/// @param image      the image that the messages marked `withImage` carry; null exactly if none is marked
/// @param parameters as requested; what the provider accepts may be less
/// @param timeout    longest time for one attempt, from the first byte sent to the last byte read
/// @param requestId  identity of the question, printable ASCII. It is sent as `Idempotency-Key`, so that a call that is
///                   repeated with other messages needs another one
public record ModelCall(
        ModelName model,
        List<ChatTurn> messages,
        @Nullable ImageRef image,
        CallParameters parameters,
        Duration timeout,
        String requestId) {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{1,500}");

    public ModelCall {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(parameters, "parameters");
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException(requestId + ": a call needs a message");
        }
        boolean marked = messages.stream().anyMatch(ChatTurn::withImage);
        if (marked != (image != null)) {
            throw new IllegalArgumentException(requestId + (marked
                    ? ": a message is marked to carry an image, but the call has none"
                    : ": the call has an image, but no message is marked to carry it"));
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException(requestId + ": timeout is " + timeout + ", expected more than 0");
        }
        if (!PRINTABLE.matcher(requestId).matches()) {
            throw new IllegalArgumentException("a request id is 1 to 500 printable ASCII characters without spaces");
        }
    }

    /// Without the messages: prompts are not for logs.
    @Override
    public String toString() {
        return "ModelCall[%s, %s, %d messages, image %s]".formatted(
                requestId, model, messages.size(), image == null ? "none" : image.sha256());
    }
}
