package io.turnstream.providers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The providers that may be called, each with its own URL and key: the allow-list of a worker.
///
/// From the environment:
/// - `OPENAI_API_KEY` and `OPENAI_BASE_URL` (by default OpenAI's own) make provider `openai`;
/// - `TURNSTREAM_PROVIDER_<NAME>_BASE_URL`, `..._API_KEY` and `..._API` (by default `openai`) make provider `<name>`,
///   in lower case and with `-` for `_`; so does the simulator: `TURNSTREAM_PROVIDER_SIM_BASE_URL`;
/// - every `..._API_KEY` can be given as `..._API_KEY_FILE` instead, a file with the key in it;
/// - quotas as [OperatorQuotas] describes them.
///
/// A key can be missing only for provider `sim` and for servers on this machine.
public final class Providers {

    /// The provider name of the simulator.
    public static final String SIM = "sim";
    /// The provider name of OpenAI, or of whatever `OPENAI_BASE_URL` names.
    public static final String OPENAI = "openai";

    private static final int LARGEST_KEY_FILE = 64 * 1024;
    private static final String OPENAI_URL = "https://api.openai.com/v1";
    private static final Pattern NAMED = Pattern.compile("TURNSTREAM_PROVIDER_([A-Z0-9_]+?)_BASE_URL");

    private final Map<String, ProviderSettings> byName;
    private final Map<String, String> unusable;
    private final OperatorQuotas quotas;

    private Providers(Map<String, ProviderSettings> byName, Map<String, String> unusable, OperatorQuotas quotas) {
        this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        this.unusable = Map.copyOf(unusable);
        this.quotas = quotas;
    }

    /// Exactly these.
    public static Providers of(Collection<ProviderSettings> settings) {
        Map<String, ProviderSettings> byName = new LinkedHashMap<>();
        for (ProviderSettings provider : settings) {
            if (byName.put(provider.name(), provider) != null) {
                throw new InvalidProviderException("Provider '" + provider.name() + "' is configured twice");
            }
        }
        return new Providers(byName, Map.of(), OperatorQuotas.NONE);
    }

    /// What the environment configures. A provider that lacks its key is an error only once it is asked for.
    ///
    /// @throws InvalidProviderException if a URL is none or has a key in it, or a key's file cannot be read
    public static Providers fromEnvironment(Map<String, String> environment) {
        Map<String, ProviderSettings> byName = new LinkedHashMap<>();
        Map<String, String> unusable = new LinkedHashMap<>();
        String openAiUrl = present(environment, "OPENAI_BASE_URL");
        add(environment, OPENAI, openAiUrl == null ? OPENAI_URL : openAiUrl, "OPENAI_API_KEY", ChatApi.OPENAI, byName,
                unusable);
        for (String variable : new TreeSet<>(environment.keySet())) {
            Matcher named = NAMED.matcher(variable);
            String url = present(environment, variable);
            if (named.matches() && url != null) {
                String prefix = "TURNSTREAM_PROVIDER_" + named.group(1);
                String name = named.group(1).toLowerCase(Locale.ROOT).replace('_', '-');
                String api = present(environment, prefix + "_API");
                add(environment, name, url, prefix + "_API_KEY",
                        api == null ? ChatApi.OPENAI : ChatApi.named(api), byName, unusable);
            }
        }
        return new Providers(byName, unusable, OperatorQuotas.fromEnvironment(environment));
    }

    private static void add(Map<String, String> environment, String name, String url, String keyVariable, ChatApi api,
            Map<String, ProviderSettings> byName, Map<String, String> unusable) {
        Key key = key(environment, name, keyVariable);
        ProviderSettings settings = new ProviderSettings(name, api, url, key.value(), key.origin());
        if (settings.apiKey().isPresent() || settings.isLoopback() || name.equals(SIM)) {
            byName.put(name, settings);
            unusable.remove(name);
        } else {
            byName.remove(name);
            unusable.put(name, "Provider '" + name + "' needs a key: set " + keyVariable + " (or " + keyVariable
                    + "_FILE, a file with the key in it)");
        }
    }

    /// @param origin see [ProviderSettings#keyOrigin()]
    private record Key(@Nullable String value, String origin) {

        @Override
        public String toString() {
            return "Key[" + origin + "]";
        }
    }

    private static Key key(Map<String, String> environment, String name, String variable) {
        String key = present(environment, variable);
        String file = present(environment, variable + "_FILE");
        if (key != null) {
            return new Key(key, "with the key of " + variable);
        }
        if (file == null) {
            return new Key(null, "without a key, since " + variable + " is not set");
        }
        try {
            return new Key(keyIn(Path.of(file), name, variable),
                    "with the key in " + file + " (" + variable + "_FILE)");
        } catch (IOException | InvalidPathException e) {
            // what is no file may be the key itself
            throw new InvalidProviderException(
                    "The key file of provider '" + name + "' cannot be read: " + variable + "_FILE "
                            + (exists(file)
                                    ? "names " + file + ", which is no file that user "
                                            + System.getProperty("user.name") + " may read"
                                    : "must name a file with the key in it, and there is none of that name"));
        }
    }

    private static boolean exists(String file) {
        try {
            return Files.exists(Path.of(file));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String keyIn(Path file, String name, String variable) throws IOException {
        String which = "The key file of provider '" + name + "', " + file + " (" + variable + "_FILE), ";
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST_KEY_FILE + 1);
            if (bytes.length > LARGEST_KEY_FILE) {
                throw new InvalidProviderException(which + "is larger than a key can be");
            }
            String key = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (key.indexOf('\0') >= 0) {
                throw new InvalidProviderException(which + "is no text in UTF-8: save it as such");
            }
            return key.startsWith("\uFEFF") ? key.substring(1) : key;
        } catch (CharacterCodingException e) {
            throw new InvalidProviderException(which + "is no text in UTF-8: save it as such");
        }
    }

    private static @Nullable String present(Map<String, String> environment, String variable) {
        String value = environment.get(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /// These and one more, which takes the place of one with the same name.
    public Providers with(ProviderSettings provider) {
        Map<String, ProviderSettings> more = new LinkedHashMap<>(byName);
        more.put(provider.name(), provider);
        Map<String, String> lacking = new LinkedHashMap<>(unusable);
        lacking.remove(provider.name());
        return new Providers(more, lacking, quotas);
    }

    /// The settings of a provider.
    ///
    /// @throws UnknownProviderException if there is none of that name; the message lists those there are
    /// @throws InvalidProviderException if it lacks its key; the message names the variable to set
    public ProviderSettings named(String name) {
        ProviderSettings settings = byName.get(name);
        if (settings != null) {
            return settings;
        }
        String lacking = unusable.get(name);
        if (lacking != null) {
            throw new InvalidProviderException(lacking);
        }
        throw new UnknownProviderException(name, names());
    }

    /// The names of all that are configured, those included that lack their key.
    public Set<String> names() {
        Set<String> names = new TreeSet<>(byName.keySet());
        names.addAll(unusable.keySet());
        return names;
    }

    /// Those that can be called.
    public Collection<ProviderSettings> all() {
        return byName.values();
    }

    /// What may be asked of them at most.
    public OperatorQuotas quotas() {
        return quotas;
    }

    /// The same for judges, where models are called as `others` say: a provider that has another address or key there
    /// has another quota.
    public Providers besides(Providers others) {
        OperatorQuotas apart = quotas;
        for (ProviderSettings provider : byName.values()) {
            ProviderSettings other = others.byName.get(provider.name());
            if (other != null
                    && !(other.baseUrl().equals(provider.baseUrl()) && other.apiKey().equals(provider.apiKey()))) {
                apart = apart.withGroup(provider.name(), quotas.group(provider.name()) + ".judge");
            }
        }
        return new Providers(byName, unusable, apart);
    }

    /// Knows every key in use.
    public Redactor redactor() {
        return Redactor.of(byName.values());
    }

    @Override
    public String toString() {
        return "Providers" + byName.values();
    }
}
