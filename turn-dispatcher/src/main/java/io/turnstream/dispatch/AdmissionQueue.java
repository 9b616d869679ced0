package io.turnstream.dispatch;

import io.turnstream.contracts.state.QueuedDialogue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.NullUnmarked;

/// The dialogues of runs that have not ended, in the order of the plan, and which of them are next.
///
/// A run has as many admitted dialogues as its window, and each that ends lets one in: to look through those each time
/// would cost the square of the window. So it remembers, beside the store and only as a hint, before which key all are
/// admitted.
@NullUnmarked
final class AdmissionQueue {

    private final KeyValueStore<String, QueuedDialogue> store;
    private final Map<String, String> admittedBefore = new HashMap<>();

    AdmissionQueue(KeyValueStore<String, QueuedDialogue> store) {
        this.store = store;
    }

    static String key(String runId, int ordinal) {
        return String.format(Locale.ROOT, "%s|%010d", runId, ordinal);
    }

    QueuedDialogue get(String key) {
        return store.get(key);
    }

    void put(String key, QueuedDialogue dialogue) {
        store.put(key, dialogue);
        if (!dialogue.getAdmitted()) {
            admittedBefore.computeIfPresent(key.substring(0, key.indexOf('|')),
                    (run, hint) -> key.compareTo(hint) < 0 ? key : hint);
        }
    }

    /// @return what it held, or null
    QueuedDialogue delete(String key) {
        return store.delete(key);
    }

    /// All that have not ended, admitted or not; to be closed.
    KeyValueIterator<String, QueuedDialogue> of(String runId) {
        return store.range(runId + '|', end(runId));
    }

    /// Whether all have ended.
    boolean isEmpty(String runId) {
        try (KeyValueIterator<String, QueuedDialogue> all = of(runId)) {
            return !all.hasNext();
        }
    }

    /// The first dialogues that are not admitted.
    List<KeyValue<String, QueuedDialogue>> waiting(String runId, int most) {
        List<KeyValue<String, QueuedDialogue>> waiting = new ArrayList<>();
        String from = admittedBefore.getOrDefault(runId, runId + '|');
        String first = null;
        String last = from;
        try (KeyValueIterator<String, QueuedDialogue> entries = store.range(from, end(runId))) {
            while (entries.hasNext() && waiting.size() < most) {
                KeyValue<String, QueuedDialogue> entry = entries.next();
                last = entry.key;
                if (!entry.value.getAdmitted()) {
                    first = first == null ? entry.key : first;
                    waiting.add(entry);
                }
            }
        }
        admittedBefore.put(runId, first == null ? last : first);
        return waiting;
    }

    private static String end(String runId) {
        return runId + '}';
    }
}
