package io.turnstream.providers.work;

import java.util.function.Supplier;

/// Reaches models, with the limits, retries and circuits that belong to each.
public interface ModelCaller {

    /// Calls a model and waits for what comes of it.
    ///
    /// @param permission asked just before each attempt, and now and then while the call waits for its turn; anything but
    ///        [Permission#GO] ends it, an attempt that is under way excepted
    Response call(Prompt prompt, Supplier<Permission> permission) throws InterruptedException;
}
