package io.turnstream.dispatch;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/// A store's records in Avro's single-object encoding, which names the schema it was written with.
final class StateSerde {

    private StateSerde() {}

    static <T extends SpecificRecord> Serde<T> of(Schema schema) {
        BinaryMessageEncoder<T> encoder = new BinaryMessageEncoder<>(SpecificData.get(), schema);
        BinaryMessageDecoder<T> decoder = new BinaryMessageDecoder<>(SpecificData.get(), schema);
        return Serdes.serdeFrom(
                (topic, state) -> {
                    if (state == null) {
                        return null;
                    }
                    try {
                        ByteBuffer buffer = encoder.encode(state);
                        byte[] bytes = new byte[buffer.remaining()];
                        buffer.get(bytes);
                        return bytes;
                    } catch (IOException e) {
                        throw new SerializationException("cannot write " + schema.getFullName(), e);
                    }
                },
                (topic, bytes) -> {
                    try {
                        return bytes == null ? null : decoder.decode(bytes);
                    } catch (IOException e) {
                        throw new SerializationException("cannot read " + schema.getFullName(), e);
                    }
                });
    }
}
