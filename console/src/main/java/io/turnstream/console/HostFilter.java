package io.turnstream.console;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Turns away calls that come by a name which is not the platform's: see [Access].
class HostFilter {

    private static final String ORIGIN = "Origin";

    private final ServedPlatform served;

    HostFilter(ServedPlatform served) {
        this.served = served;
    }

    @ServerRequestFilter(preMatching = true)
    @Nullable Response filter(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (served.admits(authority == null ? null : authority.host(), authority == null ? -1 : authority.port(), request.getHeader(ORIGIN))) {
            return null;
        }
        return ApiError.of(Response.Status.FORBIDDEN, "the platform is not called by that name", "Host",
                "Call it by 127.0.0.1 or localhost; names of its own are set with TURNSTREAM_HOSTS. A proxy passes on the Host that it was called by.");
    }
}
