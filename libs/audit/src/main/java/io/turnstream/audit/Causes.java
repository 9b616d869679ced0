package io.turnstream.audit;

import io.turnstream.audit.Difference.Kind;
import io.turnstream.audit.EventIndex.Known;
import io.turnstream.events.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows events to what caused them, down to what a person asked for.
///
/// Events of a run refer to events of its dialogues and the other way round. A dialogue's are known only while its
/// partition is read; what the run's events name there is owed until then.
final class Causes {

    /// More steps than any chain of causes within a dialogue has.
    private static final int LONGEST = 100_000;

    /// More events of the run than lead from what it was told to what it says in the end.
    private static final int MOST_HOPS = 8;

    private final EventIndex ofRun = new EventIndex();
    private final Map<String, List<Known>> owed = new HashMap<>();
    private final Tally tally;

    Causes(Tally tally) {
        this.tally = tally;
    }

    void addOfRun(LoggedEvent event) {
        ofRun.add(event);
    }

    List<Known> findOfRun(String eventId) {
        return ofRun.find(eventId);
    }

    /// What the run controller was told that led to one of its events: the nearest event of [Topics#DIALOGUE_PROGRESS]
    /// among its causes, itself included. Null where something else led to it.
    @Nullable
    Known toldBefore(@Nullable String causeId) {
        String next = causeId;
        for (int hops = 0; next != null && hops < MOST_HOPS; hops++) {
            List<Known> found = ofRun.find(next);
            if (found.isEmpty()) {
                return null;
            }
            Known known = found.getFirst();
            if (known.topic() == Topics.DIALOGUE_PROGRESS) {
                return known;
            }
            next = known.causeId();
        }
        return null;
    }

    /// Checks the causes of the run's events as far as they are events of the run, too; the others are owed.
    void checkOfRun() {
        for (Known event : ofRun.all()) {
            if (event.causeId() == null) {
                continue;
            }
            List<Known> found = ofRun.find(event.causeId());
            if (found.isEmpty()) {
                owed.computeIfAbsent(event.causeId(), id -> new ArrayList<>()).add(event);
            } else {
                tally.count(Tally.CAUSES);
                EventIndex.causeOf(event, found);
            }
        }
    }

    /// Checks the causes of a partition's events: of those that were accepted first, and of answers only where
    /// something followed from them.
    ///
    /// @param accepted what was accepted, in order
    /// @param others all other events but answers, in order
    void checkPartition(EventIndex ofPartition, List<Known> accepted, List<Known> others) {
        Set<Known> followed = Collections.newSetFromMap(new IdentityHashMap<>());
        checkOrderOfAcceptance(accepted, ofPartition, followed);
        others.forEach(event -> follow(event, ofPartition, followed));
        owed.entrySet().removeIf(entry -> {
            List<Known> found = ofPartition.find(entry.getKey());
            if (found.isEmpty()) {
                return false;
            }
            for (Known effect : entry.getValue()) {
                tally.count(Tally.CAUSES);
                follow(EventIndex.causeOf(effect, found), ofPartition, followed);
            }
            return true;
        });
        followed.stream().filter(event -> event.topic() != Topics.DIALOGUE_EVENTS)
                .forEach(event -> checkOrder(event, ofPartition));
    }

    /// What comes in on one partition is dealt with in the order of its offsets, so the events that follow from it
    /// stand in that order.
    private void checkOrderOfAcceptance(List<Known> accepted, EventIndex ofPartition, Set<Known> followed) {
        Map<Topics, Known> before = new EnumMap<>(Topics.class);
        for (Known event : accepted) {
            follow(event, ofPartition, followed);
            if (event.causeId() == null) {
                continue;
            }
            Known cause = EventIndex.causeOf(event, candidates(event.causeId(), ofPartition));
            Known former = before.put(cause.topic(), cause);
            if (former != null && former.partition() == cause.partition() && former.offset() > cause.offset()) {
                throw new DifferenceFound(Kind.MOVED, event.place(),
                        "this " + event.type() + " does not stand in the order in which events were accepted",
                        "a cause at or behind " + former.place(), cause.place());
            }
        }
    }

    /// What is still owed when all partitions are read is missing.
    void checkNothingIsOwed() {
        owed.values().stream().flatMap(List::stream)
                .min(Comparator.comparing(Known::topic).thenComparing(Known::partition).thenComparing(Known::offset))
                .ifPresent(effect -> EventIndex.causeOf(effect, List.of()));
    }

    private void follow(Known event, EventIndex ofPartition, Set<Known> followed) {
        Known effect = event;
        while (effect.causeId() != null && effect.topic().keyed() == Topics.Keyed.BY_DIALOGUE && followed.add(effect)) {
            tally.count(Tally.CAUSES);
            effect = EventIndex.causeOf(effect, candidates(effect.causeId(), ofPartition));
        }
    }

    /// An event stands behind all that led to it. Where one of those stands in the same partition, offsets tell.
    private void checkOrder(Known event, EventIndex ofPartition) {
        Known ancestor = event;
        for (int hops = 0; ancestor.causeId() != null && hops < LONGEST; hops++) {
            Known effect = ancestor;
            Known cause = candidates(effect.causeId(), ofPartition).stream()
                    .filter(candidate -> candidate.digests().contains(effect.causeDigest()))
                    .findFirst().orElse(null);
            if (cause == null) {
                return;
            }
            if (cause.sharesPartitionWith(event)) {
                if (cause.offset() >= event.offset()) {
                    throw new DifferenceFound(Kind.MOVED, event.place(),
                            "this " + event.type() + " stands before what led to it",
                            "an offset above " + cause.offset(), event.offset());
                }
                return;
            }
            ancestor = cause;
        }
    }

    private List<Known> candidates(String eventId, EventIndex ofPartition) {
        List<Known> found = ofPartition.find(eventId);
        return found.isEmpty() ? ofRun.find(eventId) : found;
    }
}
