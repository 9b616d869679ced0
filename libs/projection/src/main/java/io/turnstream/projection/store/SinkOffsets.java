package io.turnstream.projection.store;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/// Up to where the data of a sink goes, kept beside that data and written after it, so that both fall back together.
public final class SinkOffsets {

    private final ProjectionStore store;
    private final String sink;
    private final String topic;

    public SinkOffsets(ProjectionStore store, String sink, String topic) {
        this.store = store;
        this.sink = sink;
        this.topic = topic;
    }

    /// The next offset of each partition; a partition of which nothing was written is missing.
    public Map<Integer, Long> read(Collection<Integer> partitions) {
        Map<Integer, Long> next = new HashMap<>();
        store.byIds(ProjectionStore.Part.SINK_OFFSETS, partitions.stream().map(this::id).toList())
                .values()
                .forEach(document -> next.put(Fields.integer(document, "partition"),
                        Fields.whole(document, "nextOffset")));
        return next;
    }

    /// Keeps the next offset of each partition. Call it after the data before them is written.
    public void write(Map<Integer, Long> nextOffsets) {
        List<WriteModel<Document>> writes = new ArrayList<>();
        nextOffsets.forEach((partition, next) -> writes.add(new ReplaceOneModel<>(Filters.eq("_id", id(partition)),
                Fields.of("_id", id(partition)).with("sink", sink).with("topic", topic).with("partition", partition)
                        .with("nextOffset", next).document(),
                new ReplaceOptions().upsert(true))));
        store.write(ProjectionStore.Part.SINK_OFFSETS, writes);
    }

    private String id(int partition) {
        return sink + '/' + topic + '/' + partition;
    }
}
