package io.turnstream.providers.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The server answered with something else than success. Carries what the client libraries drop.
public final class HttpStatusException extends RuntimeException {

    private final int status;
    private final transient @Nullable Duration retryAfter;
    private final transient byte[] body;

    HttpStatusException(int status, @Nullable Duration retryAfter, byte[] body) {
        super("HTTP " + status, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
        this.body = body;
    }

    public int status() {
        return status;
    }

    /// What the server asks for in `Retry-After` or `retry-after-ms`.
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /// The error's body, unread; it can quote prompts and keys.
    public byte[] body() {
        return body;
    }
}
