package io.turnstream.testsupport;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaIgnoreFailure;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSource;
import io.turnstream.channels.Channels;
import io.turnstream.channels.DeadLetterFailures;
import io.turnstream.channels.UnfinishedCommits;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.worker.RequestCommits;
import io.turnstream.worker.Workers;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.util.TypeLiteral;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.eclipse.microprofile.reactive.messaging.Message;

/// An incoming channel in a test's JVM, without Quarkus: the connector itself, configured as the service's own file
/// says, with each message on a virtual thread of its own.
public final class ConnectedChannel implements AutoCloseable {

    private static final String FILE = "META-INF/microprofile-config.properties";

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final KafkaSource<String, byte[]> source;
    private final Cancellable stream;

    private ConnectedChannel(
            KafkaConnection connection, Parts parts, String channel, int concurrency, Map<String, String> settings,
            Function<Message<byte[]>, CompletionStage<Void>> taker) {
        Map<String, String> all = configured(channel);
        all.put("channel-name", channel);
        all.put("bootstrap.servers", connection.bootstrapServers());
        all.put("max.poll.records", Integer.toString(Math.min(500, concurrency)));
        all.putAll(settings);
        KafkaConnectorIncomingConfiguration configuration = new KafkaConnectorIncomingConfiguration(
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(all, "channel", 100))
                        .addDefaultInterceptors().build());
        source = new KafkaSource<>(vertx, all.get("group.id"), configuration, new Found<>(),
                new Found<>(parts.commits()),
                new Found<>(new DeadLetterFailures.Factory(parts.channels()), new KafkaIgnoreFailure.Factory()),
                new Found<>(), new Untold(), new Found<>(), new Found<>(), -1);
        Multi<? extends Message<byte[]>> messages = source.getStream();
        stream = messages.onItem()
                .transformToUni(message -> Uni.createFrom().completionStage(() -> taker.apply(message))
                        .runSubscriptionOn(threads))
                .merge(concurrency).subscribe().with(done -> {});
    }

    /// What the connector is given.
    ///
    /// @param commits one of them has the name that the channel's file says
    public record Parts(Channels channels, List<KafkaCommitHandler.Factory> commits) {

        /// What a worker's channel needs.
        public static Parts of(Channels channels, Workers workers) {
            return new Parts(channels, List.of(new RequestCommits.Factory(workers)));
        }

        /// What a channel needs whose records are handled one after the other.
        public static Parts of(Channels channels) {
            return new Parts(channels, List.of(new UnfinishedCommits.Factory()));
        }
    }

    /// Subscribes to a channel's topic.
    ///
    /// @param concurrency most messages taken and not finished
    /// @param settings of the channel, besides those of its file
    /// @param taker what the service does with a message
    public static ConnectedChannel open(
            KafkaConnection connection, Parts parts, String channel, int concurrency, Map<String, String> settings,
            Function<Message<byte[]>, CompletionStage<Void>> taker) {
        return new ConnectedChannel(connection, parts, channel, concurrency, settings, taker);
    }

    private static Map<String, String> configured(String channel) {
        Properties properties = new Properties();
        try {
            for (URL file : Collections.list(ConnectedChannel.class.getClassLoader().getResources(FILE))) {
                try (InputStream in = file.openStream()) {
                    properties.load(in);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new HashMap<>();
        for (String prefix : List.of("mp.messaging.connector." + KafkaConnector.CONNECTOR_NAME + '.',
                "mp.messaging.incoming." + channel + '.')) {
            properties.stringPropertyNames().stream().filter(name -> name.startsWith(prefix))
                    .forEach(name -> settings.put(name.substring(prefix.length()), properties.getProperty(name)));
        }
        settings.remove("enabled");
        if (!settings.containsKey("group.id")) {
            throw new IllegalArgumentException("no " + FILE + " configures the channel " + channel);
        }
        return settings;
    }

    @Override
    public void close() {
        source.closeQuietly();
        stream.cancel();
        vertx.closeAndAwait();
        threads.shutdownNow();
    }

    /// Nobody hears of clients.
    static final class Untold extends KafkaCDIEvents {

        @Override
        @SuppressWarnings("unchecked")
        public Event<Consumer<?, ?>> consumer() {
            return (Event<Consumer<?, ?>>) nobody();
        }

        @Override
        @SuppressWarnings("unchecked")
        public Event<Producer<?, ?>> producer() {
            return (Event<Producer<?, ?>>) nobody();
        }

        private static Event<?> nobody() {
            return (Event<?>) Proxy.newProxyInstance(Untold.class.getClassLoader(), new Class<?>[] {Event.class},
                    (proxy, method, arguments) -> null);
        }
    }

    /// What injection would find: some beans, each under the identifier that its class carries.
    record Found<T>(List<T> beans) implements Instance<T> {

        @SafeVarargs
        Found(T... beans) {
            this(List.of(beans));
        }

        @Override
        public Instance<T> select(Annotation... qualifiers) {
            return new Found<>(beans.stream().filter(bean -> List.of(qualifiers).stream()
                    .allMatch(wanted -> wanted.equals(bean.getClass().getAnnotation(Identifier.class)))).toList());
        }

        @Override
        public <U extends T> Instance<U> select(Class<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <U extends T> Instance<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isUnsatisfied() {
            return beans.isEmpty();
        }

        @Override
        public boolean isAmbiguous() {
            return beans.size() > 1;
        }

        @Override
        public T get() {
            return beans.getFirst();
        }

        @Override
        public Iterator<T> iterator() {
            return beans.iterator();
        }

        @Override
        public void destroy(T instance) {
            // nobody keeps them
        }

        @Override
        public Handle<T> getHandle() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Iterable<? extends Handle<T>> handles() {
            return List.of();
        }
    }
}
