package io.turnstream.cluster;

import java.time.Duration;

/// One process of a deployment: started, killed and started again under the same name, on the same ports, with the same
/// folder.
public interface Part {

    String name();

    /// Starts it and returns at once.
    void start();

    /// Whether it does its work.
    boolean isReady();

    /// Whether its process lives.
    boolean isAlive();

    /// Ends its process as the system does in want of memory: `kill -9`. Returns when it is gone.
    void kill9();

    /// Its process.
    ProcessHandle process();

    /// @throws AssertionError if it ends, or is not ready in time
    default void awaitReady(Duration patience) {
        Await.until(patience, () -> name() + " is ready", () -> {
            if (!isAlive()) {
                throw new AssertionError(
                        name() + " ended before it was ready: see " + Reactor.LOGS + "/" + name() + ".log");
            }
            return isReady();
        });
    }
}
