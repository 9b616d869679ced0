package io.turnstream.metrics.sink;

import io.turnstream.events.Topics;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.testsupport.TestConnector;
import org.eclipse.microprofile.config.ConfigProvider;

/// The sinks of a projection, connected as Quarkus would connect them.
final class SinksUnderTest implements AutoCloseable {

    private final TestConnector connector;
    private final ProjectionSinks sinks;

    private SinksUnderTest(TestConnector connector, ProjectionSinks sinks) {
        this.connector = connector;
        this.sinks = sinks;
    }

    static SinksUnderTest start(String name, ServiceKafka kafka, ProjectionDatabase database) {
        TestConnector connector = new TestConnector();
        ProjectionSinks sinks = new ProjectionSinks(channels(connector), name, Topics.SCORE_ROWS.topicName(),
                Topics.SCORE_CELLS.topicName(), kafka,
                database.database());
        sinks.start();
        return new SinksUnderTest(connector, sinks);
    }

    /// Channels that a connector opens.
    static SinkChannels channels(TestConnector connector) {
        SinkChannels channels = new SinkChannels(connector, ConfigProvider.getConfig());
        connector.commitBy(new SinkPositions.Factory(channels));
        return channels;
    }

    boolean isAlive() {
        return sinks.isAlive();
    }

    boolean isReady() {
        return sinks.isReady();
    }

    @Override
    public void close() {
        sinks.close();
        connector.close();
    }
}
