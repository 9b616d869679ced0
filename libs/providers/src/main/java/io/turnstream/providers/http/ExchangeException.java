package io.turnstream.providers.http;

import io.turnstream.providers.FailureCause;
import org.jspecify.annotations.Nullable;

/// There was no usable response: no connection, no time left, or a body that was cut or too large.
public final class ExchangeException extends RuntimeException {

    private final FailureCause failureCause;
    private final @Nullable String detail;

    ExchangeException(FailureCause failureCause, String message) {
        this(failureCause, message, null);
    }

    /// @param detail what there is to know besides; it can hold what the server sent
    ExchangeException(FailureCause failureCause, String message, @Nullable String detail) {
        super(message, null, false, false);
        this.failureCause = failureCause;
        this.detail = detail;
    }

    public FailureCause failureCause() {
        return failureCause;
    }

    /// What the network said, which can hold what the server sent; null where the message says it all.
    public @Nullable String detail() {
        return detail;
    }

    /// The answer was longer than is read. What it took is not known: that stands at the end.
    public static final class TooLarge extends RuntimeException {
        TooLarge(int limitBytes) {
            super("the answer is larger than " + limitBytes + " bytes", null, false, false);
        }
    }

    /// The waiting thread was interrupted; stands in for [InterruptedException] while a library is in between.
    public static final class Interrupted extends RuntimeException {
        Interrupted() {
            super("interrupted", null, false, false);
        }
    }
}
