package io.turnstream.providers;

import io.turnstream.events.AnswerBounds;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.ModelReply.Oversized;
import io.turnstream.providers.ModelReply.Refused;
import io.turnstream.providers.ModelReply.Served;
import io.turnstream.providers.http.Connections;
import io.turnstream.providers.http.ImageBodies;
import io.turnstream.providers.openai.OpenAiModelClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

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
        return withoutKeys(bounded(clients.computeIfAbsent(call.model().provider(), this::client).call(call)));
    }

    /// Whichever adapter it comes from, a text that is too long is not recorded.
    private static ModelReply bounded(ModelReply reply) {
        return switch (reply) {
            case Answered(String text, Served served) when AnswerBounds.exceeds(text) -> new Oversized(served);
            case Refused refused when AnswerBounds.exceeds(refused.text()) ->
                new Refused(refused.kind(), "", refused.served(), refused.providerMessage());
            case Answered _,Refused _,Oversized _,ModelReply.Failed _ -> reply;
        };
    }

    /// A server can send back whatever it was sent, as an answer, too; what a model says is kept for good, and keys
    /// must not be.
    private ModelReply withoutKeys(ModelReply reply) {
        return switch (reply) {
            case Answered answered ->
                new Answered(redactor.withoutKeys(answered.text()), withoutKeys(answered.served()));
            case Refused refused ->
                new Refused(refused.kind(), redactor.withoutKeys(refused.text()), withoutKeys(refused.served()),
                        refused.providerMessage());
            case Oversized oversized -> new Oversized(withoutKeys(oversized.served()));
            case Failed failed -> failed.ending(withoutKeys(failed.finishReason()));
        };
    }

    private Served withoutKeys(Served served) {
        return new Served(withoutKeys(served.model()), withoutKeys(served.systemFingerprint()),
                withoutKeys(served.finishReason()), served.usage(),
                served.effective(), served.adaptations(), withoutKeys(served.reasoning()));
    }

    private @Nullable String withoutKeys(@Nullable String text) {
        return text == null ? null : redactor.withoutKeys(text);
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
