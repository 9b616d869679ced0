package io.turnstream.projection.store;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.EventDigests;
import io.turnstream.contracts.Ids;
import io.turnstream.contracts.StepKind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// Which models served a run, under which parameters: one document for each combination that occurred, however often; of judges one for
/// each judgement set.
final class ServedModels {

    private static final int REMEMBERED = 10_000;

    private final ProjectionStore store;
    private final Set<String> written = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });
    private final Map<String, Document> pending = new LinkedHashMap<>();

    ServedModels(ProjectionStore store) {
        this.store = store;
    }

    /// @param judgementSetId null for turns and questions
    void saw(String runId, StepKind kind, @Nullable String judgementSetId, @Nullable Answer answer) {
        if (answer == null || answer.getServedModel() == null && answer.getUsage() == null) {
            return;
        }
        Document content = Fields.of("runId", runId)
                .with("kind", kind)
                .with("judgementSetId", judgementSetId)
                .with("servedModel", answer.getServedModel())
                .with("systemFingerprint", answer.getSystemFingerprint())
                .with("effective", AnswerFields.parameters(answer.getEffective()))
                .document();
        String id = runId + '/' + Ids.wireName(kind) + '/' + EventDigests.sha256Hex(content.toJson()).substring(0, 16);
        if (!written.contains(id)) {
            pending.put(id, content.append("_id", id));
        }
    }

    void flush() {
        List<WriteModel<Document>> writes = pending.values().stream()
                .<WriteModel<Document>>map(document -> new ReplaceOneModel<>(Filters.eq("_id", document.get("_id")), document,
                        new ReplaceOptions().upsert(true)))
                .toList();
        store.write(ProjectionStore.Part.SERVED_MODELS, writes);
        written.addAll(pending.keySet());
        pending.clear();
    }
}
