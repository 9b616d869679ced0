package io.turnstream.messaging;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.Record;
import org.jboss.logging.Logger;

/// Owns a [KafkaStreams]: its configuration, start, stop and health. Two of them live side by side in one JVM.
public final class StreamsRunner implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StreamsRunner.class);

    /// How long a transaction of which nothing is heard holds up who reads behind it; who is started again on its state
    /// folder ends its own at once. Longer than a broker takes to come back: one that gave up transactions while their
    /// owners were going on with them was seen to hold a group's positions back until its next restart (Kafka 4.1.2).
    public static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    /// Most bytes of a store's record: a dialogue's state holds its whole history.
    private static final int MOST_STORE_BYTES = 2 * KafkaConnection.MOST_RECORD_BYTES;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final String DEAD_LETTERS = "turnstream.dead.letters";
    private static final String UNSENT = "turnstream.unsent";

    private final KafkaStreams streams;
    private final KafkaConnection connection;
    private final Settings settings;
    private final ReplacementPauses pauses = new ReplacementPauses(FIRST_PAUSE, LONGEST_PAUSE);

    /// How a topology runs.
    ///
    /// @param applicationId names its group, stores and internal topics
    /// @param stateDirectory where its stores live
    /// @param threads stream threads
    /// @param commitInterval how long accepted events stay invisible at most; each commit is a transaction
    /// @param cacheBytes how much of the stores is held back from their changelogs between commits
    public record Settings(String applicationId, Path stateDirectory, int threads, Duration commitInterval,
            long cacheBytes) {

        public Settings {
            if (threads < 1) {
                throw new IllegalArgumentException("stream threads must be 1 or more, not " + threads);
            }
            if (commitInterval.isNegative() || commitInterval.isZero()) {
                throw new IllegalArgumentException("the commit interval must be positive, not " + commitInterval);
            }
        }
    }

    /// What to do about an event that was too large to be sent, such as telling whoever waits for it. It can be told of
    /// the same event again.
    @FunctionalInterface
    public interface Unsent {

        /// @param why one line, without content
        void settle(String key, SpecificRecord event, String why);
    }

    /// @param deadLetters takes records that cannot be read
    public StreamsRunner(Topology topology, KafkaConnection connection, Settings settings, EventProducer deadLetters) {
        this(topology, connection, settings, deadLetters, (key, event, why) -> { /* the dead letter tells */ });
    }

    /// @param deadLetters takes records that cannot be read or handled
    /// @param unsent is told of events that are too large
    public StreamsRunner(Topology topology, KafkaConnection connection, Settings settings, EventProducer deadLetters,
            Unsent unsent) {
        this.connection = connection;
        this.settings = settings;
        this.streams = new KafkaStreams(topology, properties(connection, settings, deadLetters, unsent));
        streams.setUncaughtExceptionHandler(failure -> {
            Duration pause = pauses.next();
            LOG.errorf(failure, "%s: a stream thread failed and is replaced in %d s", settings.applicationId(),
                    pause.toSeconds());
            pauses.pause(pause);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    /// Starts the topology, once nothing that was left open by a killed process on this state folder is in its way.
    public void start() {
        AbandonedTransactions.end(connection, settings.applicationId(), settings.stateDirectory());
        streams.start();
    }

    /// Whether it is alive: false once it has failed or was stopped.
    public boolean isAlive() {
        KafkaStreams.State state = streams.state();
        return state != KafkaStreams.State.ERROR && state != KafkaStreams.State.PENDING_ERROR
                && state != KafkaStreams.State.NOT_RUNNING;
    }

    /// Whether it has its partitions and works.
    public boolean isReady() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /// The streams' own metrics, for a meter registry.
    public KafkaStreams streams() {
        return streams;
    }

    @Override
    public void close() {
        pauses.close();
        streams.close(Duration.ofSeconds(10));
    }

    private static Properties properties(KafkaConnection connection, Settings settings, EventProducer deadLetters,
            Unsent unsent) {
        Properties properties = new Properties();
        properties.putAll(connection.as(settings.applicationId()).common());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, settings.cacheBytes());
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedStores.class);
        properties.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, ToDeadLetters.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, UnhandledToDeadLetters.class);
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, TooLargeToDeadLetters.class);
        properties.put(DEAD_LETTERS, deadLetters);
        properties.put(UNSENT, unsent);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                (int) TRANSACTION_TIMEOUT.toMillis());
        // Nobody reads a record before its transaction ends, and the end flushes: waiting for it costs no time and
        // makes one request of many.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
                (int) settings.commitInterval().toMillis());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 8L * 1024 * 1024);
        // A transaction that begins while the markers of the last are still being written is turned away and tried
        // again.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 10);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        // events are bounded before (BoundedEvents); what is left are the stores' changelogs
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MOST_STORE_BYTES);
        properties.put(StreamsConfig.topicPrefix("max.message.bytes"), Integer.toString(MOST_STORE_BYTES));
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                KafkaConnection.SESSION_TIMEOUT_MILLIS);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                KafkaConnection.SESSION_TIMEOUT_MILLIS / 4);
        // Also how long a group waits for a member that was killed in the middle of joining; by default five minutes.
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 90_000);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), 64 * 1024);
        // What stands read and not processed: a log that is read from far behind must not fill the memory.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 4 * 1024 * 1024);
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 250);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
                (int) settings.commitInterval().dividedBy(4).toMillis());
        return properties;
    }

    /// Sends a record that cannot be read to the dead letters and goes on; a dead letter that cannot be written stops
    /// the thread, so that nothing is dropped.
    public static final class ToDeadLetters implements DeserializationExceptionHandler {

        private EventProducer deadLetters;

        @Override
        public void configure(Map<String, ?> configuration) {
            deadLetters = (EventProducer) configuration.get(DEAD_LETTERS);
        }

        @Override
        public DeserializationHandlerResponse handle(
                ErrorHandlerContext context,
                org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]> record,
                Exception failure) {
            LOG.warnf("%s[%d]@%d cannot be read and goes to the dead letters: %s", record.topic(), record.partition(),
                    record.offset(), failure.getMessage());
            deadLetters.sendDeadLetter(new DeadLetter(record.topic(), record.partition(), record.offset(), record.key(),
                    record.value(), record.headers(), String.valueOf(failure.getMessage())))
                    .join();
            return DeserializationHandlerResponse.CONTINUE;
        }
    }

    /// Lays a record aside that led to an event too large to be sent, tells whoever waits for that event, and goes on.
    public static final class TooLargeToDeadLetters implements ProductionExceptionHandler {

        private EventProducer deadLetters;
        private Unsent unsent;

        @Override
        public void configure(Map<String, ?> configuration) {
            deadLetters = (EventProducer) configuration.get(DEAD_LETTERS);
            unsent = (Unsent) configuration.get(UNSENT);
        }

        @Override
        public ProductionExceptionHandlerResponse handle(
                ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
            return ProductionExceptionHandlerResponse.FAIL;
        }

        @Override
        @SuppressWarnings("rawtypes")
        public ProductionExceptionHandlerResponse handleSerializationException(
                ErrorHandlerContext context, ProducerRecord record, Exception failure,
                SerializationExceptionOrigin origin) {
            if (!(failure instanceof BoundedEvents.TooLargeException)
                    || !(record.value() instanceof SpecificRecord event)) {
                return ProductionExceptionHandlerResponse.FAIL;
            }
            String key = String.valueOf(record.key());
            LOG.errorf("%s to %s is not sent, and what led to it goes to the dead letters: %s", key, record.topic(),
                    failure.getMessage());
            boolean known = context.topic() != null;
            deadLetters
                    .sendDeadLetter(
                            new DeadLetter(known ? context.topic() : record.topic(), known ? context.partition() : -1,
                                    known ? context.offset() : -1, key.getBytes(StandardCharsets.UTF_8),
                                    known ? context.sourceRawValue() : null,
                                    known ? context.headers() : record.headers(),
                                    "what follows from it is not sent: " + failure.getMessage()))
                    .join();
            unsent.settle(key, event, String.valueOf(failure.getMessage()));
            return ProductionExceptionHandlerResponse.CONTINUE;
        }
    }

    /// Sends a record that a processor fails at to the dead letters and goes on: it would fail each time. What Kafka or
    /// a store is to blame for is no fault of the record and stops the thread, which is replaced and begins the
    /// transaction anew.
    public static final class UnhandledToDeadLetters implements ProcessingExceptionHandler {

        private EventProducer deadLetters;

        @Override
        public void configure(Map<String, ?> configuration) {
            deadLetters = (EventProducer) configuration.get(DEAD_LETTERS);
        }

        @Override
        public ProcessingHandlerResponse handle(ErrorHandlerContext context, Record<?, ?> record, Exception failure) {
            if (failure instanceof KafkaException && !(failure instanceof SerializationException)
                    || context.topic() == null) {
                return ProcessingHandlerResponse.FAIL;
            }
            LOG.errorf(failure, "%s[%d]@%d cannot be handled at %s and goes to the dead letters", context.topic(),
                    context.partition(),
                    context.offset(), context.processorNodeId());
            deadLetters
                    .sendDeadLetter(new DeadLetter(context.topic(), context.partition(), context.offset(),
                            context.sourceRawKey(),
                            context.sourceRawValue(), context.headers(), context.processorNodeId() + ": " + failure))
                    .join();
            return ProcessingHandlerResponse.CONTINUE;
        }
    }
}
