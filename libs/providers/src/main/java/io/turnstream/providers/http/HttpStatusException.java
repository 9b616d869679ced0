package io.turnstream.providers.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The server answered with something else than success. Carries what the client libraries drop.
public final class HttpStatusException extends RuntimeException {

    private final int status;
    private final transient @Nullable Duration retryAfter;
    private final transient byte[] body;
    private final @Nullable String location;

    HttpStatusException(int status, @Nullable Duration retryAfter, byte[] body, @Nullable String location) {
        super("HTTP " + status, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
        this.body = body;
        this.location = location;
    }

    public int status() {
        return status;
    }

    /// What the server asks for in `Retry-After` or `retry-after-ms`.
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /// Where a redirect leads, in the server's words; null where it is none.
    public @Nullable String location() {
        return location;
    }

    /// The host and port that a redirect leads to; null where that cannot be told.
    public @Nullable String locationHost() {
        if (location == null) {
            return null;
        }
        try {
            URI uri = new URI(location);
            return uri.getHost() == null ? null : uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /// The error's body, unread; it can quote prompts and keys.
    public byte[] body() {
        return body;
    }
}
