package io.turnstream.audit;

import io.turnstream.events.Topics;

/// An accepted event, as a leaf of a Merkle tree.
///
/// @param digest the event's digest (hex)
/// @param sequence its number within the dialogue
/// @param what `plan`, or the step: `r1`, `mcq-0`, `judge`
record Leaf(String digest, int sequence, String what, int partition, long offset) {

    Place place() {
        return new Place(Topics.DIALOGUE_EVENTS.topicName(), partition, offset);
    }
}
