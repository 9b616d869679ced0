package io.turnstream.metrics.sink;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.turnstream.events.Topics;
import io.turnstream.projection.store.ProjectionGeneration;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/// The channels that sinks write from.
///
/// Those of the generation that a process starts with are declared here, and configured by `mp.messaging`. A
/// generation that is made while the process runs has its own from the connector, with the same settings under other
/// names.
@ApplicationScoped
public class SinkChannels {

    /// What became of runs.
    public static final String RUNS = "projection-runs";

    /// What was accepted of dialogues.
    public static final String DIALOGUES = "projection-dialogues";

    /// Score rows of one generation.
    public static final String SCORE_ROWS = "projection-score-rows";

    /// Score cells of one generation.
    public static final String SCORE_CELLS = "projection-score-cells";

    private static final Set<String> ALL = Set.of(RUNS, DIALOGUES, SCORE_ROWS, SCORE_CELLS);
    private static final String PREFIX = "mp.messaging.incoming.";
    private static final String OF_ALL = "mp.messaging.connector." + KafkaConnector.CONNECTOR_NAME + '.';

    private final InboundConnector connector;
    private final Config config;
    private final Map<String, SinkChannel> byName = new ConcurrentHashMap<>();
    /// Channels that are connected for their first sink.
    private final Set<String> declared = ConcurrentHashMap.newKeySet();

    /// @param config has the settings of every channel
    @Inject
    public SinkChannels(@Connector(KafkaConnector.CONNECTOR_NAME) InboundConnector connector, Config config) {
        this.connector = connector;
        this.config = config;
    }

    /// All of them.
    public static Set<String> names() {
        return ALL;
    }

    @Incoming(RUNS)
    Flow.Subscriber<Message<List<byte[]>>> runs() {
        return declare(RUNS);
    }

    @Incoming(DIALOGUES)
    Flow.Subscriber<Message<List<byte[]>>> dialogues() {
        return declare(DIALOGUES);
    }

    @Incoming(SCORE_ROWS)
    Flow.Subscriber<Message<List<byte[]>>> scoreRows() {
        return declare(SCORE_ROWS);
    }

    @Incoming(SCORE_CELLS)
    Flow.Subscriber<Message<List<byte[]>>> scoreCells() {
        return declare(SCORE_CELLS);
    }

    private SinkChannel declare(String channel) {
        declared.add(channel);
        return of(channel);
    }

    /// Sets the declared channels up for a generation of the projection. Asked for before channels start.
    ///
    /// @param name of the generation's sinks, see [ProjectionSinks#group(String, String)]
    public void prepare(String name, ProjectionGeneration generation) {
        Map.of(RUNS, Topics.RUNS.topicName(),
                DIALOGUES, Topics.DIALOGUE_EVENTS.topicName(),
                SCORE_ROWS, generation.named(Topics.SCORE_ROWS.topicName()),
                SCORE_CELLS, generation.named(Topics.SCORE_CELLS.topicName()))
                .forEach((channel, topic) -> {
                    System.setProperty(PREFIX + channel + ".topic", topic);
                    System.setProperty(PREFIX + channel + ".group.id", ProjectionSinks.group(name, topic));
                });
    }

    SinkChannel of(String channel) {
        return byName.computeIfAbsent(channel, SinkChannel::new);
    }

    /// Lets a sink write from a channel: from the declared one where that was made for it, else from one of its own.
    @SuppressWarnings("unchecked")
    SinkChannel connect(String channel, ProjectionSink sink) {
        if (isFor(channel, sink) && declared.remove(channel)) {
            SinkChannel first = of(channel);
            first.open(sink);
            return first;
        }
        SinkChannel own = new SinkChannel(channel + '-' + sink.group());
        byName.put(own.toString(), own);
        ((Flow.Publisher<Message<List<byte[]>>>) connector.getPublisher(settings(channel, own, sink))).subscribe(own);
        own.open(sink);
        return own;
    }

    private boolean isFor(String channel, ProjectionSink sink) {
        return config.getOptionalValue(PREFIX + channel + ".enabled", Boolean.class).orElse(true)
                && config.getOptionalValue(PREFIX + channel + ".group.id", String.class)
                        .filter(sink.group()::equals).isPresent();
    }

    private Config settings(String channel, SinkChannel own, ProjectionSink sink) {
        Map<String, String> settings = new HashMap<>();
        for (String prefix : List.of(OF_ALL, PREFIX + channel + '.')) {
            for (String name : config.getPropertyNames()) {
                if (name.startsWith(prefix)) {
                    config.getOptionalValue(name, String.class)
                            .ifPresent(value -> settings.put(name.substring(prefix.length()), value));
                }
            }
        }
        sink.connection().common().forEach((name, value) -> settings.put(name, String.valueOf(value)));
        settings.put("channel-name", own.toString());
        settings.put("topic", sink.topic());
        settings.put("group.id", sink.group());
        // the connector would report it as down once it is closed
        settings.put("health-enabled", "false");
        return new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(settings, own.toString(), 100))
                .addDefaultInterceptors().build();
    }

    /// Forgets a channel that is closed.
    void forget(SinkChannel closed) {
        byName.remove(closed.toString(), closed);
    }
}
