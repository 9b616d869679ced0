package io.turnstream.dispatch;

import static io.turnstream.dispatch.DispatcherFixture.RUN;
import static io.turnstream.dispatch.DispatcherFixture.dialogue;
import static io.turnstream.dispatch.DispatcherFixture.meta;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.JudgementSetCommanded;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetRefused;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.contracts.TranscriptsReplayed;
import io.turnstream.contracts.Usage;
import io.turnstream.dispatch.DialogueEvents.Cause;
import io.turnstream.events.EventDigests;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// A dispatcher with a recorded run, the log it wrote, and whoever reads transcripts back and judges them.
final class JudgingFixture implements AutoCloseable {

    final DispatcherFixture dispatcher;

    /// What the dispatchers wrote so far.
    final List<SpecificRecord> runs = new ArrayList<>();
    final Map<String, List<SpecificRecord>> dialogues = new TreeMap<>();
    final List<AskJudge> asked = new ArrayList<>();
    final List<SpecificRecord> askedModels = new ArrayList<>();

    private int events;

    JudgingFixture() {
        this(new DispatcherFixture());
    }

    private JudgingFixture(DispatcherFixture dispatcher) {
        this.dispatcher = dispatcher;
    }

    /// Another dispatcher without any state, and the same log: an installation that a run was brought into.
    JudgingFixture withoutState() {
        collect();
        JudgingFixture other = new JudgingFixture();
        dialogues.forEach((id, list) -> other.dialogues.put(id, new ArrayList<>(list)));
        other.runs.addAll(runs);
        return other;
    }

    /// Records a run whose dialogues are answered, and judged by its own judge with the score 3.
    void record(int count) {
        record(count, count);
    }

    /// @param reached how many of them come to their third answer; the others end with an error
    void record(int count, int reached) {
        dispatcher.requestRun(count);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            dispatcher.planDialogue(ordinal, 0);
        }
        dispatcher.planned(count);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            dispatcher.answer(ordinal, "r1", Outcome.ANSWERED, "first");
            if (ordinal < reached) {
                dispatcher.answer(ordinal, "r2", Outcome.ANSWERED, "second");
                dispatcher.answer(ordinal, "r3", Outcome.ANSWERED, "third");
                dispatcher.judge(ordinal, 3);
            } else {
                dispatcher.answer(ordinal, "r2", Outcome.PROVIDER_ERROR, "");
            }
        }
        collect();
        asked.clear();
        askedModels.clear();
    }

    /// Brings a run's dialogues to where its judge is asked.
    void answerAll(int count) {
        dispatcher.requestRun(count);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            dispatcher.planDialogue(ordinal, 0);
        }
        dispatcher.planned(count);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            for (String turn : List.of("r1", "r2", "r3")) {
                dispatcher.answer(ordinal, turn, Outcome.ANSWERED, turn);
            }
        }
        collect();
    }

    void collect() {
        runs.addAll(dispatcher.take(Topics.RUNS));
        for (TestRecord<String, SpecificRecord> event : dispatcher.takeRecords(Topics.DIALOGUE_EVENTS)) {
            dialogues.computeIfAbsent(event.key(), id -> new ArrayList<>()).add(event.value());
        }
        dispatcher.take(Topics.JUDGE_REQUESTS).forEach(ask -> asked.add((AskJudge) ask));
        askedModels.addAll(dispatcher.take(Topics.TURN_REQUESTS));
    }

    // ---- asking

    static JudgementSpec spec(String judge) {
        return spec(judge, 1);
    }

    static JudgementSpec spec(String judge, int replicate) {
        JudgementSpec spec = new JudgementSpec("", DispatcherFixture.target(judge), new CallParameters(0.1, 128, null),
                DispatcherFixture.limits(), "pack", "mtmcs-v1", null, replicate);
        spec.setJudgementSetId(Ids.judgementSetId(RUN, spec));
        return spec;
    }

    /// The same judge, whose tokens cost 1,000 nano-USD each.
    static JudgementSpec priced(JudgementSpec spec) {
        return JudgementSpec.newBuilder(spec).setLimits(DispatcherFixture.pricedLimits()).build();
    }

    /// The set of the run's own judge, by the id that the run's plan gave it.
    static JudgementSpec ownSpec() {
        JudgementSpec spec = spec("j");
        spec.setJudgementSetId(Ids.judgementSetId(RUN, spec));
        return spec;
    }

    void request(JudgementSpec spec, boolean onlyUnscored, int window, String... selection) {
        request(spec, onlyUnscored, window, List.of(selection), null);
    }

    /// A set that may spend so much.
    void requestLimited(JudgementSpec spec, boolean onlyUnscored, int window, long costLimitNanoUsd) {
        request(spec, onlyUnscored, window, List.of(), costLimitNanoUsd);
    }

    private void request(JudgementSpec spec, boolean onlyUnscored, int window, List<String> selection,
            @Nullable Long costLimitNanoUsd) {
        dispatcher.send(Topics.RUNS, RUN,
                new JudgementSetRequested(meta("ask-" + ++events), RUN, spec, onlyUnscored, selection, window,
                        "tester", "test", costLimitNanoUsd));
        collect();
    }

    void command(JudgementSpec spec, RunCommand command) {
        dispatcher.send(Topics.RUNS, RUN,
                new JudgementSetCommanded(meta("command-" + ++events), RUN, spec.getJudgementSetId(), command,
                        "because", "tester"));
        collect();
    }

    // ---- reading back, as the replayer does

    JudgementSetOpened opened() {
        return (JudgementSetOpened) runs.stream().filter(JudgementSetOpened.class::isInstance)
                .reduce((first, second) -> second).orElseThrow();
    }

    void replay() {
        replay(opened());
    }

    void replay(JudgementSetOpened opened) {
        replay(opened, dialogues.keySet().stream().filter(id -> id.startsWith(opened.getRunId())).toList());
        replayed(opened);
    }

    void replay(JudgementSetOpened opened, Collection<String> which) {
        for (String dialogueId : List.copyOf(which)) {
            dispatcher.send(Topics.DIALOGUE_COMMANDS, dialogueId, transcript(opened, dialogueId));
        }
        collect();
    }

    TranscriptReplayed transcript(JudgementSetOpened opened, String dialogueId) {
        RecordedDialogue recorded = new RecordedDialogue();
        dialogues.get(dialogueId).forEach(
                event -> recorded.add(event, opened.getSpec().getJudgementSetId(), () -> EventDigests.of(event)));
        return recorded.transcript(opened, new RecordedDialogue.Selected() {
            @Override
            public boolean contains(String id) {
                return opened.getDialogueIds().isEmpty() || opened.getDialogueIds().contains(id);
            }

            @Override
            public Cause cause() {
                return new Cause(opened.getMeta().getEventId(), EventDigests.of(opened),
                        opened.getMeta().getOccurredAtMillis());
            }
        });
    }

    void replayed(JudgementSetOpened opened) {
        replayed(opened, null);
    }

    void replayed(JudgementSetOpened opened, @Nullable String problem) {
        int seals = seals(opened.getSpec()).size();
        dispatcher.send(Topics.RUNS, RUN, new TranscriptsReplayed(meta("replayed-" + ++events), RUN,
                opened.getSpec().getJudgementSetId(),
                opened.getRound(),
                problem == null ? (int) dialogues.keySet().stream().filter(id -> id.startsWith(RUN)).count() : 0, seals,
                problem, null));
        collect();
    }

    // ---- judging

    /// Answers every request since the last call.
    void judgeAll(int score) {
        while (!asked.isEmpty()) {
            for (AskJudge ask : List.copyOf(takeAsked())) {
                give(ask, Outcome.JUDGED, score);
            }
        }
    }

    List<AskJudge> takeAsked() {
        List<AskJudge> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    void give(AskJudge ask, Outcome outcome, @Nullable Integer score) {
        give(ask, outcome, score, DispatcherFixture.answerOf("{\"score\":" + score + "}"));
    }

    /// A verdict of 100 + 10 tokens at such a cost.
    void givePaid(AskJudge ask, Outcome outcome, long costNanoUsd) {
        give(ask, outcome, outcome == Outcome.JUDGED ? 4 : null, DispatcherFixture.paid("{}", costNanoUsd));
    }

    private void give(AskJudge ask, Outcome outcome, @Nullable Integer score, Answer answer) {
        dispatcher.send(Topics.JUDGEMENTS, ask.getSubject().getDialogueId(),
                new JudgementGiven(meta("verdict-" + ++events), ask.getRequestId(),
                        ask.getSubject(), ask.getJudgementSetId(), ask.getGeneration(), outcome, score, answer));
        collect();
    }

    void defer(AskJudge ask, DeferralReason reason, long notBeforeMillis) {
        EventMeta meta = new EventMeta("deferral-" + ++events, EventTypes.metaOf(ask).getEventId(), "c".repeat(64), 0L);
        dispatcher.send(Topics.JUDGEMENTS, ask.getSubject().getDialogueId(),
                new RequestDeferred(meta, ask.getRequestId(), ask.getSubject(),
                        new Step(Ids.JUDGE, StepKind.JUDGE), reason, "because", notBeforeMillis, null, null, null));
        collect();
    }

    /// Hands a request back after an answer of 100 + 10 tokens at such a cost.
    void deferPaid(AskJudge ask, long costNanoUsd) {
        EventMeta meta = new EventMeta("deferral-" + ++events, EventTypes.metaOf(ask).getEventId(), "c".repeat(64), 0L);
        dispatcher.send(Topics.JUDGEMENTS, ask.getSubject().getDialogueId(),
                new RequestDeferred(meta, ask.getRequestId(), ask.getSubject(),
                        new Step(Ids.JUDGE, StepKind.JUDGE), DeferralReason.REVOKED, "the worker stops", 0L,
                        new Usage(100L, 10L, 0L), costNanoUsd, null));
        collect();
    }

    // ---- what came of it

    List<JudgementSetStateChanged> changes(JudgementSpec spec) {
        return runs.stream().filter(JudgementSetStateChanged.class::isInstance)
                .map(JudgementSetStateChanged.class::cast)
                .filter(change -> change.getJudgementSetId().equals(spec.getJudgementSetId())).toList();
    }

    List<RunState> states(JudgementSpec spec) {
        return changes(spec).stream().map(JudgementSetStateChanged::getState).toList();
    }

    List<RunSealed> seals(JudgementSpec spec) {
        return runs.stream().filter(RunSealed.class::isInstance).map(RunSealed.class::cast)
                .filter(seal -> spec.getJudgementSetId().equals(seal.getJudgementSetId())).toList();
    }

    List<String> refusals() {
        return runs.stream().filter(JudgementSetRefused.class::isInstance)
                .map(refused -> ((JudgementSetRefused) refused).getReason()).toList();
    }

    List<JudgementSettled> verdicts(JudgementSpec spec) {
        return dialogues.values().stream().flatMap(List::stream).filter(JudgementSettled.class::isInstance)
                .map(JudgementSettled.class::cast)
                .filter(verdict -> verdict.getJudgementSetId().equals(spec.getJudgementSetId())).toList();
    }

    /// Sequences of a dialogue's events, in the order of the log.
    List<Integer> sequences(int ordinal) {
        return dialogues.get(dialogue(ordinal)).stream()
                .map(event -> (Integer) event.get(event.getSchema().getField("sequence").pos())).toList();
    }

    @Override
    public void close() {
        dispatcher.close();
    }
}
