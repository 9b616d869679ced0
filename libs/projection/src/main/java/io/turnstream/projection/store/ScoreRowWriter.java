package io.turnstream.projection.store;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.projection.document.ScoredStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.bson.Document;

/// Writes score rows: a document holds the rows of one dialogue, by step.
public final class ScoreRowWriter implements EventWriter {

    private static final String ROWS = "rows";
    private static final int REMEMBERED = 20_000;

    private final ProjectionStore store;

    /// Versions of rows by dialogue and step, as this writer has written or read them, so that a running dialogue costs
    /// no look-up.
    private final Map<String, Map<String, Long>> versions = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Long>> eldest) {
            return size() > REMEMBERED;
        }
    };

    public ScoreRowWriter(ProjectionStore store) {
        this.store = store;
    }

    @Override
    public void forget() {
        versions.clear();
    }

    @Override
    public void write(List<Entry> entries) {
        Map<String, Map<String, Entry>> byDialogue = new LinkedHashMap<>();
        for (Entry entry : entries) {
            int end = entry.key().indexOf('#');
            if (end > 0) {
                byDialogue.computeIfAbsent(entry.key().substring(0, end), id -> new LinkedHashMap<>())
                        .merge(entry.key().substring(end + 1), entry, ScoreRowWriter::later);
            }
        }
        List<String> unknown = byDialogue.keySet().stream().filter(id -> !versions.containsKey(id)).toList();
        Map<String, Map<String, Long>> next = new HashMap<>();
        store.byIds(ProjectionStore.Part.SCORE_ROWS, unknown, ROWS)
                .forEach((id, document) -> next.put(id, versionsIn(document)));
        List<WriteModel<Document>> writes = new ArrayList<>();
        byDialogue.forEach((dialogueId, rows) -> {
            Map<String, Long> known = next.computeIfAbsent(dialogueId,
                    id -> new HashMap<>(versions.getOrDefault(id, Map.of())));
            Document update = updateOf(rows, known);
            if (!update.isEmpty()) {
                writes.add(
                        new UpdateOneModel<>(Filters.eq("_id", dialogueId), update, new UpdateOptions().upsert(true)));
            }
        });
        store.write(ProjectionStore.Part.SCORE_ROWS, writes);
        versions.putAll(next);
    }

    private static Map<String, Long> versionsIn(Document document) {
        Document rows = Fields.part(document, ROWS);
        Map<String, Long> versions = new HashMap<>();
        rows.keySet().forEach(step -> versions.put(step, Fields.whole(Fields.part(rows, step), "version")));
        return versions;
    }

    private static Entry later(Entry before, Entry after) {
        return before.event() instanceof ScoreRow old && after.event() instanceof ScoreRow row
                && row.getVersion() < old.getVersion()
                        ? before
                        : after;
    }

    /// @param known versions by step; brought up to date
    private static Document updateOf(Map<String, Entry> rows, Map<String, Long> known) {
        Document set = new Document();
        Document unset = new Document();
        rows.forEach((step, entry) -> {
            SpecificRecord event = entry.event();
            if (event == null) {
                if (known.remove(step) != null) {
                    unset.append(ROWS + '.' + step, "");
                }
            } else if (event instanceof ScoreRow row && known.getOrDefault(step, Long.MIN_VALUE) < row.getVersion()) {
                known.put(step, row.getVersion());
                set.append("subject", SubjectFields.of(row.getSubject()));
                set.append(ROWS + '.' + step, toDocument(row));
            }
        });
        Document update = new Document();
        if (!set.isEmpty()) {
            update.append("$set", set);
        }
        if (!unset.isEmpty()) {
            update.append("$unset", unset);
        }
        return update;
    }

    private static Document toDocument(ScoreRow row) {
        return Fields.of("rowId", row.getRowId())
                .with("version", row.getVersion())
                .with("step", row.getStep().getName())
                .with("kind", row.getStep().getKind())
                .with("judgementSetId", row.getJudgementSetId())
                .with("outcome", row.getOutcome())
                .with("corrected", contribution(row.getCorrectedCounted(), row.getCorrectedValue()))
                .with("reference", contribution(row.getReferenceCounted(), row.getReferenceValue()))
                .with("attempts", row.getAttempts())
                .with("inputTokens", row.getInputTokens())
                .with("outputTokens", row.getOutputTokens())
                .with("costNanoUsd", row.getCostNanoUsd())
                .document();
    }

    private static Document contribution(boolean counted, int value) {
        return Fields.of("counted", counted).with("value", value).document();
    }

    /// The rows of one document, ordered by id.
    static void read(Document document, Consumer<ScoredStep> consumer) {
        var subject = SubjectFields.from(Fields.part(document, "subject"));
        Document rows = Fields.part(document, ROWS);
        rows.keySet().stream().sorted().forEach(step -> {
            Document row = Fields.part(rows, step);
            consumer.accept(new ScoredStep(Fields.text(row, "rowId"), Fields.whole(row, "version"), subject,
                    Fields.text(row, "step"),
                    Fields.text(row, "kind"), row.getString("judgementSetId"), Fields.text(row, "outcome"),
                    contribution(Fields.part(row, "corrected")), contribution(Fields.part(row, "reference")),
                    Fields.integer(row, "attempts"), Fields.whole(row, "inputTokens"),
                    Fields.whole(row, "outputTokens"),
                    Fields.wholeOrNull(row, "costNanoUsd")));
        });
    }

    private static ScoredStep.Contribution contribution(Document document) {
        return new ScoredStep.Contribution(Fields.flag(document, "counted"), Fields.integer(document, "value"));
    }
}
