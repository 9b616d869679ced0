package io.turnstream.providers.http;

import io.turnstream.providers.FailureCause;

/// There was no usable response: no connection, no time left, or a body that was cut or too large.
public final class ExchangeException extends RuntimeException {

    private final FailureCause failureCause;

    ExchangeException(FailureCause failureCause, String message) {
        super(message, null, false, false);
        this.failureCause = failureCause;
    }

    public FailureCause failureCause() {
        return failureCause;
    }

    /// The waiting thread was interrupted; stands in for [InterruptedException] while a library is in between.
    public static final class Interrupted extends RuntimeException {
        Interrupted() {
            super("interrupted", null, false, false);
        }
    }
}
