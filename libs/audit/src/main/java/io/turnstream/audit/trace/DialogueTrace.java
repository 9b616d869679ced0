package io.turnstream.audit.trace;

import io.turnstream.audit.LoggedEvent;
import io.turnstream.audit.RunEvents;
import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.DialogueRegistered;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Header;

/// Every event of one dialogue, in the order in which it happened: none stands before the one that caused it.
///
/// @param events with the request for the run as the first
/// @param accepted eventIds of the answers that were accepted
public record DialogueTrace(String dialogueId, List<LoggedEvent> events, Set<String> accepted) {

    /// What one transaction writes has one time: in it, what was accepted comes before what is asked next.
    private static final List<Topics> WRITTEN = List.of(Topics.RUNS, Topics.DIALOGUES, Topics.DIALOGUE_COMMANDS,
            Topics.DIALOGUE_EVENTS, Topics.TURN_REQUESTS,
            Topics.TURN_ANSWERS, Topics.JUDGE_REQUESTS, Topics.JUDGEMENTS, Topics.DIALOGUE_PROGRESS);

    public DialogueTrace {
        events = List.copyOf(events);
        accepted = Set.copyOf(accepted);
    }

    /// Reads a dialogue's events.
    ///
    /// @param dialogueId full id
    /// @return without events but the run's request where the run has no such dialogue
    public static DialogueTrace of(RunEvents events, String dialogueId) {
        List<LoggedEvent> found = new ArrayList<>();
        events.read(Topics.RUNS, event -> {
            if (event.event() instanceof RunRequested) {
                found.add(event);
            }
        });
        events.read(Topics.DIALOGUE_PROGRESS, event -> {
            boolean ofDialogue = switch (event.event()) {
                case DialogueRegistered registered -> registered.getDialogueId().equals(dialogueId);
                case DialogueFinished finished -> finished.getDialogueId().equals(dialogueId);
                default -> false;
            };
            if (ofDialogue) {
                found.add(event);
            }
        });
        int partition = events.partitionOf(dialogueId);
        for (Topics topic : RunEvents.BY_DIALOGUE) {
            events.read(topic, partition, event -> {
                if (event.key().equals(dialogueId)) {
                    found.add(event);
                }
            });
        }
        return new DialogueTrace(dialogueId, inOrder(found), acceptedOf(found));
    }

    /// Whether an event is an answer that was never accepted.
    boolean isLeftOut(LoggedEvent event) {
        return (event.event() instanceof TurnAnswered || event.event() instanceof JudgementGiven)
                && !accepted.contains(event.meta().getEventId());
    }

    /// When a record was written, ms since the epoch; where it was brought in from elsewhere, when it was written
    /// there.
    static long writtenAtMillis(LoggedEvent event) {
        Header origin = event.headers().lastHeader(EventHeaders.ORIGIN);
        if (origin != null) {
            String text = new String(origin.value(), StandardCharsets.UTF_8);
            String millis = text.substring(text.lastIndexOf('@') + 1);
            if (millis.matches("\\d{1,18}")) {
                return Long.parseLong(millis);
            }
        }
        return event.timestampMillis();
    }

    private static List<LoggedEvent> inOrder(List<LoggedEvent> found) {
        List<LoggedEvent> byTime = new ArrayList<>(found);
        byTime.sort(Comparator.comparingLong(DialogueTrace::writtenAtMillis)
                .thenComparingInt(event -> WRITTEN.indexOf(event.topic()))
                .thenComparingLong(LoggedEvent::offset));
        Map<String, LoggedEvent> byId = new HashMap<>();
        byTime.forEach(event -> byId.putIfAbsent(event.meta().getEventId(), event));
        Set<LoggedEvent> ordered = new LinkedHashSet<>();
        byTime.forEach(event -> addAfterCauses(event, byId, new HashSet<>(), ordered::add));
        return List.copyOf(ordered);
    }

    private static void addAfterCauses(LoggedEvent event, Map<String, LoggedEvent> byId, Set<String> pending,
            Consumer<LoggedEvent> sink) {
        String causeId = event.meta().getCauseId();
        LoggedEvent cause = causeId == null ? null : byId.get(causeId);
        if (cause != null && pending.add(causeId)) {
            addAfterCauses(cause, byId, pending, sink);
        }
        sink.accept(event);
    }

    private static Set<String> acceptedOf(List<LoggedEvent> found) {
        Set<String> accepted = new HashSet<>();
        for (LoggedEvent event : found) {
            if (event.topic() == Topics.DIALOGUE_EVENTS && event.meta().getCauseId() != null) {
                accepted.add(event.meta().getCauseId());
            }
        }
        return accepted;
    }
}
