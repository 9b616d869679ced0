package io.turnstream.providers.work;

/// Reaches models, with the limits, retries and circuits that belong to each.
public interface ModelCaller {

    /// Calls a model and waits for what comes of it.
    ///
    /// @param watch asked just before each attempt, and now and then while the call waits for its turn; anything but
    ///        [Permission#GO] ends it, an attempt that is under way excepted. Told of attempts that fail while nobody
    ///        is served
    Response call(Prompt prompt, CallWatch watch) throws InterruptedException;
}
