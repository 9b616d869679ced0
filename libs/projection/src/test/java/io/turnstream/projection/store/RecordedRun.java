package io.turnstream.projection.store;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.PlannedCell;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.ScoreCell;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepParameters;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.Usage;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A small run as its events: two unsafe dialogues of split A about two images, each with one turn, one multiple-choice
/// question and a verdict.
final class RecordedRun {

    static final String RUN = "01JD0000000000000000000001";
    static final String SET = "js-0123456789abcdef";
    static final CallParameters CALL = new CallParameters(0.1, 128, null);

    private RecordedRun() {}

    static Subject subject(int row) {
        return subject(RUN, row);
    }

    static Subject subject(String runId, int row) {
        return new Subject(runId, Ids.dialogueId(runId, Split.TYPE_A, row, Modality.MULTIMODAL, Intent.UNSAFE, 0, 1),
                Split.TYPE_A, row,
                Modality.MULTIMODAL, Intent.UNSAFE, 0, 1, "fire.works", ("image-" + row).repeat(8));
    }

    static List<Entry> runEvents(RunState end) {
        Selection selection = new Selection(List.of(Split.TYPE_A), List.of(), List.of(), 0, 2, List.of(), false, 1);
        StepParameters parameters = new StepParameters(CALL, CALL, CALL, new CallParameters(0.0, 256, null));
        CallLimits limits = new CallLimits(8, 3, 60_000L, null, null, null, null);
        List<PlannedCell> cells = List.of(planned(StepKind.TURN, 2), planned(StepKind.MCQ, 2),
                planned(StepKind.JUDGE, 2));
        List<OutcomeCount> outcomes = List.of(new OutcomeCount(StepKind.TURN, Outcome.ANSWERED, 2L),
                new OutcomeCount(StepKind.MCQ, Outcome.ANSWERED, 1L),
                new OutcomeCount(StepKind.MCQ, Outcome.ANSWER_UNPARSEABLE, 1L),
                new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, 2L));
        return List.of(
                run(new RunRequested(meta("request"), RUN, new ModelTarget("sim", "contextual"),
                        new ModelTarget("sim", "judge"), null,
                        List.of("datasets/bundled"), null, null, selection, "p".repeat(64), "mtmcs-v1", parameters,
                        limits, limits, 64,
                        false, null, List.of("nightly"), "tester", "0.1.0", null, null, null)),
                run(new RowRejected(meta("reject"), RUN, "type_a.parquet", Split.TYPE_A, 7L, 8, "r2", "is empty",
                        "a user turn",
                        "fill it in", false)),
                run(new RunPlanned(meta("planned"), RUN, 2, cells, 3L, 1L, 0L, 0L, "d".repeat(64), null, SET, 2L, 0L)),
                run(state(1, RunState.RUNNING, List.of())),
                run(state(2, end, outcomes)));
    }

    static RunStateChanged state(long version, RunState state, List<OutcomeCount> outcomes) {
        return new RunStateChanged(meta("state-" + version), RUN, version, state, null, outcomes, 2, 40L, 6L, 0L, null,
                null, null, null, null);
    }

    static Entry run(org.apache.avro.specific.SpecificRecord event) {
        return new Entry(RUN, event);
    }

    static List<Entry> dialogueEvents(int row) {
        Subject subject = subject(row);
        String id = subject.getDialogueId();
        Question question = new Question(new Step("mcq-0", StepKind.MCQ), "unsafe_intent",
                Texts.of("Which?", new byte[16]),
                List.of(Texts.of("this", new byte[16]), Texts.of("that", new byte[16])), "B");
        DialoguePlan plan = new DialoguePlan(subject, row, new ModelTarget("sim", "contextual"),
                new ModelTarget("sim", "judge"), SET,
                "p".repeat(64), new StepParameters(CALL, CALL, CALL, CALL),
                new CallLimits(8, 3, 60_000L, null, null, null, null),
                new CallLimits(8, 3, 60_000L, null, null, null, null),
                List.of(Texts.of("Hello", new byte[16])), List.of(question), Texts.of("A caption.", new byte[16]),
                "i".repeat(64), "image/jpeg");
        return List.of(
                new Entry(id, new DialogueOpened(meta("open"), 0, plan)),
                new Entry(id, step(subject, 1, "r1", StepKind.TURN, 1, Outcome.ANSWERED, "Good day", null)),
                new Entry(id,
                        step(subject, 2, "mcq-0", StepKind.MCQ, 1,
                                row == 1 ? Outcome.ANSWERED : Outcome.ANSWER_UNPARSEABLE, "B", "B")),
                new Entry(id, new JudgementSettled(meta("verdict"), subject, 3, Ids.judgeRequestId(id, 1, SET), SET,
                        new ModelTarget("sim", "judge"), 1, Outcome.JUDGED, 4, answer("{\"score\": 4}", "4"))),
                new Entry(id, new DialogueClosed(meta("closed"), subject, 4,
                        List.of(new OutcomeCount(StepKind.TURN, Outcome.ANSWERED, 1L)), true)));
    }

    static StepSettled step(Subject subject, int sequence, String name, StepKind kind, int generation, Outcome outcome,
            String text,
            @Nullable String truth) {
        return new StepSettled(meta(name + '-' + generation), subject, sequence,
                Ids.requestId(subject.getDialogueId(), name, generation),
                new Step(name, kind), generation, outcome, Texts.of("prompt of " + name, new byte[16]), truth,
                answer(text, null));
    }

    static Answer answer(String text, @Nullable String reading) {
        return new Answer(Texts.of(text, new byte[16]), null, reading, null, "stop", "contextual-2026", "fp-1", CALL,
                new CallParameters(null, 128, null), new Usage(100L, 12L, 0L), 20L,
                List.of(new Attempt("ok", 200, 5L, 7L, 0L)),
                "m".repeat(64), null, "worker-1", 5L, 12L, null, null);
    }

    /// Rows and cells of both dialogues as the aggregator would write them.
    static List<Entry> rows() {
        List<Entry> rows = new ArrayList<>();
        for (int row = 1; row <= 2; row++) {
            boolean answered = row == 1;
            rows.add(row(row, "r1", StepKind.TURN, 1, Outcome.ANSWERED, false, 0, false, 0));
            rows.add(row(row, "mcq-0", StepKind.MCQ, 2, answered ? Outcome.ANSWERED : Outcome.ANSWER_UNPARSEABLE, true,
                    answered ? 1 : 0,
                    answered, answered ? 1 : 0));
            rows.add(row(row, "judge", StepKind.JUDGE, 3, Outcome.JUDGED, true, 3 + row, true, 3 + row));
        }
        return rows;
    }

    static Entry row(int row, String step, StepKind kind, long version, Outcome outcome, boolean corrected,
            int correctedValue,
            boolean reference, int referenceValue) {
        Subject subject = subject(row);
        String set = kind == StepKind.JUDGE ? SET : null;
        String rowId = set == null
                ? Ids.rowId(subject.getDialogueId(), step)
                : Ids.judgementRowId(subject.getDialogueId(), set);
        return new Entry(rowId,
                new ScoreRow(meta(step), rowId, version, subject, new Step(step, kind), set, outcome, corrected,
                        correctedValue, reference, referenceValue, 1, 100L, 12L, 20L));
    }

    static List<Entry> cells() {
        return List.of(
                cell(StepKind.TURN, 2, List.of(new OutcomeCount(StepKind.TURN, Outcome.ANSWERED, 2L)), 0, 0),
                cell(StepKind.MCQ, 2, List.of(new OutcomeCount(StepKind.MCQ, Outcome.ANSWERED, 1L),
                        new OutcomeCount(StepKind.MCQ, Outcome.ANSWER_UNPARSEABLE, 1L)), 2, 1),
                cell(StepKind.JUDGE, 2, List.of(new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, 2L)), 2, 9));
    }

    static Entry cell(StepKind kind, long version, List<OutcomeCount> outcomes, long count, long sum) {
        String set = kind == StepKind.JUDGE ? SET : null;
        String cellId = String.join("|", RUN, "type_a", "multimodal", "unsafe", "fire.works", Ids.wireName(kind),
                set == null ? "" : set, "1");
        return new Entry(cellId,
                new ScoreCell(meta(cellId), cellId, RUN, Split.TYPE_A, Modality.MULTIMODAL, Intent.UNSAFE, "fire.works",
                        kind,
                        set, 1, version, outcomes, count, sum, count, sum, 2L, 200L, 24L, 40L, 0L));
    }

    private static PlannedCell planned(StepKind kind, long count) {
        return new PlannedCell(Split.TYPE_A, Modality.MULTIMODAL, Intent.UNSAFE, "fire.works", kind, count);
    }

    static EventMeta meta(String eventId) {
        return new EventMeta(eventId, null, null, 1_767_225_600_000L);
    }
}
