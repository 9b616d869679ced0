package io.turnstream.importer;

import io.turnstream.contracts.EventTypes;
import io.turnstream.contracts.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.work.RequestDesk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/// Answers the requests of one import, from the present end of the log on. It shares its work with nobody and commits nothing: an import that
/// is interrupted is not gone on with.
final class RequestFollower implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RequestFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_UNDER_WAY = 2_048;

    private final EventSerde serde;
    private final RequestDesk desk;
    private final KafkaConsumer<String, byte[]> consumer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean failed;

    private RequestFollower(Topics requests, ServiceKafka kafka, RequestDesk desk) {
        this.serde = kafka.serde();
        this.desk = desk;
        Map<String, Object> properties = kafka.connection().as("import").consumer();
        // Closing waits for the fetch that is under way.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        this.consumer = new KafkaConsumer<>(properties);
        List<TopicPartition> partitions = consumer.partitionsFor(requests.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // where the end is now, and not when it is first read
        partitions.forEach(consumer::position);
        this.thread = Thread.ofPlatform().name("import-" + requests.topicName()).daemon().start(this::follow);
    }

    /// Starts to answer what comes from now on.
    ///
    /// @param desk closed with it
    static RequestFollower fromEndOf(Topics requests, ServiceKafka kafka, RequestDesk desk) {
        return new RequestFollower(requests, kafka, desk);
    }

    /// False once it has stopped because of a failure.
    boolean isAlive() {
        return !failed;
    }

    private void follow() {
        try (consumer) {
            while (!closing) {
                try {
                    for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                        take(record);
                    }
                } catch (RetriableException e) {
                    LOG.debugf("requests of an import: %s", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            failed = true;
            LOG.error("the requests of an import cannot be read any more", e);
            rethrowIfFatal(e);
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        if (EventHeaders.isImported(record.headers())) {
            return;
        }
        room.acquire();
        threads.execute(() -> {
            try {
                answer(record);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) {
                failed = true;
                LOG.errorf(e, "%s[%d]@%d could not be answered", record.topic(), record.partition(), record.offset());
                rethrowIfFatal(e);
            } finally {
                room.release();
            }
        });
    }

    /// What ails the whole process is for its own handler of such errors, too.
    private static void rethrowIfFatal(Throwable e) {
        if (e instanceof Error fatal && (e instanceof OutOfMemoryError || e instanceof LinkageError)) {
            throw fatal;
        }
    }

    private void answer(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        SpecificRecord request;
        try {
            request = serde.fromBytes(record.value());
        } catch (RuntimeException e) {
            LOG.debugf("%s[%d]@%d is no request of this import: %s", record.topic(), record.partition(), record.offset(), e.getMessage());
            return;
        }
        if (EventTypes.requestIdOf(request) != null) {
            desk.handle(request, new RequestDesk.Delivery(record.headers(), () -> closing, answer -> { }));
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(END_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        desk.close();
    }
}
