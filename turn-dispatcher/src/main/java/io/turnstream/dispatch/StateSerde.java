package io.turnstream.dispatch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/// A store's records in Avro's single-object encoding, which names the schema it was written with. What an earlier
/// version of the program has written is read by the schema of that time: `stores/RECORD/N.avsc` holds each that ever
/// was, the last being today's.
final class StateSerde {

    private StateSerde() {}

    static <T extends SpecificRecord> Serde<T> of(Schema schema) {
        BinaryMessageEncoder<T> encoder = new BinaryMessageEncoder<>(SpecificData.get(), schema);
        BinaryMessageDecoder<T> decoder = new BinaryMessageDecoder<>(SpecificData.get(), schema);
        history(schema).forEach(decoder::addSchema);
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

    /// The schemas that records of this kind were written with, the first first.
    static List<Schema> history(Schema schema) {
        List<Schema> versions = new ArrayList<>();
        while (true) {
            try (InputStream frozen = StateSerde.class
                    .getResourceAsStream("stores/" + schema.getName() + "/" + (versions.size() + 1) + ".avsc")) {
                if (frozen == null) {
                    return versions;
                }
                versions.add(new Schema.Parser().parse(frozen));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the former schemas of " + schema.getFullName(), e);
            }
        }
    }
}
