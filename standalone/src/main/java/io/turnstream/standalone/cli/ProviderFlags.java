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

/// Which providers a platform of this process may call: those of the environment, with the base URLs of the flags. Checked
/// before anything starts. Keys stay in here and in the workers.
final class ProviderFlags {

    private final Map<String, String> environment;

    ProviderFlags(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// @throws UsageException if a model's provider is unknown, lacks its key, or has an address that cannot be used
    Platforms.Callees callees(Collection<String> models, Collection<String> judges, @Nullable String modelUrl, @Nullable String judgeUrl) {
        Providers forModels = providers("--model", models, "--model-base-url", modelUrl);
        Providers forJudges = providers("--judge", judges, "--judge-base-url", judgeUrl);
        boolean simulated = Stream.concat(models.stream(), judges.stream()).anyMatch(name -> provider("--model", name).equals(Providers.SIM))
                && !environment.containsKey(variable(Providers.SIM));
        return new Platforms.Callees(forModels, forJudges, simulated);
    }

    private Providers providers(String flag, Collection<String> models, String urlFlag, @Nullable String url) {
        if (url != null && models.isEmpty()) {
            throw new UsageException(urlFlag, "there is no " + flag + " that it could be for", "Give " + flag + ", or leave it out.");
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
                    "Set TURNSTREAM_PROVIDER_<NAME>_BASE_URL for one of your own, or give " + urlFlag + "; 'sim' is the simulator.");
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
            throw new UsageException(flag, "'" + model.strip() + "' is no model", "Write provider/name, such as openai/gpt-5-mini.");
        }
    }

    private static String variable(String provider) {
        return provider.equals(Providers.OPENAI) ? "OPENAI_BASE_URL"
                : "TURNSTREAM_PROVIDER_" + provider.toUpperCase(Locale.ROOT).replace('-', '_') + "_BASE_URL";
    }
}
