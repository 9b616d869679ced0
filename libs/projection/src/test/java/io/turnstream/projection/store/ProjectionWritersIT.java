package io.turnstream.projection.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.StepKind;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.testsupport.TestDocumentStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectionWritersIT {

    private ProjectionDatabase connection;
    private MongoDatabase database;
    private ProjectionStore store;
    private StoredReports reports;

    @BeforeEach
    void open() {
        connection = ProjectionDatabase.open(TestDocumentStore.connectionString(),
                TestDocumentStore.newDatabase("projection"));
        database = connection.database();
        store = new ProjectionStore(database);
        reports = new StoredReports(database);
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void writing_everything_again_changes_no_field() {
        writeAll();
        Map<String, Map<Object, Document>> first = everything();

        writeAll();

        assertThat(everything()).isEqualTo(first);
        assertThat(first.get("dialogues")).hasSize(2);
        assertThat(first.get("score_rows")).hasSize(2);
        assertThat(first.get("score_cells")).hasSize(1);
    }

    @Test
    void one_record_at_a_time_gives_the_same_documents_as_one_batch() {
        writeAll();
        Map<String, Map<Object, Document>> inBatches = everything();
        database.drop();

        RunWriter runs = new RunWriter(store);
        RecordedRun.runEvents(RunState.COMPLETED).forEach(entry -> runs.write(List.of(entry)));
        for (int row = 2; row >= 1; row--) {
            // a new writer each time remembers nothing
            RecordedRun.dialogueEvents(row).forEach(entry -> new DialogueWriter(store).write(List.of(entry)));
        }
        RecordedRun.rows().reversed().forEach(entry -> new ScoreRowWriter(store).write(List.of(entry)));
        RecordedRun.cells().reversed().forEach(entry -> new ScoreCellWriter(store).write(List.of(entry)));

        assertThat(everything()).isEqualTo(inBatches);
    }

    @Test
    void a_dialogue_holds_every_accepted_event() {
        new DialogueWriter(store).write(RecordedRun.dialogueEvents(1));

        Dialogue dialogue = dialogues().getFirst();

        assertThat(dialogue.version()).isEqualTo(4);
        assertThat(dialogue.plan()).isNotNull();
        assertThat(dialogue.plan().userTurns()).containsExactly("Hello");
        assertThat(dialogue.plan().questions().getFirst().options()).containsExactly("this", "that");
        assertThat(dialogue.steps()).extracting(Dialogue.Step::name).containsExactly("r1", "mcq-0");
        assertThat(dialogue.steps().getFirst().answer().text()).isEqualTo("Good day");
        assertThat(dialogue.steps().getFirst().answer().attempts()).hasSize(1);
        assertThat(dialogue.judgements().getFirst().score()).isEqualTo(4);
        assertThat(dialogue.closing()).isNotNull();
        assertThat(dialogue.toString()).doesNotContain("Hello").doesNotContain("Good day");
    }

    @Test
    void an_older_event_does_not_undo_a_retry() {
        DialogueWriter writer = new DialogueWriter(store);
        writer.write(RecordedRun.dialogueEvents(1));
        writer.write(List.of(new Entry(RecordedRun.subject(1).getDialogueId(),
                RecordedRun.step(RecordedRun.subject(1), 5, "r1", StepKind.TURN, 2, Outcome.ANSWERED, "Once more",
                        null))));

        new DialogueWriter(store).write(RecordedRun.dialogueEvents(1));

        assertThat(dialogues().getFirst().version()).isEqualTo(5);
        assertThat(dialogues().getFirst().steps().getFirst().answer().text()).isEqualTo("Once more");
        assertThat(dialogues().getFirst().steps().getFirst().generation()).isEqualTo(2);
    }

    @Test
    void of_a_batch_and_of_the_store_the_newest_row_stays() {
        ScoreRowWriter writer = new ScoreRowWriter(store);
        Entry old = RecordedRun.row(1, "mcq-0", StepKind.MCQ, 2, Outcome.PROVIDER_ERROR, false, 0, false, 0);
        Entry retried = RecordedRun.row(1, "mcq-0", StepKind.MCQ, 9, Outcome.ANSWERED, true, 1, true, 1);

        writer.write(List.of(retried, old));
        writer.write(List.of(old));

        assertThat(rows()).extracting(ScoredStep::version, ScoredStep::outcome)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(9L, "answered"));
    }

    @Test
    void a_tombstone_takes_its_row_out() {
        ScoreRowWriter writer = new ScoreRowWriter(store);
        writer.write(RecordedRun.rows());

        writer.write(List.of(new Entry(RecordedRun.rows().getFirst().key(), null)));

        assertThat(rows()).hasSize(5);
    }

    @Test
    void a_cell_never_goes_back() {
        ScoreCellWriter writer = new ScoreCellWriter(store);
        writer.write(RecordedRun.cells());

        writer.write(List.of(RecordedRun.cell(StepKind.JUDGE, 1,
                List.of(new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, 1L)), 1, 5)));

        assertThat(reports.cells(RecordedRun.RUN)).hasSize(3).filteredOn(cell -> cell.kind().equals("judge"))
                .extracting(ScoreCounts::correctedSum, ScoreCounts::version)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(9L, 2L));
    }

    @Test
    void a_state_that_arrives_late_is_ignored() {
        RunWriter writer = new RunWriter(store);
        writer.write(RecordedRun.runEvents(RunState.COMPLETED));

        writer.write(List.of(RecordedRun.run(RecordedRun.state(1, RunState.RUNNING, List.of()))));

        assertThat(reports.runs().getFirst().state()).isEqualTo("completed");
        assertThat(reports.rejections(RecordedRun.RUN)).hasSize(1);
    }

    @Test
    void offsets_are_kept_by_sink_and_partition() {
        SinkOffsets offsets = new SinkOffsets(store, "sink-a", "topic");
        new SinkOffsets(store, "sink-b", "topic").write(Map.of(0, 99L));

        offsets.write(Map.of(0, 5L, 3, 7L));
        offsets.write(Map.of(0, 6L));

        assertThat(offsets.read(List.of(0, 1, 3))).isEqualTo(Map.of(0, 6L, 3, 7L));
    }

    private void writeAll() {
        new RunWriter(store).write(RecordedRun.runEvents(RunState.COMPLETED));
        List<Entry> events = new ArrayList<>(RecordedRun.dialogueEvents(1));
        events.addAll(RecordedRun.dialogueEvents(2));
        new DialogueWriter(store).write(events);
        new ScoreRowWriter(store).write(RecordedRun.rows());
        new ScoreCellWriter(store).write(RecordedRun.cells());
    }

    private List<Dialogue> dialogues() {
        List<Dialogue> dialogues = new ArrayList<>();
        reports.dialogues(RecordedRun.RUN, dialogues::add);
        return dialogues;
    }

    private List<ScoredStep> rows() {
        List<ScoredStep> rows = new ArrayList<>();
        reports.rows(RecordedRun.RUN, rows::add);
        return rows;
    }

    private Map<String, Map<Object, Document>> everything() {
        Map<String, Map<Object, Document>> all = new HashMap<>();
        for (ProjectionStore.Part part : ProjectionStore.Part.values()) {
            Map<Object, Document> documents = new HashMap<>();
            store.all(part).forEach(document -> documents.put(document.get("_id"), document));
            all.put(part.collectionName(), Collections.unmodifiableMap(documents));
        }
        return all;
    }
}
