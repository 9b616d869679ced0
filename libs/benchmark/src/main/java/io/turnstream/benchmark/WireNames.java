package io.turnstream.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The rule that all names of the vocabulary follow: the constant in lower case.
final class WireNames {

    private WireNames() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// The constant with that name, exactly as written on the wire.
    static <E extends Enum<E>> E parse(Class<E> type, String what, String name) {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("Unknown %s '%s': expected one of %s".formatted(what, name,
                Arrays.stream(type.getEnumConstants()).map(WireNames::of).collect(Collectors.joining(", "))));
    }
}
