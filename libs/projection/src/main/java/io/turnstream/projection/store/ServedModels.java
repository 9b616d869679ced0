package io.turnstream.projection.store;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.StepKind;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Ids;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// Which models served a run, under which parameters: one document for each combination that occurred, however often;
/// of judges one for each judgement set.
final class ServedModels {

    private static final int REMEMBERED = 10_000;

    private final ProjectionStore store;
    private final Set<Combination> written = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Combination, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });
    private final Map<Combination, Document> pending = new LinkedHashMap<>();

    private record Combination(
            String runId, StepKind kind, @Nullable String judgementSetId, @Nullable String servedModel,
            @Nullable String systemFingerprint,
            CallParameters effective) {}

    ServedModels(ProjectionStore store) {
        this.store = store;
    }

    /// @param judgementSetId null for turns and questions
    void saw(String runId, StepKind kind, @Nullable String judgementSetId, @Nullable Answer answer) {
        if (answer == null || answer.getServedModel() == null && answer.getUsage() == null) {
            return;
        }
        Combination combination = new Combination(
                runId, kind, judgementSetId, answer.getServedModel(), answer.getSystemFingerprint(),
                answer.getEffective());
        if (!written.contains(combination)) {
            pending.computeIfAbsent(combination, ServedModels::documentOf);
        }
    }

    private static Document documentOf(Combination combination) {
        Document content = Fields.of("runId", combination.runId())
                .with("kind", combination.kind())
                .with("judgementSetId", combination.judgementSetId())
                .with("servedModel", combination.servedModel())
                .with("systemFingerprint", combination.systemFingerprint())
                .with("effective", AnswerFields.parameters(combination.effective()))
                .document();
        String digest = EventDigests.sha256Hex(content.toJson()).substring(0, 16);
        return content.append("_id", combination.runId() + '/' + Ids.wireName(combination.kind()) + '/' + digest);
    }

    /// Forgets what was written: the store may have lost it.
    void forget() {
        written.clear();
        pending.clear();
    }

    void flush() {
        List<WriteModel<Document>> writes = pending.values().stream()
                .<WriteModel<Document>>map(
                        document -> new ReplaceOneModel<>(Filters.eq("_id", document.get("_id")), document,
                                new ReplaceOptions().upsert(true)))
                .toList();
        store.write(ProjectionStore.Part.SERVED_MODELS, writes);
        written.addAll(pending.keySet());
        pending.clear();
    }
}
