package io.turnstream.projection.store;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.WriteModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bson.Document;
import org.bson.conversions.Bson;

/// The projection's collections.
///
/// | collection | `_id` | holds |
/// |---|---|---|
/// | `runs` | runId | what was asked, planned and became of a run |
/// | `dialogues` | dialogueId | plan, steps with texts, judgements |
/// | `score_rows` | dialogueId | the dialogue's score rows, by step |
/// | `score_cells` | `runId/e<epoch>` | the epoch's cells, by cellId |
/// | `rejected_rows` | `runId/<digest of place and problem>` | bad rows and warnings |
/// | `served_models` | `runId/<kind>/<digest>` | model names and parameters as providers served them |
/// | `sink_offsets` | `sink/topic/partition` | up to where the data beside it goes |
///
/// Rows stand together by dialogue, so that a prefix search over the ids of 50 runs of 5,000 rows looks at 36,000 keys
/// and not at 250,000; cells stand together by run, so that progress is one look-up.
public final class ProjectionStore {

    private static final int CHUNK = 200;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    /// One of the collections.
    public enum Part {
        RUNS("runs"), DIALOGUES("dialogues"), SCORE_ROWS("score_rows"), SCORE_CELLS("score_cells"), REJECTED_ROWS(
                "rejected_rows"), SERVED_MODELS("served_models"), SINK_OFFSETS("sink_offsets");

        private final String collectionName;

        Part(String collectionName) {
            this.collectionName = collectionName;
        }

        public String collectionName() {
            return collectionName;
        }
    }

    private final MongoDatabase database;

    /// Writes are acknowledged once they are in the journal of a replica set's majority: a store that is killed and
    /// comes back between the data and their offset must not keep the offset alone.
    public ProjectionStore(MongoDatabase database) {
        this.database = database.withWriteConcern(WriteConcern.MAJORITY.withJournal(true));
    }

    MongoCollection<Document> collection(Part part) {
        return database.getCollection(part.collectionName());
    }

    /// Documents by id, as far as they are there.
    ///
    /// @param fields fields to read; none for all
    public Map<String, Document> byIds(Part part, Collection<String> ids, String... fields) {
        Map<String, Document> found = new HashMap<>();
        List<String> wanted = new ArrayList<>(ids);
        for (int from = 0; from < wanted.size(); from += CHUNK) {
            var find = collection(part)
                    .find(Filters.in("_id", wanted.subList(from, Math.min(wanted.size(), from + CHUNK))));
            if (fields.length > 0) {
                find = find.projection(Projections.include(fields));
            }
            for (Document document : find) {
                found.put(document.getString("_id"), document);
            }
        }
        return found;
    }

    /// The ids of a collection that start with a prefix, sorted.
    public List<String> idsWithPrefix(Part part, String prefix) {
        List<String> ids = new ArrayList<>();
        for (Document document : collection(part).find(startsWith(prefix)).projection(Projections.include("_id"))) {
            ids.add(document.getString("_id"));
        }
        ids.sort(null);
        return ids;
    }

    /// The documents whose ids start with a prefix, ordered by id; only a few are in memory at a time.
    public void forEachWithPrefix(Part part, String prefix, Consumer<Document> consumer, String... fields) {
        List<String> ids = idsWithPrefix(part, prefix);
        for (int from = 0; from < ids.size(); from += CHUNK) {
            List<String> chunk = ids.subList(from, Math.min(ids.size(), from + CHUNK));
            Map<String, Document> found = byIds(part, chunk, fields);
            for (String id : chunk) {
                Document document = found.get(id);
                if (document != null) {
                    consumer.accept(document);
                }
            }
        }
    }

    /// Every document of a small collection.
    List<Document> all(Part part) {
        return collection(part).find().into(new ArrayList<>());
    }

    void write(Part part, List<WriteModel<Document>> writes) {
        if (!writes.isEmpty()) {
            collection(part).bulkWrite(writes, UNORDERED);
        }
    }

    private static Bson startsWith(String prefix) {
        StringBuilder pattern = new StringBuilder("^");
        for (int i = 0; i < prefix.length(); i++) {
            char c = prefix.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '/') {
                pattern.append('\\');
            }
            pattern.append(c);
        }
        return Filters.regex("_id", pattern.toString());
    }
}
