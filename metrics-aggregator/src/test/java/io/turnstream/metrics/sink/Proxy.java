package io.turnstream.metrics.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A way to a document store that can be cut, muted, and laid to another one.
final class Proxy implements AutoCloseable {

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable URI target;
    private volatile boolean mute;

    Proxy(String target) {
        this.target = URI.create(target);
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    String connectionString() {
        return "mongodb://127.0.0.1:" + server.getLocalPort();
    }

    void cut() {
        target = null;
        open.forEach(Proxy::shut);
    }

    /// From now on nothing that is sent arrives, and every connection stays open; new ones, too.
    void mute() {
        mute = true;
    }

    void unmute() {
        mute = false;
    }

    void leadTo(String connectionString) {
        target = URI.create(connectionString);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void connect(Socket near) {
        URI uri = target;
        try {
            if (uri == null) {
                near.close();
                return;
            }
            Socket far = new Socket(uri.getHost(), uri.getPort());
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            open.add(near);
            open.add(far);
            Thread.ofVirtual().start(() -> copy(near, far));
            Thread.ofVirtual().start(() -> copy(far, near));
        } catch (IOException e) {
            // nobody answers there: an open connection would be one that is silent
            shut(near);
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            byte[] bytes = new byte[1 << 14];
            for (int read = from.getInputStream().read(bytes); read >= 0; read = from.getInputStream().read(bytes)) {
                if (!mute) {
                    to.getOutputStream().write(bytes, 0, read);
                }
            }
        } catch (IOException e) {
            // cut
        } finally {
            shut(from);
            shut(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
