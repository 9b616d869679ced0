package io.turnstream.console;

import org.jspecify.annotations.Nullable;

/// The platform cannot be reached, or does not let the caller in. The message says what to do.
public final class PlatformUnreachableException extends RuntimeException {

    public PlatformUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
