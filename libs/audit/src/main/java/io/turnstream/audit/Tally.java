package io.turnstream.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// Counts what was checked.
final class Tally {

    static final String EVENTS = "events";
    static final String TEXTS = "texts";
    static final String WITHHELD = "withheld texts";
    static final String CAUSES = "causes";
    static final String DIALOGUES = "dialogues";
    static final String ACCEPTED = "accepted events";
    static final String ANSWERS = "answers";
    static final String UNACCEPTED = "unaccepted answers";
    static final String DEFERRALS = "requests handed back";
    static final String SEALS = "seals";

    private final SequencedMap<String, Long> counts = new LinkedHashMap<>();
    private final SortedMap<String, Long> types = new TreeMap<>();
    private final List<UnacceptedAnswer> unaccepted = new ArrayList<>();
    private boolean unmarked;

    Tally() {
        for (String what : List.of(EVENTS, TEXTS, WITHHELD, CAUSES, DIALOGUES, ACCEPTED, ANSWERS, UNACCEPTED, DEFERRALS,
                SEALS)) {
            counts.put(what, 0L);
        }
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    void countEvent(String type) {
        count(EVENTS);
        types.merge(type, 1L, Long::sum);
    }

    /// Texts that were withheld, and nothing says so.
    void countUnmarked() {
        unmarked = true;
    }

    /// Whether every withheld text stands in a record that is marked redacted.
    boolean isWithheldByMark() {
        return !unmarked;
    }

    void list(UnacceptedAnswer answer) {
        count(UNACCEPTED);
        if (unaccepted.size() < Verified.MOST_LISTED) {
            unaccepted.add(answer);
        }
    }

    SequencedMap<String, Long> counts() {
        return counts;
    }

    /// How many events of each type.
    SortedMap<String, Long> types() {
        return types;
    }

    List<UnacceptedAnswer> unaccepted() {
        return unaccepted;
    }
}
