package io.turnstream.dispatch;

import io.turnstream.events.Topics;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;

/// One record of a log that a test may tamper with.
record Recorded(Topics topic, String key, SpecificRecord event, long timestampMillis, Headers headers) {

    Recorded with(SpecificRecord other) {
        return new Recorded(topic, key, other, timestampMillis, headers);
    }

    @Override
    public String toString() {
        return topic.topicName() + ' ' + event.getSchema().getName() + ' ' + key;
    }
}
