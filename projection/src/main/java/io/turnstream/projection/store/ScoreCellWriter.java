package io.turnstream.projection.store;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import io.turnstream.contracts.Ids;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.ScoreCell;
import io.turnstream.projection.document.ScoreCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bson.Document;

/// Writes score cells: a document holds the cells of one epoch of a run, by cellId.
///
/// A cell whose last row was taken back arrives with zero counts; a tombstone of a cell is left alone, because it names no epoch.
public final class ScoreCellWriter implements EventWriter {

    private static final String CELLS = "cells";

    private final ProjectionStore store;

    public ScoreCellWriter(ProjectionStore store) {
        this.store = store;
    }

    /// The document that holds a run's cells of one epoch.
    static String documentId(String runId, int epoch) {
        return runId + "/e" + epoch;
    }

    @Override
    public void write(List<Entry> entries) {
        Map<String, Map<String, ScoreCell>> byDocument = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.event() instanceof ScoreCell cell) {
                byDocument.computeIfAbsent(documentId(cell.getRunId(), cell.getEpoch()), id -> new LinkedHashMap<>())
                        .merge(fieldName(cell.getCellId()), cell, (old, next) -> next.getVersion() < old.getVersion() ? old : next);
            }
        }
        Map<String, Document> stored = store.byIds(ProjectionStore.Part.SCORE_CELLS, byDocument.keySet());
        List<WriteModel<Document>> writes = new ArrayList<>();
        byDocument.forEach((id, cells) -> {
            Document known = Fields.part(stored.getOrDefault(id, new Document()), CELLS);
            Document set = new Document();
            cells.forEach((name, cell) -> {
                Document before = Fields.partOrNull(known, name);
                if (before == null || Fields.whole(before, "version") < cell.getVersion()) {
                    set.append("runId", cell.getRunId()).append("epoch", cell.getEpoch());
                    set.append(CELLS + '.' + name, toDocument(cell));
                }
            });
            if (!set.isEmpty()) {
                writes.add(new UpdateOneModel<>(Filters.eq("_id", id), new Document("$set", set), new UpdateOptions().upsert(true)));
            }
        });
        store.write(ProjectionStore.Part.SCORE_CELLS, writes);
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
            consumer.accept(new ScoreCounts(Fields.text(cell, "cellId"), Fields.whole(cell, "version"), runId, Fields.text(cell, "split"),
                    Fields.text(cell, "modality"), Fields.text(cell, "intent"), Fields.text(cell, "category"),
                    Fields.text(cell, "kind"), cell.getString("judgementSetId"), epoch, outcomes,
                    Fields.whole(cell, "correctedCount"), Fields.whole(cell, "correctedSum"), Fields.whole(cell, "referenceCount"),
                    Fields.whole(cell, "referenceSum"), Fields.whole(cell, "attempts"), Fields.whole(cell, "inputTokens"),
                    Fields.whole(cell, "outputTokens"), Fields.whole(cell, "costNanoUsd"), Fields.whole(cell, "unpriced")));
        });
    }
}
