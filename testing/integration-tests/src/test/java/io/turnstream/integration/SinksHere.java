package io.turnstream.integration;

import io.turnstream.metrics.sink.SinkChannels;
import io.turnstream.metrics.sink.SinkPositions;
import io.turnstream.testsupport.TestConnector;
import org.eclipse.microprofile.config.ConfigProvider;

/// What sinks in this JVM write from, as Quarkus would connect it.
public final class SinksHere implements AutoCloseable {

    private final TestConnector connector = new TestConnector();
    private final SinkChannels channels = new SinkChannels(connector, ConfigProvider.getConfig());

    public SinksHere() {
        connector.commitBy(new SinkPositions.Factory(channels));
    }

    public SinkChannels channels() {
        return channels;
    }

    @Override
    public void close() {
        connector.close();
    }
}
