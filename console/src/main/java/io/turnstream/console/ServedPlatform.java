package io.turnstream.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The platform behind the REST API, once it is open, and the token that lets callers in.
@ApplicationScoped
public class ServedPlatform {

    private record Open(Platform platform, Upkeep upkeep, Access access) {}

    private static final Access NOBODY_YET = new Access(Optional.empty(), List.of());

    private volatile @Nullable Open open;

    /// Serves a platform from now on.
    ///
    /// @param upkeep what keeps it in order
    /// @param token what callers must send as bearer token; empty lets everybody on this machine in
    /// @throws IllegalArgumentException if the token is blank
    public void open(Platform platform, Upkeep upkeep, Optional<String> token) {
        open(platform, upkeep, new Access(token, List.of()));
    }

    /// @param access who may call it
    void open(Platform platform, Upkeep upkeep, Access access) {
        open = new Open(platform, upkeep, access);
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
        return Optional.ofNullable(open).flatMap(served -> served.access().token());
    }

    /// Whether health and metrics are shown to a call that was made to that host, by a page of that origin: also before
    /// anything is served.
    boolean admitsProbe(String host, int port, @Nullable String origin) {
        Open served = open;
        return (served == null ? NOBODY_YET : served.access()).admitsProbe(host, port, origin);
    }

    /// Whether a call is answered that was made to that host, by a page of that origin. As long as nothing is served,
    /// there is nothing to keep.
    boolean admits(@Nullable String host, int port, @Nullable String origin) {
        Open served = open;
        return served == null || served.access().admits(host, port, origin);
    }
}
