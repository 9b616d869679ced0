package io.turnstream.projection.store;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import io.turnstream.contracts.RowRejected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/// Writes what was asked of runs and what became of them, and the rows that could not be run.
public final class RunWriter implements EventWriter {

    private final ProjectionStore store;

    public RunWriter(ProjectionStore store) {
        this.store = store;
    }

    @Override
    public void write(List<Entry> entries) {
        Map<String, List<Entry>> byRun = new LinkedHashMap<>();
        Map<String, WriteModel<Document>> rejected = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.event() instanceof RowRejected row) {
                Document document = RejectedRowFields.of(row);
                rejected.putIfAbsent(document.getString("_id"),
                        new ReplaceOneModel<>(Filters.eq("_id", document.get("_id")), document,
                                new ReplaceOptions().upsert(true)));
            } else if (entry.event() != null) {
                byRun.computeIfAbsent(entry.key(), id -> new ArrayList<>()).add(entry);
            }
        }
        Map<String, Document> stored = store.byIds(ProjectionStore.Part.RUNS, byRun.keySet());
        List<WriteModel<Document>> writes = new ArrayList<>();
        byRun.forEach((runId, events) -> {
            Document run = stored.getOrDefault(runId, new Document("_id", runId));
            for (Entry entry : events) {
                RunFields.apply(entry.event(), run);
            }
            writes.add(new ReplaceOneModel<>(Filters.eq("_id", runId), run, new ReplaceOptions().upsert(true)));
        });
        store.write(ProjectionStore.Part.REJECTED_ROWS, List.copyOf(rejected.values()));
        store.write(ProjectionStore.Part.RUNS, writes);
    }
}
