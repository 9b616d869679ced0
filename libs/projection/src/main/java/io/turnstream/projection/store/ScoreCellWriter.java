package io.turnstream.projection.store;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.ScoreCell;
import io.turnstream.events.Ids;
import io.turnstream.projection.document.ScoreCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bson.Document;

/// Writes score cells: a document holds the cells of one epoch of a run, by cellId.
///
/// A cell whose last row was taken back arrives with zero counts; a tombstone of a cell is left alone, because it names
/// no epoch.
public final class ScoreCellWriter implements EventWriter {

    private static final String CELLS = "cells";
    private static final int REMEMBERED = 200;

    private final ProjectionStore store;

    /// Versions of cells by document and cell, as this writer has written or read them: a document of hundreds of cells
    /// is read once.
    private final Map<String, Map<String, Long>> versions = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Long>> eldest) {
            return size() > REMEMBERED;
        }
    };

    public ScoreCellWriter(ProjectionStore store) {
        this.store = store;
    }

    /// The document that holds a run's cells of one epoch.
    static String documentId(String runId, int epoch) {
        return runId + "/e" + epoch;
    }

    @Override
    public void forget() {
        versions.clear();
    }

    @Override
    public void write(List<Entry> entries) {
        Map<String, Map<String, ScoreCell>> byDocument = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.event() instanceof ScoreCell cell) {
                byDocument.computeIfAbsent(documentId(cell.getRunId(), cell.getEpoch()), id -> new LinkedHashMap<>())
                        .merge(fieldName(cell.getCellId()), cell,
                                (old, next) -> next.getVersion() < old.getVersion() ? old : next);
            }
        }
        List<String> unknown = byDocument.keySet().stream().filter(id -> !versions.containsKey(id)).toList();
        Map<String, Map<String, Long>> next = new HashMap<>();
        store.byIds(ProjectionStore.Part.SCORE_CELLS, unknown)
                .forEach((id, document) -> next.put(id, versionsIn(document)));
        List<WriteModel<Document>> writes = new ArrayList<>();
        byDocument.forEach((id, cells) -> {
            Map<String, Long> known = next.computeIfAbsent(id,
                    document -> new HashMap<>(versions.getOrDefault(document, Map.of())));
            Document set = new Document();
            cells.forEach((name, cell) -> {
                if (known.getOrDefault(name, Long.MIN_VALUE) < cell.getVersion()) {
                    known.put(name, cell.getVersion());
                    set.append("runId", cell.getRunId()).append("epoch", cell.getEpoch());
                    set.append(CELLS + '.' + name, toDocument(cell));
                }
            });
            if (!set.isEmpty()) {
                writes.add(new UpdateOneModel<>(Filters.eq("_id", id), new Document("$set", set),
                        new UpdateOptions().upsert(true)));
            }
        });
        store.write(ProjectionStore.Part.SCORE_CELLS, writes);
        versions.putAll(next);
    }

    private static Map<String, Long> versionsIn(Document document) {
        Document cells = Fields.part(document, CELLS);
        Map<String, Long> versions = new HashMap<>();
        cells.keySet().forEach(name -> versions.put(name, Fields.whole(Fields.part(cells, name), "version")));
        return versions;
    }

    /// A cellId as a field's name, which may hold neither dots nor dollars.
    static String fieldName(String cellId) {
        return cellId.replace("%", "%25").replace(".", "%2E").replace("$", "%24");
    }

    private static Document toDocument(ScoreCell cell) {
        Document outcomes = new Document();
        for (OutcomeCount count : cell.getOutcomes()) {
            if (count.getCount() != 0) {
                outcomes.append(Ids.wireName(count.getOutcome()), count.getCount());
            }
        }
        return Fields.of("cellId", cell.getCellId())
                .with("version", cell.getVersion())
                .with("split", cell.getSplit())
                .with("modality", cell.getModality())
                .with("intent", cell.getIntent())
                .with("category", cell.getCategory())
                .with("kind", cell.getKind())
                .with("judgementSetId", cell.getJudgementSetId())
                .with("outcomes", outcomes)
                .with("correctedCount", cell.getCorrectedCount())
                .with("correctedSum", cell.getCorrectedSum())
                .with("referenceCount", cell.getReferenceCount())
                .with("referenceSum", cell.getReferenceSum())
                .with("attempts", cell.getAttempts())
                .with("inputTokens", cell.getInputTokens())
                .with("outputTokens", cell.getOutputTokens())
                .with("costNanoUsd", cell.getCostNanoUsd())
                .with("unpriced", cell.getUnpriced())
                .document();
    }

    /// The cells of one document, ordered by id.
    static void read(Document document, Consumer<ScoreCounts> consumer) {
        String runId = Fields.text(document, "runId");
        int epoch = Fields.integer(document, "epoch");
        Document cells = Fields.part(document, CELLS);
        cells.keySet().stream().sorted().map(name -> Fields.part(cells, name)).forEach(cell -> {
            Map<String, Long> outcomes = new LinkedHashMap<>();
            Document counts = Fields.part(cell, "outcomes");
            counts.keySet().forEach(outcome -> outcomes.put(outcome, Fields.whole(counts, outcome)));
            consumer.accept(new ScoreCounts(Fields.text(cell, "cellId"), Fields.whole(cell, "version"), runId,
                    Fields.text(cell, "split"),
                    Fields.text(cell, "modality"), Fields.text(cell, "intent"), Fields.text(cell, "category"),
                    Fields.text(cell, "kind"), cell.getString("judgementSetId"), epoch, outcomes,
                    Fields.whole(cell, "correctedCount"), Fields.whole(cell, "correctedSum"),
                    Fields.whole(cell, "referenceCount"),
                    Fields.whole(cell, "referenceSum"), Fields.whole(cell, "attempts"),
                    Fields.whole(cell, "inputTokens"),
                    Fields.whole(cell, "outputTokens"), Fields.whole(cell, "costNanoUsd"),
                    Fields.whole(cell, "unpriced")));
        });
    }
}
