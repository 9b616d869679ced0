package io.turnstream.messaging;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;

/// One request, handed to a worker.
public final class Delivery {

    private final SpecificRecord request;
    private final Headers headers;
    private final Lane lane;

    Delivery(SpecificRecord request, Headers headers, Lane lane) {
        this.request = request;
        this.headers = headers;
        this.lane = lane;
    }

    /// The request, an `AskModel` or `AskJudge`.
    public SpecificRecord request() {
        return request;
    }

    /// Its record's headers, to go on with its trace.
    public Headers headers() {
        return headers;
    }

    /// Whether its partition now belongs to another worker, or this one is closing: a call that has not begun must not begin.
    public boolean isRevoked() {
        return lane.isRevoked();
    }
}
