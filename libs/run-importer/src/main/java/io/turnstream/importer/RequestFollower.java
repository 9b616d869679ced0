package io.turnstream.importer;

import io.turnstream.events.EventTypes;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.LogFollower;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.work.RequestDesk;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/// Answers the requests of one import, from the present end of the log on. It shares its work with nobody and commits
/// nothing: an import that is interrupted is not gone on with.
final class RequestFollower implements LogFollower.Listener, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RequestFollower.class);
    private static final int MOST_UNDER_WAY = 2_048;

    private final EventSerde serde;
    private final RequestDesk desk;
    /// Where the log ended as it was made, and not when that is first read.
    private final Map<TopicPartition, Long> ends;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    private final LogFollower follower;
    private volatile boolean closing;
    private volatile boolean failed;

    private RequestFollower(Topics requests, ServiceKafka kafka, RequestDesk desk) {
        this.serde = kafka.serde();
        this.desk = desk;
        try (LogReader<String> log = LogReader.of(kafka.connection().as("import"))) {
            this.ends = log.ends(log.partitions(requests));
        }
        this.follower = LogFollower.start("import-" + requests.topicName(), kafka.connection(), this);
    }

    /// Starts to answer what comes from now on.
    ///
    /// @param desk closed with it
    static RequestFollower fromEndOf(Topics requests, ServiceKafka kafka, RequestDesk desk) {
        return new RequestFollower(requests, kafka, desk);
    }

    /// False once it has stopped because of a failure.
    boolean isAlive() {
        return !failed && follower.isAlive();
    }

    @Override
    public Map<TopicPartition, Long> begin(LogReader<String> log) {
        return ends;
    }

    @Override
    public void take(ConsumerRecord<String, byte[]> record) {
        if (EventHeaders.isImported(record.headers())) {
            return;
        }
        room.acquireUninterruptibly();
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
            LOG.debugf("%s[%d]@%d is no request of this import: %s", record.topic(), record.partition(),
                    record.offset(), e.getMessage());
            return;
        }
        if (EventTypes.requestIdOf(request) != null) {
            desk.handle(request, new RequestDesk.Delivery(record.headers(), () -> closing, answer -> {}));
        }
    }

    @Override
    public void close() {
        closing = true;
        follower.close();
        threads.shutdownNow();
        desk.close();
    }
}
