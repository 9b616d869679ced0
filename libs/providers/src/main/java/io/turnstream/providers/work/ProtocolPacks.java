package io.turnstream.providers.work;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.events.Topics;
import io.turnstream.messaging.CompactedTable;
import io.turnstream.messaging.ServiceKafka;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The protocol packs of all runs, by digest.
@FunctionalInterface
public interface ProtocolPacks extends AutoCloseable {

    /// The pack with that digest, waiting for it if it has not arrived.
    ///
    /// @return empty if it did not arrive in time
    Optional<ProtocolPack> await(String digest) throws InterruptedException;

    @Override
    default void close() {}

    /// Reads the topic in full and follows it.
    ///
    /// @param patience how long to wait for the topic at the start, and for a pack that has not arrived
    static ProtocolPacks reading(ServiceKafka kafka, Duration patience) {
        CompactedTable<ProtocolPack> table = new CompactedTable<>(
                kafka.connection(), Topics.PROTOCOL_PACKS,
                bytes -> packOf((ProtocolPackPublished) kafka.serde().fromBytes(bytes)));
        table.awaitLoaded(Duration.ofSeconds(30));
        return new ProtocolPacks() {
            @Override
            public Optional<ProtocolPack> await(String digest) throws InterruptedException {
                return table.await(digest, patience);
            }

            @Override
            public void close() {
                table.close();
            }
        };
    }

    private static ProtocolPack packOf(ProtocolPackPublished published) {
        Map<String, byte[]> files = new HashMap<>();
        for (FileEntry file : published.getFiles()) {
            ByteBuffer content = file.getContent().duplicate();
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            files.put(file.getPath(), bytes);
        }
        ProtocolPack pack = ProtocolPack.of(files);
        if (!pack.digest().equals(published.getDigest())) {
            throw new IllegalArgumentException(
                    "the files of protocol pack " + published.getDigest() + " have the digest " + pack.digest());
        }
        return pack;
    }
}
