package io.turnstream.providers.work;

/// Whether a call may begin.
public enum Permission {
    /// It may.
    GO,
    /// Its run is paused or halted: hand the request back.
    PAUSED,
    /// Its run was cancelled or has failed: nobody waits for an answer.
    DROPPED,
    /// Its partition belongs to another worker now, or this one is closing: leave the request to whoever owns it.
    REVOKED
}
