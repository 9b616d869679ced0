package io.turnstream.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Ports on the loopback interface, the only one that embedded parts listen on.
final class Loopback {

    static final String HOST = "127.0.0.1";
    private static final int LOWEST_PORT = 20_000;
    private static final int BEYOND_HIGHEST_PORT = 32_768;
    private static final int PORT_ATTEMPTS = 100;

    private Loopback() {}

    /// A port that was free a moment ago.
    ///
    /// It lies below the range from which systems take the local ports of outgoing connections (32768 and up on Linux),
    /// so that none of the platform's own hundreds of connections takes it before its part has started to listen.
    static int freePort() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, BEYOND_HIGHEST_PORT);
            if (bind(port) == null) {
                return port;
            }
        }
        throw new CannotStartException("No free port was found", HOST + ":" + LOWEST_PORT + "-" + BEYOND_HIGHEST_PORT,
                "Stop programs that listen there and try again.");
    }

    /// A free port other than one that is about to be used.
    static int freePortBut(int taken) {
        int port = freePort();
        while (port == taken) {
            port = freePort();
        }
        return port;
    }

    /// @throws CannotStartException if something listens on the port already
    static void requireFree(int port, String part) {
        if (port < 1 || port > 65_535) {
            throw new CannotStartException("No such port for " + part, String.valueOf(port),
                    "Choose a port from 1 to 65535.");
        }
        IOException conflict = bind(port);
        if (conflict != null) {
            throw new CannotStartException("The port for " + part + " is in use", HOST + ":" + port,
                    "Stop the program that listens there or choose another port.", conflict);
        }
    }

    /// Binds the port and lets go of it again; returns why that failed, or null.
    private static @Nullable IOException bind(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(HOST, port));
            return null;
        } catch (IOException e) {
            return e;
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
