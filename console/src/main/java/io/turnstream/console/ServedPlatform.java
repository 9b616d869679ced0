package io.turnstream.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The platform behind the REST API, once it is open, and the token that lets callers in.
@ApplicationScoped
public class ServedPlatform {

    private record Open(Platform platform, Upkeep upkeep, Optional<String> token) {}

    private volatile @Nullable Open open;

    /// Serves a platform from now on.
    ///
    /// @param upkeep what keeps it in order
    /// @param token what callers must send as bearer token; empty lets everybody in who reaches the port
    public void open(Platform platform, Upkeep upkeep, Optional<String> token) {
        open = new Open(platform, upkeep, token.filter(secret -> !secret.isBlank()));
    }

    /// Serves nothing from now on.
    public void close() {
        open = null;
    }

    Optional<Platform> platform() {
        return Optional.ofNullable(open).map(Open::platform);
    }

    Optional<Upkeep> upkeep() {
        return Optional.ofNullable(open).map(Open::upkeep);
    }

    Optional<String> token() {
        return Optional.ofNullable(open).flatMap(Open::token);
    }
}
