package io.turnstream.audit;

import io.turnstream.audit.Difference.Kind;
import io.turnstream.contracts.EventMeta;
import io.turnstream.events.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which events there are, what their digests are and what caused them: all that is needed to follow causes.
///
/// An eventId can stand in the log more than once: what is planned again after a crash, or sent again in a repeated
/// transaction, says the same under the same id.
final class EventIndex {

    /// One event.
    ///
    /// @param digests the digests (hex) by which it may be named as a cause
    record Known(
            String type,
            Topics topic,
            int partition,
            long offset,
            List<String> digests,
            @Nullable String causeId,
            @Nullable String causeDigest) {

        static Known of(LoggedEvent event) {
            EventMeta meta = event.meta();
            return new Known(event.type(), event.topic(), event.partition(), event.offset(), event.digestsAsCause(),
                    meta.getCauseId(),
                    meta.getCauseDigest());
        }

        Place place() {
            return new Place(topic.topicName(), partition, offset);
        }

        boolean sharesPartitionWith(Known other) {
            return topic == other.topic && partition == other.partition;
        }
    }

    private final Map<String, List<Known>> byId = new HashMap<>();

    Known add(LoggedEvent event) {
        Known known = Known.of(event);
        List<Known> before = byId.get(event.meta().getEventId());
        if (before == null) {
            byId.put(event.meta().getEventId(), List.of(known));
        } else {
            List<Known> all = new ArrayList<>(before);
            all.add(known);
            byId.put(event.meta().getEventId(), all);
        }
        return known;
    }

    List<Known> find(String eventId) {
        return byId.getOrDefault(eventId, List.of());
    }

    Set<String> ids() {
        return byId.keySet();
    }

    /// All events, in the order of the log.
    List<Known> all() {
        return byId.values().stream().flatMap(Collection::stream)
                .sorted(Comparator.comparing(Known::topic).thenComparing(Known::partition).thenComparing(Known::offset))
                .collect(Collectors.toList());
    }

    /// The one among some events that an effect means by the cause it names.
    ///
    /// @throws DifferenceFound if there is none, none has the digest that the effect names, or it stands behind its
    /// effect
    static Known causeOf(Known effect, List<Known> candidates) {
        if (candidates.isEmpty()) {
            throw new DifferenceFound(Kind.MISSING, effect.place(),
                    "the event that caused this " + effect.type() + " is missing",
                    "an event " + effect.causeId() + " with the digest " + effect.causeDigest(),
                    "none in the run's topics");
        }
        for (Known candidate : candidates) {
            if (candidate.digests().contains(effect.causeDigest())) {
                if (candidate.sharesPartitionWith(effect) && candidate.offset() >= effect.offset()) {
                    throw new DifferenceFound(Kind.MOVED, effect.place(),
                            "this " + effect.type() + " stands before the event that caused it",
                            "an offset above " + candidate.offset(), effect.offset());
                }
                return candidate;
            }
        }
        Known first = candidates.getFirst();
        throw new DifferenceFound(Kind.CHANGED, first.place(),
                "this " + first.type() + " has changed since it caused the " + effect.type() + " at "
                        + effect.place(),
                "the digest " + effect.causeDigest(), first.digests().getFirst());
    }
}
