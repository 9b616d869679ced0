package io.turnstream.console;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Lets in who sends the platform's token, where it has one.
@Provider
public class BearerTokenFilter implements ContainerRequestFilter {

    private static final String SCHEME = "Bearer ";

    private final ServedPlatform served;

    BearerTokenFilter(ServedPlatform served) {
        this.served = served;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        served.token().ifPresent(token -> {
            if (!matches(request.getHeaderString(HttpHeaders.AUTHORIZATION), token)) {
                Response refusal = ApiError.of(Response.Status.UNAUTHORIZED, "the token is missing or wrong",
                        HttpHeaders.AUTHORIZATION,
                        "Send the platform's token as bearer token.");
                request.abortWith(
                        Response.fromResponse(refusal).header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").build());
            }
        });
    }

    private static boolean matches(@org.jspecify.annotations.Nullable String header, String token) {
        return header != null && header.startsWith(SCHEME)
                && MessageDigest.isEqual(header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
    }
}
