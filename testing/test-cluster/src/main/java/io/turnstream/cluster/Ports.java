package io.turnstream.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Ports that parts keep over their restarts. They lie below the range of outgoing connections, so that none of these
/// takes the port of a part that is down, and JVMs that test beside each other have ports of their own.
public final class Ports {

    private static final int LOWEST = 20_000;
    private static final int BEYOND_HIGHEST = 32_768;
    private static final int FORKS = 4;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /// A port of loopback where nothing listens, given to nobody else by this JVM.
    public static int free() {
        while (true) {
            int port = FORKS * ThreadLocalRandom.current().nextInt(LOWEST / FORKS, BEYOND_HIGHEST / FORKS)
                    + Reactor.FORK % FORKS;
            if (GIVEN.add(port) && canBeBound(port)) {
                return port;
            }
        }
    }

    /// Whether something accepts connections there.
    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean canBeBound(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
