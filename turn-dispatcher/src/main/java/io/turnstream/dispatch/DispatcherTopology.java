package io.turnstream.dispatch;

import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.Topics;
import io.turnstream.contracts.state.DeferredRequest;
import io.turnstream.contracts.state.DialogueLeaves;
import io.turnstream.contracts.state.DialogueState;
import io.turnstream.contracts.state.QueuedDialogue;
import io.turnstream.contracts.state.RunProgress;
import io.turnstream.messaging.EventSerde;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The dispatcher's two halves, each a sub-topology, talking through topics:
///
/// ```
///  dialogues ───────┐                      ┌─► dialogue-events
///  turn-answers ────┤                      ├─► turn-requests
///  judgements ──────┼─► dialogue-machine ──┼─► judge-requests
///  dialogue-        │    (by dialogueId)   └─► dialogue-progress ─┐
///  commands ────────┘                                             ▼
///      ▲                                   runs ────────► run-controller ─► runs, run-control
///      └──────────────────────────────────────────────────── (by runId)
/// ```
///
/// Both run under `exactly_once_v2`: what is accepted, what is asked next and the state that says so are one transaction.
public final class DispatcherTopology {

    /// This service, as in `ce_source`.
    public static final String SOURCE = "turn-dispatcher";

    static final String PLANS = "dialogue-plans";
    static final String DIALOGUES = "dialogue-states";
    static final String DEFERRED = "deferred-requests";
    static final String RUN_CONTROLS = "run-controls";
    static final String RUNS = "run-progress";
    static final String QUEUE = "run-queue";
    static final String LEAVES = "run-leaves";

    static final String TO_EVENTS = "to-dialogue-events";
    static final String TO_TURN_REQUESTS = "to-turn-requests";
    static final String TO_JUDGE_REQUESTS = "to-judge-requests";
    static final String TO_PROGRESS = "to-dialogue-progress";
    static final String TO_COMMANDS = "to-dialogue-commands";
    static final String TO_RUNS = "to-runs";
    static final String TO_RUN_CONTROL = "to-run-control";

    private static final String DIALOGUE_MACHINE = "dialogue-machine";
    private static final String RUN_CONTROLLER = "run-controller";

    private DispatcherTopology() {}

    /// Builds the topology.
    public static Topology build(EventSerde serde) {
        Topology topology = new Topology();
        addDialogueMachine(topology, serde);
        addRunController(topology, serde);
        addRunControls(topology, serde);
        return topology;
    }

    private static void addDialogueMachine(Topology topology, EventSerde serde) {
        source(topology, "from-dialogues", Topics.DIALOGUES, serde);
        source(topology, "from-dialogue-commands", Topics.DIALOGUE_COMMANDS, serde);
        source(topology, "from-turn-answers", Topics.TURN_ANSWERS, serde);
        source(topology, "from-judgements", Topics.JUDGEMENTS, serde);
        topology.addProcessor(DIALOGUE_MACHINE, DialogueProcessor::new, "from-dialogues", "from-dialogue-commands",
                "from-turn-answers", "from-judgements");
        topology.addStateStore(store(PLANS, DialoguePlan.getClassSchema()), DIALOGUE_MACHINE);
        topology.addStateStore(store(DIALOGUES, DialogueState.getClassSchema()), DIALOGUE_MACHINE);
        topology.addStateStore(store(DEFERRED, DeferredRequest.getClassSchema()), DIALOGUE_MACHINE);
        sink(topology, TO_EVENTS, Topics.DIALOGUE_EVENTS, serde, DIALOGUE_MACHINE);
        sink(topology, TO_TURN_REQUESTS, Topics.TURN_REQUESTS, serde, DIALOGUE_MACHINE);
        sink(topology, TO_JUDGE_REQUESTS, Topics.JUDGE_REQUESTS, serde, DIALOGUE_MACHINE);
        sink(topology, TO_PROGRESS, Topics.DIALOGUE_PROGRESS, serde, DIALOGUE_MACHINE);
    }

    private static void addRunController(Topology topology, EventSerde serde) {
        source(topology, "from-runs", Topics.RUNS, serde);
        source(topology, "from-dialogue-progress", Topics.DIALOGUE_PROGRESS, serde);
        topology.addProcessor(RUN_CONTROLLER, RunProcessor::new, "from-runs", "from-dialogue-progress");
        topology.addStateStore(store(RUNS, RunProgress.getClassSchema()), RUN_CONTROLLER);
        topology.addStateStore(store(QUEUE, QueuedDialogue.getClassSchema()), RUN_CONTROLLER);
        topology.addStateStore(store(LEAVES, DialogueLeaves.getClassSchema()), RUN_CONTROLLER);
        sink(topology, TO_COMMANDS, Topics.DIALOGUE_COMMANDS, serde, RUN_CONTROLLER);
        sink(topology, TO_RUNS, Topics.RUNS, serde, RUN_CONTROLLER);
        sink(topology, TO_RUN_CONTROL, Topics.RUN_CONTROL, serde, RUN_CONTROLLER);
    }

    /// Every instance reads the state of every run, so that a deferred request goes out again only while its run is running.
    private static void addRunControls(Topology topology, EventSerde serde) {
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(RUN_CONTROLS), Serdes.String(),
                                StateSerde.<RunControl>of(RunControl.getClassSchema()))
                        .withLoggingDisabled(),
                "from-run-control",
                new StringDeserializer(),
                serde.deserializer(),
                Topics.RUN_CONTROL.topicName(),
                "run-control-table",
                () -> new ContextualProcessor<String, SpecificRecord, Void, Void>() {
                    @Override
                    public void process(Record<String, SpecificRecord> record) {
                        KeyValueStore<String, RunControl> controls = context().getStateStore(RUN_CONTROLS);
                        controls.put(record.key(), (RunControl) record.value());
                    }
                });
    }

    private static void source(Topology topology, String name, Topics topic, EventSerde serde) {
        Deserializer<SpecificRecord> values = serde.deserializer();
        topology.addSource(name, new StringDeserializer(), values, topic.topicName());
    }

    private static void sink(Topology topology, String name, Topics topic, EventSerde serde, String parent) {
        Serializer<SpecificRecord> values = serde.serializer();
        topology.addSink(name, topic.topicName(), new StringSerializer(), values, parent);
    }

    private static <T extends SpecificRecord> StoreBuilder<KeyValueStore<String, T>> store(String name, Schema schema) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), StateSerde.<T>of(schema))
                .withCachingEnabled();
    }
}
