package io.turnstream.providers;

import java.util.Collection;
import java.util.TreeSet;

/// A model was named at a provider that is not configured.
public final class UnknownProviderException extends IllegalArgumentException {

    UnknownProviderException(String provider, Collection<String> known) {
        super("There is no provider '" + provider + "'; known are " + String.join(", ", new TreeSet<>(known)));
    }
}
