package io.turnstream.audit;

/// Where a record stands in a log.
///
/// @param topic the topic's name
public record Place(String topic, int partition, long offset) {

    /// Such as `turnstream.dialogue-events[3]@1204`.
    @Override
    public String toString() {
        return topic + '[' + partition + "]@" + offset;
    }
}
