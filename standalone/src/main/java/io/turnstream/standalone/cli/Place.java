package io.turnstream.standalone.cli;

import io.turnstream.standalone.home.HomeLayout;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the runs are: on a deployed platform, or in a home of this machine.
///
/// @param home the home, used where there is no `url`
/// @param url a deployed platform's address
/// @param token its bearer token; never printed
/// @param port of the API of a platform this process starts; 0 picks a free one
/// @param debug whether logs go to standard error
/// @param signingKey file with the operator's private key, which a platform of this process signs seals with
public record Place(HomeLayout home, @Nullable URI url, @Nullable String token, int port, boolean debug,
        @Nullable Path signingKey) {

    /// Whether the runs are on a deployed platform.
    public boolean isDeployed() {
        return url != null;
    }

    /// The home's price file, which need not exist; null on a deployed platform, which has its own.
    public @Nullable Path prices() {
        return isDeployed() ? null : home.prices();
    }

    /// How people call it.
    public String name() {
        return url != null ? url.toString() : home.root().toString();
    }

    /// Without the token.
    @Override
    public String toString() {
        return "Place[" + name() + "]";
    }
}
