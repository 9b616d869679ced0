package io.turnstream.providers;

import io.turnstream.providers.http.Connections;
import io.turnstream.providers.http.ImageBodies;
import io.turnstream.providers.openai.OpenAiModelClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Sends each call to the adapter of its provider. One per process: it owns the connections and the cache of images.
public final class ModelClients implements ModelClient, AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Providers providers;
    private final ImageBodies images;
    private final Redactor redactor;
    private final Connections connections;
    private final Map<String, ModelClient> clients = new ConcurrentHashMap<>();

    private ModelClients(Providers providers, ImageBodies images, Connections connections) {
        this.providers = providers;
        this.images = images;
        this.redactor = providers.redactor();
        this.connections = connections;
    }

    /// @param images where the images of calls come from
    public static ModelClients open(Providers providers, ImageSource images) {
        return open(providers, images, ImageBodies.DEFAULT_BYTES);
    }

    /// @param imageCacheBytes most bytes of encoded images to keep
    public static ModelClients open(Providers providers, ImageSource images, long imageCacheBytes) {
        return new ModelClients(providers, new ImageBodies(images, imageCacheBytes), Connections.open(CONNECT_TIMEOUT));
    }

    @Override
    public ModelReply call(ModelCall call) throws InterruptedException {
        return clients.computeIfAbsent(call.model().provider(), this::client).call(call);
    }

    private ModelClient client(String provider) {
        ProviderSettings settings = providers.named(provider);
        return switch (settings.api()) {
            case OPENAI -> new OpenAiModelClient(settings, connections, images, redactor);
        };
    }

    /// Gives up the calls in flight.
    @Override
    public void close() {
        connections.close();
    }
}
