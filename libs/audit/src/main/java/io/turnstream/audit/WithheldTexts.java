package io.turnstream.audit;

import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/// Events without their prompt and answer texts.
public final class WithheldTexts {

    private WithheldTexts() {}

    /// A copy in which every text and its salt are withheld. Commitments stay, and so does the event's digest.
    public static GenericRecord in(GenericRecord written) {
        GenericRecord copy = GenericData.get().deepCopy(written.getSchema(), written);
        CommittedTexts.withhold(copy);
        return copy;
    }
}
