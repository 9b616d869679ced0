package io.turnstream.providers.prices;

/// A price file cannot be used; the message names the file, the entry and what is expected.
public final class InvalidPricesException extends IllegalArgumentException {

    InvalidPricesException(String message) {
        super(message);
    }
}
