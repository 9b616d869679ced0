package io.turnstream.providers;

import java.util.Arrays;
import java.util.Locale;

/// The APIs that an adapter exists for. Another one is a constant here and a class that [ModelClients] opens for it.
public enum ChatApi {
    /// `POST {base}/chat/completions`, as OpenAI has it and many servers copy it.
    OPENAI;

    /// The name in configuration: `openai`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ChatApi named(String name) {
        return Arrays.stream(values()).filter(api -> api.wireName().equals(name)).findFirst()
                .orElseThrow(() -> new InvalidProviderException(
                        "There is no such API (..._API; a key belongs in ..._API_KEY); known are "
                                + String.join(", ", Arrays.stream(values()).map(ChatApi::wireName).toList())));
    }
}
