package io.turnstream.audit;

import io.turnstream.events.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/// The events of one run, wherever they are kept: in a log or in an archive. Read one topic and partition at a time,
/// each in the order of its offsets; nothing is kept in memory.
public interface RunEvents {

    /// Topics keyed by run, in the order in which they are read.
    List<Topics> BY_RUN = List.of(Topics.RUNS, Topics.DIALOGUE_PROGRESS);

    /// Topics keyed by dialogue, in the order in which they are read: what was asked before what was answered and
    /// accepted.
    List<Topics> BY_DIALOGUE = List.of(Topics.DIALOGUES, Topics.DIALOGUE_COMMANDS, Topics.TURN_REQUESTS,
            Topics.TURN_ANSWERS,
            Topics.JUDGE_REQUESTS, Topics.JUDGEMENTS, Topics.DIALOGUE_EVENTS);

    String runId();

    /// How many partitions the topics keyed by dialogue have; events of one dialogue stand in partitions of the same
    /// number.
    int partitions();

    /// The partition a dialogue's events stand in: where Kafka's clients put records with that key.
    default int partitionOf(String dialogueId) {
        return BuiltInPartitioner.partitionForKey(dialogueId.getBytes(StandardCharsets.UTF_8), partitions());
    }

    /// Reads the run's events of a topic of [#BY_RUN].
    ///
    /// @throws UnreadableRecordException if a record of the run is no event
    void read(Topics topic, Consumer<LoggedEvent> reader);

    /// Reads the run's events in one partition of a topic of [#BY_DIALOGUE].
    ///
    /// @throws UnreadableRecordException if a record of the run is no event
    void read(Topics topic, int partition, Consumer<LoggedEvent> reader);
}
