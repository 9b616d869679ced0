package io.turnstream.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/// Ports on the loopback interface, the only one that embedded parts listen on.
final class Loopback {

    static final String HOST = "127.0.0.1";

    private Loopback() {
    }

    /// A port that was free a moment ago.
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws CannotStartException if something listens on the port already
    static void requireFree(int port, String part) {
        if (port < 1 || port > 65_535) {
            throw new CannotStartException("No such port for " + part, String.valueOf(port),
                    "Choose a port from 1 to 65535.");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(HOST, port));
        } catch (IOException e) {
            throw new CannotStartException("The port for " + part + " is in use", HOST + ":" + port,
                    "Stop the program that listens there or choose another port.", e);
        }
    }

    static boolean isPortConflict(@Nullable Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    static CannotStartException portConflict(String part, Throwable cause) {
        return new CannotStartException("The port for " + part + " is in use", EmbeddedKafka.reason(cause),
                "Stop the program that listens there or choose another port.", cause);
    }
}
