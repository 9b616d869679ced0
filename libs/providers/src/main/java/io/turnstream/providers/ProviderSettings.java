package io.turnstream.providers;

import io.turnstream.events.RecordedProvider;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One provider: its name, where it is, and the key that belongs there. The key leaves this object only through
/// [#apiKey()], and is in no other method's result.
public final class ProviderSettings {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Pattern KEY_LIKE_PARAMETER = Pattern.compile(
            "(?i).*(key|token|secret|passw|pwd|credential|auth|signature).*|sig|code");
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

    private final String name;
    private final ChatApi api;
    private final URI baseUrl;
    private final @Nullable String apiKey;
    private final String keyOrigin;

    /// @param name    the provider's name in `provider/name`: lower-case letters, digits, dots, dashes, underscores
    /// @param api     the API it speaks
    /// @param baseUrl http or https, with the path up to and with the version: `https://api.openai.com/v1`
    /// @param apiKey  the key for that URL and no other; null where the server takes none
    /// @throws InvalidProviderException if the URL is none, or has a key in it
    public ProviderSettings(String name, ChatApi api, String baseUrl, @Nullable String apiKey) {
        this(name, api, baseUrl, apiKey, apiKey == null ? "without a key" : "with its key");
    }

    /// @param keyOrigin where the key comes from, see [#keyOrigin()]
    ProviderSettings(String name, ChatApi api, String baseUrl, @Nullable String apiKey, String keyOrigin) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidProviderException(
                    "A provider's name is made of lower-case letters, digits, '.', '-' and '_'");
        }
        if (name.equals(RecordedProvider.NAME)) {
            throw new InvalidProviderException(
                    "The provider name '" + name + "' stands for recorded answers: choose another one");
        }
        this.name = name;
        this.api = Objects.requireNonNull(api, "api");
        this.baseUrl = checkedUrl(name, baseUrl);
        this.apiKey = checkedKey(name, apiKey, keyOrigin);
        this.keyOrigin = keyOrigin;
    }

    public String name() {
        return name;
    }

    public ChatApi api() {
        return api;
    }

    /// Without a slash at its end.
    public URI baseUrl() {
        return baseUrl;
    }

    public Optional<String> apiKey() {
        return Optional.ofNullable(apiKey);
    }

    /// Where the key comes from, to go on with behind `it was called`: `with the key of OPENAI_API_KEY`.
    public String keyOrigin() {
        return keyOrigin;
    }

    /// Whether the server is on this machine.
    public boolean isLoopback() {
        return isLoopback(baseUrl);
    }

    static boolean isLoopback(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.endsWith(".localhost") || host.equals("[::1]")
                || LOOPBACK_V4.matcher(host).matches();
    }

    /// Refuses what is no URL of a server, or has a credential in it; the message never repeats the URL's text, since
    /// that is where the secret would be.
    static URI checkedUrl(String provider, String text) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new InvalidProviderException("The base URL of provider '" + provider + "' is no URL");
        }
        if (url.getRawUserInfo() != null || (url.getRawAuthority() != null && url.getRawAuthority().contains("@"))) {
            throw new InvalidProviderException("The base URL of provider '" + provider
                    + "' has a user or password in it; give the key in its own setting instead");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            throw new InvalidProviderException("The base URL of provider '" + provider
                    + "' must begin with http:// or https:// and a host");
        }
        if (url.getRawFragment() != null) {
            throw new InvalidProviderException("The base URL of provider '" + provider + "' must not have a #fragment");
        }
        if (url.getRawQuery() != null) {
            for (String pair : url.getRawQuery().split("&")) {
                String parameter = URLDecoder.decode(pair.split("=", 2)[0], StandardCharsets.UTF_8);
                if (KEY_LIKE_PARAMETER.matcher(parameter).matches()) {
                    throw new InvalidProviderException("The base URL of provider '" + provider
                            + "' has a query parameter that looks like a key; give the key in its own setting instead");
                }
            }
            throw new InvalidProviderException("The base URL of provider '" + provider + "' must not have a ?query");
        }
        String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
        return URI.create(scheme + "://" + url.getRawAuthority() + path);
    }

    private static @Nullable String checkedKey(String provider, @Nullable String key, String origin) {
        if (key == null || key.isBlank()) {
            return null;
        }
        String stripped = key.strip();
        if (!stripped.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new InvalidProviderException("Provider '" + provider + "' " + origin
                    + ": it has characters that cannot be in a key (white space or non-ASCII); it may have been cut or quoted");
        }
        return stripped;
    }

    /// Name, API and URL; of the key only whether there is one.
    @Override
    public String toString() {
        return "ProviderSettings[" + name + ", " + api.wireName() + ", " + baseUrl + ", "
                + (apiKey == null ? "no key" : "with key") + "]";
    }
}
