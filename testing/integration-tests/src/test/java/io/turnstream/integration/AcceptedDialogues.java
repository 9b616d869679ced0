package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.EventLog;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Subject;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;

/// What was accepted of a run, dialogue by dialogue.
///
/// @param planned ids of the dialogues in the plan
/// @param byDialogue accepted events in the order of the log
record AcceptedDialogues(Set<String> planned, Map<String, List<SpecificRecord>> byDialogue) {

    static AcceptedDialogues of(EventLog log, String runId) {
        Set<String> planned = log.events(Topics.DIALOGUES, DialoguePlanned.class, runId).stream()
                .map(event -> subject(event).getDialogueId()).collect(Collectors.toSet());
        Map<String, List<SpecificRecord>> byDialogue = new TreeMap<>();
        for (SpecificRecord event : log.events(Topics.DIALOGUE_EVENTS, SpecificRecord.class, runId)) {
            byDialogue.computeIfAbsent(subject(event).getDialogueId(), id -> new ArrayList<>()).add(event);
        }
        return new AcceptedDialogues(planned, byDialogue);
    }

    /// Every planned dialogue was opened, judged and closed once, and its events are numbered without gap or
    /// repetition.
    void requireEachOnce() {
        assertThat(byDialogue.keySet()).isEqualTo(planned).isNotEmpty();
        byDialogue.forEach((id, events) -> {
            assertThat(count(events, DialogueOpened.class)).as("openings of %s", id).isEqualTo(1);
            assertThat(count(events, DialogueClosed.class)).as("closings of %s", id).isEqualTo(1);
            assertThat(count(events, JudgementSettled.class)).as("verdicts of %s", id).isEqualTo(1);
            assertThat(events).as("events of %s", id).extracting(event -> EventTypes.metaOf(event).getEventId())
                    .doesNotHaveDuplicates();
            assertThat(events.stream().mapToInt(AcceptedDialogues::sequence).toArray()).as("sequence of %s", id)
                    .isEqualTo(IntStream.range(0, events.size()).toArray());
        });
    }

    private static long count(List<SpecificRecord> events, Class<?> type) {
        return events.stream().filter(type::isInstance).count();
    }

    private static int sequence(SpecificRecord event) {
        return (Integer) event.get(event.getSchema().getField("sequence").pos());
    }

    /// The dialogue that an event is about.
    static Subject subject(SpecificRecord event) {
        return switch (event) {
            case DialoguePlanned planned -> planned.getPlan().getSubject();
            case DialogueOpened opened -> opened.getPlan().getSubject();
            default -> (Subject) event.get(event.getSchema().getField("subject").pos());
        };
    }
}
