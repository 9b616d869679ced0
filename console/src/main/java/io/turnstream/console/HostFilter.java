package io.turnstream.console;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Turns away calls that come by a name which is not the platform's: see [Access].
@Singleton
class HostFilter {

    private static final String ORIGIN = "Origin";
    private static final String API = "/api/";
    private static final int FIRST = 1000;
    private static final String WHAT = "the platform is not called by that name";
    private static final String REMEDY = "Call it by 127.0.0.1 or localhost; names of its own are set with TURNSTREAM_HOSTS. A proxy passes on the Host that it was called by.";
    private static final String REMEDY_OF_PROBES = "Read health and metrics by the address, or by localhost; names are set with TURNSTREAM_HOSTS.";

    private final ServedPlatform served;

    HostFilter(ServedPlatform served) {
        this.served = served;
    }

    /// Health, metrics and whatever else Quarkus serves beside the API, which asks nobody for a token.
    void register(@Observes Filters filters) {
        filters.register(this::filterBesideTheApi, FIRST);
    }

    @ServerRequestFilter(preMatching = true)
    @Nullable
    Response filter(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (served.admits(authority == null ? null : authority.host(), authority == null ? -1 : authority.port(),
                request.getHeader(ORIGIN))) {
            return null;
        }
        return ApiError.of(Response.Status.FORBIDDEN, WHAT, HttpHeaders.HOST, REMEDY);
    }

    private void filterBesideTheApi(RoutingContext call) {
        if (call.normalizedPath().startsWith(API) || isAdmitted(call.request())) {
            call.next();
            return;
        }
        call.response().setStatusCode(Response.Status.FORBIDDEN.getStatusCode())
                .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .end(ApiError.json(WHAT, HttpHeaders.HOST, REMEDY_OF_PROBES));
    }

    private boolean isAdmitted(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        String origin = request.getHeader(ORIGIN);
        if (authority == null) {
            // a probe may say no host at all, which no browser does
            return request.getHeader(HttpHeaders.HOST) == null && origin == null;
        }
        return served.admitsProbe(authority.host(), authority.port(), origin);
    }
}
