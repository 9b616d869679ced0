package io.turnstream.providers;

/// A provider's configuration cannot be used. The message names the setting, and never contains a secret.
public final class InvalidProviderException extends IllegalArgumentException {

    InvalidProviderException(String message) {
        super(message);
    }
}
