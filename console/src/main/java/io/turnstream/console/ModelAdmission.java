package io.turnstream.console;

import java.util.Collection;
import java.util.TreeSet;

/// Which providers' models may be asked for on this platform.
@FunctionalInterface
public interface ModelAdmission {

    /// @param where the field or flag that names the provider
    /// @throws UnacceptableRunException if its models may not be asked for
    void require(String provider, String where);

    /// Admits the providers of a list only.
    static ModelAdmission allowing(Collection<String> providers) {
        TreeSet<String> allowed = new TreeSet<>(providers);
        return (provider, where) -> {
            if (!allowed.contains(provider)) {
                throw new UnacceptableRunException("provider '" + provider + "' is not allowed on this platform", where,
                        allowed.isEmpty()
                                ? "None is: its operator names them in TURNSTREAM_PROVIDERS."
                                : "Allowed: " + String.join(", ", allowed) + ".");
            }
        };
    }
}
