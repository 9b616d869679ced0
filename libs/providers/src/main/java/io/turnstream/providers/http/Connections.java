package io.turnstream.providers.http;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The connections of one process to all its providers: HTTP/1.1, kept alive, as many as there are calls in flight.
/// Redirects are not followed, since a key belongs to one URL.
public final class Connections implements AutoCloseable {

    private final ExecutorService executor;
    private final HttpClient client;

    private Connections(ExecutorService executor, Duration connectTimeout) {
        this.executor = executor;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .executor(executor)
                .build();
    }

    /// @param connectTimeout longest time until a connection stands
    public static Connections open(Duration connectTimeout) {
        return new Connections(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("model-http-", 0).factory()),
                connectTimeout);
    }

    HttpClient client() {
        return client;
    }

    /// Gives up what is in flight.
    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdownNow();
    }
}
