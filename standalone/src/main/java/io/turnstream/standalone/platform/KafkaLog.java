package io.turnstream.standalone.platform;

import io.turnstream.audit.KafkaRunEvents;
import io.turnstream.audit.RunEvents;
import io.turnstream.audit.TopicKeys;
import io.turnstream.audit.archive.ArchiveParts;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.events.Topics;
import io.turnstream.messaging.CompactedTable;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.projection.report.RunNames;
import io.turnstream.providers.images.ImageStore;
import io.turnstream.providers.images.UnavailableImageException;
import io.turnstream.standalone.cli.AuditLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/// The log of a home, read from its broker. Writes nothing, and needs no registry and no document store.
final class KafkaLog implements AuditLog, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaConnection connection;
    private final SchemaCatalog schemas;
    private final EventSerde serde;
    private final ImageStore images;

    private KafkaLog(KafkaConnection connection, SchemaCatalog schemas, ImageStore images) {
        this.connection = connection;
        this.schemas = schemas;
        this.serde = new EventSerde(schemas);
        this.images = images;
    }

    static KafkaLog open(String bootstrapServers, ImageStore images) {
        KafkaConnection connection = KafkaConnection.to(bootstrapServers, "auditor");
        return new KafkaLog(connection, SchemaCatalog.reading(connection), images);
    }

    @Override
    public Optional<String> runId(String idOrPrefixOrLast) {
        return RunNames.choose(TopicKeys.in(connection, Topics.RUNS, key -> true), idOrPrefixOrLast);
    }

    @Override
    public <T> T run(String runId, Function<RunEvents, T> use) {
        try (KafkaRunEvents events = KafkaRunEvents.open(connection, serde, runId)) {
            return use.apply(events);
        }
    }

    @Override
    public SortedSet<String> dialogues(String part) {
        return TopicKeys.in(connection, Topics.DIALOGUES, key -> key.contains(part));
    }

    @Override
    public ArchiveParts parts() {
        return new ArchiveParts() {
            @Override
            public Optional<byte[]> image(String sha256) {
                try {
                    return Optional.of(images.get(sha256));
                } catch (UnavailableImageException e) {
                    return Optional.empty();
                }
            }

            @Override
            public Optional<Map<String, byte[]>> pack(String digest) {
                try (CompactedTable<ProtocolPackPublished> packs = new CompactedTable<>(connection,
                        Topics.PROTOCOL_PACKS,
                        bytes -> (ProtocolPackPublished) serde.fromBytes(bytes))) {
                    return packs.awaitLoaded(PATIENCE).get(digest).map(KafkaLog::filesOf);
                }
            }
        };
    }

    private static Map<String, byte[]> filesOf(ProtocolPackPublished pack) {
        Map<String, byte[]> files = new HashMap<>();
        for (FileEntry file : pack.getFiles()) {
            ByteBuffer content = file.getContent().duplicate();
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            files.put(file.getPath(), bytes);
        }
        return files;
    }

    @Override
    public void close() {
        schemas.close();
    }
}
