package io.turnstream.messaging;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;

/// One request, handed to a worker.
public final class Delivery {

    private final SpecificRecord request;
    private final Headers headers;
    private final PartitionOffsets partition;

    Delivery(SpecificRecord request, Headers headers, PartitionOffsets partition) {
        this.request = request;
        this.headers = headers;
        this.partition = partition;
    }

    /// The request, an `AskModel` or `AskJudge`.
    public SpecificRecord request() {
        return request;
    }

    /// Its record's headers, to go on with its trace.
    public Headers headers() {
        return headers;
    }

    /// Its answer has been written. Requests and answers are partitioned alike; one that lies elsewhere tells nothing.
    public void answered(RecordMetadata answer) {
        if (answer.hasOffset() && answer.partition() == partition.partition().partition()) {
            partition.answeredAt(answer.offset());
        }
    }

    /// Whether its partition now belongs to another worker, or this one is closing: a call that has not begun must not begin.
    public boolean isRevoked() {
        return partition.isRevoked();
    }
}
