package io.turnstream.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One chat completion request, as far as the simulator looks at it.
///
/// @param maxTokens           `max_tokens`, or null
/// @param maxCompletionTokens `max_completion_tokens`, or null
record ChatRequest(
        String model,
        List<Message> messages,
        List<Image> images,
        @Nullable Integer maxTokens,
        @Nullable Integer maxCompletionTokens,
        @Nullable Double temperature,
        @Nullable Long seed) {

    ChatRequest {
        messages = List.copyOf(messages);
        images = List.copyOf(images);
    }

    /// A message with the text of all its parts, joined by line breaks.
    record Message(String role, String text, int images) {

        @Override
        public String toString() {
            return "Message[" + role + ", " + text.length() + " characters, " + images + " images]";
        }
    }

    /// An image part: a hash of its Base64 characters and their number.
    record Image(long digest, int base64Length) {}

    /// The stricter of the two limits, or null without one.
    @Nullable
    Integer limit() {
        return maxCompletionTokens != null ? maxCompletionTokens : maxTokens;
    }

    /// What makes two requests the same: model, roles, texts, images and sampling parameters; not their JSON spelling.
    long fingerprint() {
        Fingerprint fingerprint = new Fingerprint().add(model);
        for (Message message : messages) {
            fingerprint.add(message.role()).add(message.text()).add(message.images());
        }
        for (Image image : images) {
            fingerprint.add(image.digest()).add(image.base64Length());
        }
        fingerprint.add(maxTokens == null ? -1 : maxTokens)
                .add(maxCompletionTokens == null ? -1 : maxCompletionTokens)
                .add(temperature == null ? -1 : Double.doubleToLongBits(temperature))
                .add(seed == null ? -1 : seed);
        return fingerprint.value();
    }

    /// An estimate: four characters a token, 4 tokens around each message, 425 for an image.
    int promptTokens() {
        int tokens = 3 + 425 * images.size();
        for (Message message : messages) {
            tokens += 4 + (message.text().length() + 3) / 4;
        }
        return tokens;
    }
}
