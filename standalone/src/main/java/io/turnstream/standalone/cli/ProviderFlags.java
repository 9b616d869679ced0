package io.turnstream.standalone.cli;

import io.turnstream.providers.InvalidProviderException;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.Providers;
import io.turnstream.providers.UnknownProviderException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which providers a platform of this process may call: those of the environment, with the base URLs of the flags.
/// Checked before anything starts. Keys stay in here and in the workers.
final class ProviderFlags {

    private static final String MODEL_URL = "--model-base-url";
    private static final String JUDGE_URL = "--judge-base-url";

    private final Map<String, String> environment;
    private final @Nullable String modelUrl;
    private final @Nullable String judgeUrl;

    /// @param modelUrl of `--model-base-url`
    /// @param judgeUrl of `--judge-base-url`
    ProviderFlags(Map<String, String> environment, @Nullable String modelUrl, @Nullable String judgeUrl) {
        this.environment = Map.copyOf(environment);
        this.modelUrl = modelUrl;
        this.judgeUrl = judgeUrl;
    }

    /// Nobody where a platform runs: it has its own addresses and keys, and refuses what it has none for.
    ///
    /// @throws UsageException if a model's provider is unknown, lacks its key, or has an address that cannot be used;
    ///         or if a platform runs there and an address is given, which it would not hear of
    Platforms.Callees callees(Platforms platforms, Place place, Collection<String> models, Collection<String> judges) {
        if (platforms.isRunning(place)) {
            if (modelUrl != null || judgeUrl != null) {
                throw new UsageException(modelUrl != null ? MODEL_URL : JUDGE_URL,
                        "the platform at " + place.name() + " calls only the providers it was started with",
                        place.isDeployed() ? "Leave the flag out." : "Leave the flag out, or use another --home.");
            }
            return Platforms.Callees.nobody();
        }
        Providers forModels = providers("--model", models, MODEL_URL, modelUrl);
        Providers forJudges = providers("--judge", judges, JUDGE_URL, judgeUrl);
        boolean simulated = Stream.concat(models.stream(), judges.stream())
                .anyMatch(name -> provider("--model", name).equals(Providers.SIM))
                && !environment.containsKey(variable(Providers.SIM));
        return new Platforms.Callees(forModels, forJudges, simulated);
    }

    private Providers providers(String flag, Collection<String> models, String urlFlag, @Nullable String url) {
        if (url != null && models.isEmpty()) {
            throw new UsageException(urlFlag, "there is no " + flag + " that it could be for",
                    "Give " + flag + ", or leave it out.");
        }
        Map<String, String> settings = new HashMap<>(environment);
        if (url != null) {
            models.stream().map(name -> provider(flag, name)).filter(name -> !name.equals(Providers.SIM))
                    .forEach(name -> settings.put(variable(name), url));
        }
        try {
            Providers providers = Providers.fromEnvironment(settings);
            for (String model : models) {
                String provider = provider(flag, model);
                if (!provider.equals(Providers.SIM)) {
                    Objects.requireNonNull(providers.named(provider));
                }
            }
            return providers;
        } catch (UnknownProviderException e) {
            throw new UsageException(flag, String.valueOf(e.getMessage()),
                    "Set TURNSTREAM_PROVIDER_<NAME>_BASE_URL for one of your own, or give " + urlFlag
                            + "; 'sim' is the simulator.");
        } catch (InvalidProviderException e) {
            throw new UsageException(url == null ? flag : urlFlag, String.valueOf(e.getMessage()),
                    "Variables can also stand in a .env file in this folder.");
        }
    }

    /// The provider's name in `provider/name`.
    static String provider(String flag, String model) {
        try {
            return ModelName.parse(model.strip()).provider();
        } catch (IllegalArgumentException e) {
            throw new UsageException(flag, "'" + model.strip() + "' is no model",
                    "Write provider/name, such as openai/gpt-5-mini.");
        }
    }

    private static String variable(String provider) {
        return provider.equals(Providers.OPENAI)
                ? "OPENAI_BASE_URL"
                : "TURNSTREAM_PROVIDER_" + provider.toUpperCase(Locale.ROOT).replace('-', '_') + "_BASE_URL";
    }
}
