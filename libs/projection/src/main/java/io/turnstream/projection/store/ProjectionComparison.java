package io.turnstream.projection.store;

import com.mongodb.client.MongoDatabase;
import io.turnstream.projection.report.RunStates;
import io.turnstream.projection.store.ProjectionStore.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/// Holds two projections of one log against each other, document by document and field by field; a few documents are in
/// memory at a time, and the ids of one run.
public final class ProjectionComparison {

    private static final int CHUNK = 200;
    private static final Set<Part> FIGURES = Set.of(Part.SCORE_ROWS, Part.SCORE_CELLS);
    private static final List<Part> PARTS = Arrays.stream(Part.values()).filter(part -> part != Part.SINK_OFFSETS)
            .toList();

    /// A run of which the two say different things.
    ///
    /// @param documents by collection how many documents differ, or are in one of them only
    /// @param figures whether scores are among them
    public record Difference(String runId, Map<String, Long> documents, boolean figures) {

        public Difference {
            documents = Map.copyOf(documents);
        }
    }

    /// What was found.
    ///
    /// @param documents by collection how many documents the later projection holds
    /// @param compared runs that were compared
    /// @param goingOn runs that differ, which says nothing: they change while they are compared
    public record Result(Map<String, Long> documents, int compared, List<Difference> differences,
            List<String> goingOn) {

        public Result {
            documents = Map.copyOf(documents);
            differences = List.copyOf(differences);
            goingOn = List.copyOf(goingOn);
        }
    }

    private final ProjectionStore before;
    private final ProjectionStore after;
    private final Map<String, Long> counts = new TreeMap<>();

    private ProjectionComparison(MongoDatabase before, MongoDatabase after) {
        this.before = new ProjectionStore(before);
        this.after = new ProjectionStore(after);
        PARTS.forEach(part -> counts.put(part.collectionName(), 0L));
    }

    /// How many documents each collection of a projection holds.
    public static Map<String, Long> documents(MongoDatabase database) {
        ProjectionStore store = new ProjectionStore(database);
        Map<String, Long> documents = new TreeMap<>();
        PARTS.forEach(part -> documents.put(part.collectionName(), store.collection(part).countDocuments()));
        return documents;
    }

    /// Compares. Where a run differs, the two are given a moment to come to the same place, since one may be ahead of
    /// the other.
    public static Result compare(MongoDatabase before, MongoDatabase after, Duration patience) {
        return new ProjectionComparison(before, after).compare(patience);
    }

    private Result compare(Duration patience) {
        Set<String> runs = new TreeSet<>(before.idsWithPrefix(Part.RUNS, ""));
        runs.addAll(after.idsWithPrefix(Part.RUNS, ""));
        List<Difference> differences = new ArrayList<>();
        List<String> goingOn = new ArrayList<>();
        for (String runId : runs) {
            Map<Part, List<String>> differing = new TreeMap<>();
            for (Part part : PARTS) {
                List<String> ids = differing(runId, part);
                if (!ids.isEmpty()) {
                    differing.put(part, ids);
                }
            }
            if (differing.isEmpty()) {
                continue;
            }
            if (isGoingOn(runId)) {
                goingOn.add(runId);
                continue;
            }
            Map<Part, List<String>> lasting = lasting(differing, patience);
            if (!lasting.isEmpty()) {
                Map<String, Long> documents = new TreeMap<>();
                lasting.forEach((part, ids) -> documents.put(part.collectionName(), (long) ids.size()));
                differences
                        .add(new Difference(runId, documents, lasting.keySet().stream().anyMatch(FIGURES::contains)));
            }
        }
        return new Result(counts, runs.size() - goingOn.size(), differences, goingOn);
    }

    private List<String> differing(String runId, Part part) {
        String prefix = part == Part.RUNS ? runId : runId + '/';
        List<String> kept = after.idsWithPrefix(part, prefix);
        counts.merge(part.collectionName(), (long) kept.size(), Long::sum);
        Set<String> ids = new TreeSet<>(before.idsWithPrefix(part, prefix));
        ids.addAll(kept);
        return differing(part, ids);
    }

    private List<String> differing(Part part, Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        List<String> differing = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<String> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
            Map<String, Document> left = before.byIds(part, chunk);
            Map<String, Document> right = after.byIds(part, chunk);
            chunk.stream().filter(id -> !Objects.equals(left.get(id), right.get(id))).forEach(differing::add);
        }
        return differing;
    }

    private Map<Part, List<String>> lasting(Map<Part, List<String>> differing, Duration patience) {
        Map<Part, List<String>> lasting = new TreeMap<>(differing);
        long end = System.nanoTime() + patience.toNanos();
        while (!lasting.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            lasting.replaceAll(this::differing);
            lasting.values().removeIf(List::isEmpty);
        }
        return lasting;
    }

    private boolean isGoingOn(String runId) {
        return isGoingOn(before, runId) || isGoingOn(after, runId);
    }

    private static boolean isGoingOn(ProjectionStore store, String runId) {
        Document document = store.byIds(Part.RUNS, List.of(runId)).get(runId);
        if (document == null) {
            return false;
        }
        StoredRun run = new StoredRun(document);
        return !RunStates.isAtRest(run.state())
                || run.judgementSets(Map.of(), Served.NOBODY).stream()
                        .anyMatch(set -> !RunStates.isAtRest(set.state()));
    }
}
