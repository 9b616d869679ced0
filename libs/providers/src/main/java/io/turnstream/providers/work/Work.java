package io.turnstream.providers.work;

import io.turnstream.events.RecordedProvider;
import org.apache.avro.specific.SpecificRecord;

/// What a kind of worker does with a request: what to ask, and what to make of the reply.
public interface Work {

    /// Whether this kind of worker answers such a request. Of one that it leaves alone it says nothing; what was
    /// recorded is answered by whoever brought it in.
    default boolean isFor(WorkItem item) {
        return !RecordedProvider.hasAnswered(item.target());
    }

    /// Works on a request to its end.
    Conclusion conclude(WorkSession session) throws InterruptedException;

    /// The answer to a request that could not be worked on at all.
    ///
    /// @param error one line, without secrets
    SpecificRecord failed(WorkSession session, String error);
}
