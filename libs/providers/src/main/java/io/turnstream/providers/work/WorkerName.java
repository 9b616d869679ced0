package io.turnstream.providers.work;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/// Which process answered, as in an answer's `worker`.
///
/// @param text `host/pid/8 hex digits`, the last so that a container's host and pid 1 do not stand for all its lives
public record WorkerName(String text) {

    public WorkerName {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a worker needs a name");
        }
    }

    /// A name for this process; another at each call.
    public static WorkerName ofThisProcess() {
        return new WorkerName(
                host() + '/' + ProcessHandle.current().pid() + '/' + UUID.randomUUID().toString().substring(0, 8));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
