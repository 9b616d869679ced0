package io.turnstream.dispatch;

import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.state.DeferredRequest;
import io.turnstream.contracts.state.DialogueLeaves;
import io.turnstream.contracts.state.DialogueState;
import io.turnstream.contracts.state.JudgementSetProgress;
import io.turnstream.contracts.state.JudgementState;
import io.turnstream.contracts.state.QueuedDialogue;
import io.turnstream.contracts.state.QuotaLedger;
import io.turnstream.contracts.state.RunProgress;
import io.turnstream.events.Topics;
import io.turnstream.messaging.BoundedEvents;
import io.turnstream.messaging.EventSerde;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The dispatcher's parts, each a sub-topology, talking through topics:
///
/// ```
///  dialogues ───────┐                      ┌─► dialogue-events
///  turn-answers ────┤                      ├─► turn-requests
///  judgements ──────┼─► dialogue-machine ──┼─► judge-requests
///  dialogue-        │    (by dialogueId)   └─► dialogue-progress ─┐
///  commands ────────┘                                             ▼
///      ▲                                   runs ────────► run-controller ─► runs, run-control
///      └──────────────────────────────────────────── judgement-set-controller (both by runId)
///
///  quota-asks ──► quota-grantor (by quota group) ──► quota-leases
/// ```
///
/// Judging a recorded run again takes the same way: [TranscriptReplayer] reads its transcripts back into
/// dialogue-commands, the judgement set's window lets them in, the dialogue machine asks, accepts and numbers.
///
/// Both run under `exactly_once_v2`: what is accepted, what is asked next and the state that says so are one
/// transaction.
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
    static final String JUDGEMENTS = "judgements";
    static final String JUDGEMENT_SETS = "judgement-sets";
    static final String JUDGEMENT_QUEUE = "judgement-queue";
    static final String JUDGEMENT_LEAVES = "judgement-leaves";

    static final String TO_EVENTS = "to-dialogue-events";
    static final String TO_TURN_REQUESTS = "to-turn-requests";
    static final String TO_JUDGE_REQUESTS = "to-judge-requests";
    static final String TO_PROGRESS = "to-dialogue-progress";
    static final String TO_COMMANDS = "to-dialogue-commands";
    static final String TO_RUNS = "to-runs";
    static final String TO_RUN_CONTROL = "to-run-control";

    static final String QUOTAS = "quota-ledgers";
    static final String TO_QUOTA_LEASES = "to-quota-leases";

    private static final String DIALOGUE_MACHINE = "dialogue-machine";
    private static final String RUN_CONTROLLER = "run-controller";
    private static final String SET_CONTROLLER = "judgement-set-controller";
    private static final String QUOTA_GRANTOR = "quota-grantor";

    private DispatcherTopology() {}

    /// Builds the topology.
    ///
    /// @param signing signs seals, or leaves them as they are
    /// @param quotas what a quota means in time
    static Topology build(EventSerde serde, UnaryOperator<RunSealed> signing, QuotaTerms quotas) {
        return build(serde, signing, quotas, Stores::persistentKeyValueStore);
    }

    /// @param stores makes the stores of a name
    static Topology build(EventSerde serde, UnaryOperator<RunSealed> signing,
            Function<String, KeyValueBytesStoreSupplier> stores) {
        return build(serde, signing, QuotaTerms.MINUTE, stores);
    }

    private static Topology build(
            EventSerde serde, UnaryOperator<RunSealed> signing, QuotaTerms quotas,
            Function<String, KeyValueBytesStoreSupplier> stores) {
        Topology topology = new Topology();
        addDialogueMachine(topology, serde, stores);
        addRunController(topology, serde, signing, stores);
        addRunControls(topology, serde);
        addQuotaGrantor(topology, serde, quotas);
        return topology;
    }

    /// Apart from the rest; it stands idle where nobody calls under a quota. Its ledgers are small and short-lived.
    private static void addQuotaGrantor(Topology topology, EventSerde serde, QuotaTerms quotas) {
        source(topology, "from-quota-asks", Topics.QUOTA_ASKS, serde);
        topology.addProcessor(QUOTA_GRANTOR, () -> new QuotaProcessor(quotas), "from-quota-asks");
        topology.addStateStore(store(Stores.inMemoryKeyValueStore(QUOTAS), QuotaLedger.getClassSchema()),
                QUOTA_GRANTOR);
        sink(topology, TO_QUOTA_LEASES, Topics.QUOTA_LEASES, serde, QUOTA_GRANTOR);
    }

    private static void addDialogueMachine(
            Topology topology, EventSerde serde, Function<String, KeyValueBytesStoreSupplier> stores) {
        source(topology, "from-dialogues", Topics.DIALOGUES, serde);
        source(topology, "from-dialogue-commands", Topics.DIALOGUE_COMMANDS, serde);
        source(topology, "from-turn-answers", Topics.TURN_ANSWERS, serde);
        source(topology, "from-judgements", Topics.JUDGEMENTS, serde);
        topology.addProcessor(DIALOGUE_MACHINE, DialogueProcessor::new, "from-dialogues", "from-dialogue-commands",
                "from-turn-answers", "from-judgements");
        topology.addStateStore(store(stores.apply(PLANS), DialoguePlan.getClassSchema()), DIALOGUE_MACHINE);
        topology.addStateStore(store(stores.apply(DIALOGUES), DialogueState.getClassSchema()), DIALOGUE_MACHINE);
        topology.addStateStore(store(stores.apply(DEFERRED), DeferredRequest.getClassSchema()), DIALOGUE_MACHINE);
        topology.addStateStore(store(stores.apply(JUDGEMENTS), JudgementState.getClassSchema()), DIALOGUE_MACHINE);
        sink(topology, TO_EVENTS, Topics.DIALOGUE_EVENTS, serde, DIALOGUE_MACHINE);
        sink(topology, TO_TURN_REQUESTS, Topics.TURN_REQUESTS, serde, DIALOGUE_MACHINE);
        sink(topology, TO_JUDGE_REQUESTS, Topics.JUDGE_REQUESTS, serde, DIALOGUE_MACHINE);
        sink(topology, TO_PROGRESS, Topics.DIALOGUE_PROGRESS, serde, DIALOGUE_MACHINE);
    }

    private static void addRunController(
            Topology topology, EventSerde serde, UnaryOperator<RunSealed> signing,
            Function<String, KeyValueBytesStoreSupplier> stores) {
        source(topology, "from-runs", Topics.RUNS, serde);
        source(topology, "from-dialogue-progress", Topics.DIALOGUE_PROGRESS, serde);
        topology.addProcessor(RUN_CONTROLLER, () -> new RunProcessor(signing), "from-runs", "from-dialogue-progress");
        topology.addProcessor(SET_CONTROLLER, () -> new JudgementSetProcessor(signing), "from-runs",
                "from-dialogue-progress");
        // the same few entries change all the time: one record a transaction in their changelog will do
        topology.addStateStore(store(stores.apply(RUNS), RunProgress.getClassSchema()).withCachingEnabled(),
                RUN_CONTROLLER, SET_CONTROLLER);
        topology.addStateStore(
                store(stores.apply(JUDGEMENT_SETS), JudgementSetProgress.getClassSchema()).withCachingEnabled(),
                RUN_CONTROLLER,
                SET_CONTROLLER);
        topology.addStateStore(store(stores.apply(JUDGEMENT_QUEUE), QueuedDialogue.getClassSchema()), SET_CONTROLLER);
        topology.addStateStore(store(stores.apply(JUDGEMENT_LEAVES), DialogueLeaves.getClassSchema()), SET_CONTROLLER);
        topology.addStateStore(store(stores.apply(QUEUE), QueuedDialogue.getClassSchema()), RUN_CONTROLLER);
        topology.addStateStore(store(stores.apply(LEAVES), DialogueLeaves.getClassSchema()), RUN_CONTROLLER);
        sink(topology, TO_COMMANDS, Topics.DIALOGUE_COMMANDS, serde, RUN_CONTROLLER, SET_CONTROLLER);
        sink(topology, TO_RUNS, Topics.RUNS, serde, RUN_CONTROLLER, SET_CONTROLLER);
        sink(topology, TO_RUN_CONTROL, Topics.RUN_CONTROL, serde, RUN_CONTROLLER, SET_CONTROLLER);
    }

    /// Every instance reads the state of every run and judgement set, so that a deferred request goes out again only
    /// while its run is running.
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
                        // a record of another kind tells nothing about a run
                        if (record.key() != null && record.value() instanceof RunControl control) {
                            controls.put(record.key(), control);
                        }
                    }
                });
    }

    private static void source(Topology topology, String name, Topics topic, EventSerde serde) {
        Deserializer<SpecificRecord> values = serde.deserializer();
        topology.addSource(name, new StringDeserializer(), values, topic.topicName());
    }

    private static void sink(Topology topology, String name, Topics topic, EventSerde serde, String... parents) {
        Serializer<SpecificRecord> values = BoundedEvents.of(serde.serializer());
        topology.addSink(name, topic.topicName(), new StringSerializer(), values, parents);
    }

    /// Without a cache: what belongs to one dialogue hardly changes twice in a transaction, and what a cache held back
    /// would go to the changelog task by task when the transaction ends, each waiting until the broker has the last
    /// one's.
    private static <T extends SpecificRecord> StoreBuilder<KeyValueStore<String, T>> store(
            KeyValueBytesStoreSupplier supplier, Schema schema) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.String(), StateSerde.<T>of(schema));
    }
}
