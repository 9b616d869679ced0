package io.turnstream.standalone.cli;

import io.turnstream.events.SealSigner;
import io.turnstream.standalone.home.HomeLayout;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Flags that every command has: where the runs are.
final class PlaceOptions {

    private static final String TOKEN = "TURNSTREAM_TOKEN";

    @Option(names = "--home", paramLabel = "DIR", order = FlagGroup.OF_PLATFORM, description = "Folder that holds the runs. Default: ~/.turnstream")
    private @Nullable Path home;

    @Option(names = "--url", paramLabel = "URL", order = FlagGroup.OF_PLATFORM
            + 1, description = "A deployed platform to use in place of this machine's; its token is read from TURNSTREAM_TOKEN.")
    private @Nullable String url;

    @Option(names = "--debug", order = FlagGroup.OF_PLATFORM
            + 2, description = "Logs and stack traces on standard error.")
    private boolean debug;

    boolean debug() {
        return debug;
    }

    /// @param port of the API, where a platform is started; 0 picks a free one
    Place place(Map<String, String> environment, int port) {
        Path userHome = Path.of(System.getProperty("user.home", "."));
        String token = token(environment.getOrDefault(TOKEN, "").strip());
        String key = environment.getOrDefault(SealSigner.KEY_FILE, "");
        return new Place(HomeLayout.choose(home, environment, userHome), url == null ? null : address(url), token, port,
                debug,
                key.isBlank() ? null : Path.of(key.strip()));
    }

    private static @Nullable String token(String text) {
        if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            // never repeated
            throw new UsageException(TOKEN, "has characters that cannot be in a token (white space or non-ASCII)",
                    "Was it cut or quoted?");
        }
        return text.isEmpty() ? null : text;
    }

    private static URI address(String text) {
        try {
            URI address = new URI(text);
            String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
            if (address.getRawUserInfo() != null || address.getRawQuery() != null) {
                throw new UsageException("--url", "holds a user, password or query",
                        "Give the bare address, and the token in " + TOKEN + ".");
            }
            if ((scheme.equals("http") || scheme.equals("https")) && address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // never repeated: it may hold a password
            throw new UsageException("--url", "is no address", "Write http://host:port.");
        }
        throw new UsageException("--url", "is no address", "Write http://host:port.");
    }
}
