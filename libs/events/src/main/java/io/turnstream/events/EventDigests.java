package io.turnstream.events;

import io.turnstream.contracts.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Digests of events.
///
/// `digest = SHA-256( fingerprint || body )`, in lower-case hex, where
///
/// - `fingerprint` is the 32-byte SHA-256 of the Parsing Canonical Form of the schema the event was **written** with
///   (Avro specification, "Transforming into Parsing Canonical Form"), so that later schemas do not change the digests
///   of old events;
/// - `body` is the Avro binary encoding of the event (deterministic: no maps are used), in which every [Text] is
///   reduced to its `commitment` string, so that a text can be withheld and the digest still be recomputed.
///
/// Fixed vectors in `EventDigestsTest` hold these rules.
public final class EventDigests {

    private static final String TEXT = Text.getClassSchema().getFullName();
    private static final Map<Schema, byte[]> FINGERPRINTS = new ConcurrentHashMap<>();

    private EventDigests() {}

    /// Digest (hex) of an event with the generated class's own schema as writer schema.
    public static String of(SpecificRecord event) {
        return of((IndexedRecord) event);
    }

    /// Digest (hex) of an event, read generically with its writer schema.
    public static String of(IndexedRecord event) {
        MessageDigest sha256 = sha256();
        sha256.update(fingerprint(event.getSchema()));
        return HexFormat.of().formatHex(sha256.digest(canonicalBody(event)));
    }

    /// SHA-256 fingerprint of a schema's Parsing Canonical Form, 32 bytes.
    public static byte[] fingerprint(Schema schema) {
        return FINGERPRINTS.computeIfAbsent(schema, s -> {
            try {
                return SchemaNormalization.parsingFingerprint("SHA-256", s);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        })
                .clone();
    }

    /// SHA-256 of some bytes in lower-case hex.
    public static String sha256Hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /// SHA-256 of a string's UTF-8 bytes in lower-case hex.
    public static String sha256Hex(String text) {
        return sha256Hex(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A chain of digests with one more: SHA-256 (hex) over the chain and the next digest, both as hex text.
    ///
    /// @param chain null for none before
    public static String chained(@Nullable String chain, String digest) {
        return sha256Hex(chain == null ? digest : chain + digest);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static byte[] canonicalBody(IndexedRecord event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new CanonicalWriter(event.getSchema()).write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    /// Writes a [Text] as its commitment alone and everything else as Avro does.
    private static final class CanonicalWriter extends GenericDatumWriter<IndexedRecord> {

        private CanonicalWriter(Schema schema) {
            super(schema, SpecificData.get());
        }

        @Override
        protected void writeRecord(Schema schema, Object datum, Encoder out) throws IOException {
            if (schema.getFullName().equals(TEXT)) {
                Object commitment = ((IndexedRecord) datum).get(schema.getField("commitment").pos());
                out.writeString(commitment.toString());
            } else {
                super.writeRecord(schema, datum, out);
            }
        }
    }
}
