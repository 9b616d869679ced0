package io.turnstream.providers;

/// Asks a model once.
@FunctionalInterface
public interface ModelClient {

    /// One attempt: at most one request goes out. Blocks its (virtual) thread until the answer, the failure or the
    /// call's timeout.
    ///
    /// @throws InterruptedException     if the thread was interrupted; the connection is given up
    /// @throws UnknownProviderException if the call's provider is not configured
    /// @throws InvalidProviderException if it is, but lacks its key
    ModelReply call(ModelCall call) throws InterruptedException;
}
