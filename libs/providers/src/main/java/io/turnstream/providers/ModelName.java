package io.turnstream.providers;

/// A model at a provider, written `provider/name`: `openai/gpt-5-mini`, `vllm/Qwen/Qwen3-VL-8B-Instruct`.
///
/// @param provider the provider's name in the configuration, without a slash
/// @param name     the model's name at that provider; it may contain slashes
public record ModelName(String provider, String name) {

    public ModelName {
        if (provider.isBlank() || provider.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + provider + "' is no provider's name");
        }
        if (name.isBlank() || !name.equals(name.strip())) {
            throw new IllegalArgumentException("'" + name + "' is no model's name");
        }
    }

    /// @throws IllegalArgumentException if the text has no provider or no name
    public static ModelName parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no model: expected provider/name, for example openai/gpt-5-mini");
        }
        return new ModelName(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return provider + "/" + name;
    }
}
