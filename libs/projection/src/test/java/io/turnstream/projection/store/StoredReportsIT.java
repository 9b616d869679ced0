package io.turnstream.projection.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoDatabase;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Repeats;
import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.contracts.Usage;
import io.turnstream.projection.report.AmbiguousRunException;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.ReportDocument;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunSummary;
import io.turnstream.testsupport.TestDocumentStore;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredReportsIT {

    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(ReportJson.schema());

    private ProjectionDatabase connection;
    private MongoDatabase database;
    private ProjectionStore store;
    private StoredReports reports;

    @BeforeEach
    void open() {
        connection = ProjectionDatabase.open(TestDocumentStore.connectionString(),
                TestDocumentStore.newDatabase("reports"));
        database = connection.database();
        store = new ProjectionStore(database);
        reports = new StoredReports(database);
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void a_report_has_the_figures_of_the_rows_and_fits_the_published_schema() {
        write(RunState.COMPLETED);

        RunReport report = reports.run("last").orElseThrow();

        assertThat(report.settled()).isTrue();
        assertThat(report.planned()).isEqualTo(6);
        assertThat(report.outcomes()).isEqualTo(Map.of("answered", 3L, "answer_unparseable", 1L, "judged", 2L));
        // one right of two asked; the one that could not be read is not right
        ReportCell mcq = report.cell("type_a", "multimodal", "all", "mcq_unsafe", "corrected").orElseThrow();
        assertThat(mcq.value()).isEqualTo(0.5);
        assertThat(mcq.n()).isEqualTo(2);
        assertThat(mcq.total()).isEqualTo(2);
        // the published denominator leaves it out
        assertThat(report.cell("type_a", "multimodal", "all", "mcq_unsafe", "reference").orElseThrow().value())
                .isEqualTo(1.0);
        // scores 4 and 5 on two images say next to nothing of a scale from 1 to 5
        ReportCell judged = report.cell("all", "all", "fire.works", "safety_awareness", "corrected").orElseThrow();
        assertThat(judged.value()).isEqualTo(4.5);
        assertThat(judged.judgementSetId()).isEqualTo(RecordedRun.SET);
        assertThat(judged.ciLow()).isBetween(1.0, 2.0);
        assertThat(judged.ciHigh()).isBetween(4.5, 5.0);
        assertThat(report.provenance().modelsServed()).containsExactly("contextual-2026");
        assertThat(report.provenance().effective().get("mcq").getFirst().temperature()).isNull();
        assertThat(problems(report)).isEmpty();
        // split and its pool, modality and its pool, category and its pool; two metrics, two scorings
        assertThat(report.cells()).hasSize(8 * 2 * 2);
        assertThat(report.withoutCategories().cells()).hasSize(4 * 2 * 2);
    }

    @Test
    void the_same_run_is_the_same_text() {
        write(RunState.COMPLETED);
        String first = ReportJson.pretty(ReportDocument.of(List.of(reports.run("last").orElseThrow())));

        assertThat(ReportJson.pretty(ReportDocument.of(List.of(reports.run(RecordedRun.RUN).orElseThrow()))))
                .isEqualTo(first);
        assertThat(first).startsWith(
                "{\n  \"formatVersion\" : 1,\n  \"runs\" : [\n    {\n      \"id\" : \"" + RecordedRun.RUN + "\"");
    }

    @Test
    void the_schema_refuses_a_report_without_its_cells() {
        assertThat(SCHEMA.validate("{\"formatVersion\":1,\"runs\":[{\"id\":\"x\"}]}", InputFormat.JSON)).isNotEmpty();
    }

    @Test
    void a_run_that_was_only_asked_for_has_a_report_without_figures() {
        new RunWriter(store).write(RecordedRun.runEvents(RunState.COMPLETED).subList(0, 1));

        RunReport report = reports.run(RecordedRun.RUN).orElseThrow();

        assertThat(report.state()).isEqualTo("requested");
        assertThat(report.settled()).isFalse();
        assertThat(report.cells()).isEmpty();
        assertThat(problems(report)).isEmpty();
    }

    @Test
    void a_run_is_settled_only_when_all_it_counted_has_arrived() {
        new RunWriter(store).write(RecordedRun.runEvents(RunState.INCOMPLETE));
        new ScoreCellWriter(store).write(RecordedRun.cells().subList(0, 2));
        assertThat(reports.progress(RecordedRun.RUN).orElseThrow().settled()).isFalse();

        new ScoreCellWriter(store).write(RecordedRun.cells());
        // cells have arrived, rows have not: figures are made of rows
        assertThat(reports.progress(RecordedRun.RUN).orElseThrow().settled()).isFalse();
        assertThat(reports.run("last").orElseThrow().settled()).isFalse();

        new ScoreRowWriter(store).write(RecordedRun.rows());
        assertThat(reports.progress(RecordedRun.RUN).orElseThrow().settled()).isTrue();
        assertThat(reports.run("last").orElseThrow().settled()).isTrue();
    }

    @Test
    void progress_counts_by_stage() {
        write(RunState.RUNNING);

        Progress progress = reports.progress(RecordedRun.RUN).orElseThrow();

        assertThat(progress.settled()).isFalse();
        assertThat(progress.questions().planned()).isEqualTo(2);
        assertThat(progress.questions().done()).isEqualTo(2);
        assertThat(progress.judgements().answered()).isEqualTo(2);
        assertThat(progress.calls()).isEqualTo(6);
        assertThat(progress.costNanoUsd()).isEqualTo(80);
        assertThat(progress.judgeCostNanoUsd()).isEqualTo(40);
    }

    /// The run controller tells its totals with each change of state only.
    @Test
    void a_run_that_goes_on_is_listed_with_what_it_has_done_by_now() {
        // Given
        write(RunState.RUNNING);

        // When
        RunSummary run = reports.runs().getFirst();

        // Then: two closed dialogues, 80 nano-USD for the model and 40 for the judge
        assertThat(run.state()).isEqualTo("running");
        assertThat(run.dialoguesFinished()).isEqualTo(2);
        assertThat(run.costNanoUsd()).isEqualTo(120);
    }

    @Test
    void the_list_tells_the_same_costs_as_the_report() {
        // Given a run that was judged again, whose model was paid once in vain, and a judge whose price is known
        JudgementSpec spec = new JudgementSpec("js-1", new ModelTarget("openai", "better"),
                new CallParameters(0.0, 128, null),
                new CallLimits(1, 1, 1L, null, null, new TokenPrice(1L, 1L), null), "pack", "mtmcs-v1", null, 1);
        RunWriter runs = new RunWriter(store);
        runs.write(RecordedRun.runEvents(RunState.COMPLETED));
        runs.write(List.of(
                RecordedRun.run(new RepeatsCounted(RecordedRun.meta("again"), RecordedRun.RUN, null,
                        new Repeats(1L, new Usage(7L, 3L, 0L), 5L, 0L))),
                RecordedRun.run(new JudgementSetOpened(RecordedRun.meta("opened"), RecordedRun.RUN, 1L, spec, false,
                        List.of(), 10, "tester", "0.1.0", null)),
                RecordedRun.run(new JudgementSetStateChanged(RecordedRun.meta("judged"), RecordedRun.RUN, "js-1", 1L,
                        1L, RunState.COMPLETED, null, List.of(), 2, 2,
                        4L, 0L, null, null, null))));

        // When
        RunSummary run = reports.runs().getFirst();
        RunReport report = reports.run("last").orElseThrow();

        // Then
        assertThat(run.costNanoUsd()).isEqualTo(report.costNanoUsd()).isEqualTo(40 + 6 + 5 + 4);
        assertThat(report.calls()).as("nothing stands in a cell").isEqualTo(1);
        assertThat(report.spending().getFirst().calls()).isEqualTo(1);
        assertThat(run.priced()).as("nobody knows what the model costs").isFalse();
    }

    @Test
    void dialogues_are_settled_when_all_planned_ones_are_closed() {
        new RunWriter(store).write(RecordedRun.runEvents(RunState.COMPLETED));
        new DialogueWriter(store).write(RecordedRun.dialogueEvents(1));
        assertThat(reports.dialoguesSettled(RecordedRun.RUN)).isFalse();

        new DialogueWriter(store).write(RecordedRun.dialogueEvents(2));
        assertThat(reports.dialoguesSettled(RecordedRun.RUN)).isTrue();
    }

    @Test
    void a_run_is_found_by_id_prefix_and_last() {
        for (String id : List.of("01JDA0", "01JDA1", "01JDB0", "01JDB")) {
            database.getCollection("runs").insertOne(new Document("_id", id));
        }

        assertThat(reports.runId("last")).contains("01JDB0");
        assertThat(reports.runId("01jda1")).contains("01JDA1");
        assertThat(reports.runId("01JDB")).contains("01JDB");
        assertThat(reports.runId("02")).isEmpty();
        assertThatThrownBy(() -> reports.runId("01JDA")).isInstanceOf(AmbiguousRunException.class)
                .hasMessage("'01JDA' fits 2 runs: 01JDA0, 01JDA1. Give more of the id, or 'last' for the newest");
        assertThat(reports.runs()).extracting("id").containsExactly("01JDB0", "01JDB", "01JDA1", "01JDA0");
    }

    private void write(RunState end) {
        new RunWriter(store).write(RecordedRun.runEvents(end));
        DialogueWriter dialogues = new DialogueWriter(store);
        dialogues.write(RecordedRun.dialogueEvents(1));
        dialogues.write(RecordedRun.dialogueEvents(2));
        new ScoreRowWriter(store).write(RecordedRun.rows());
        new ScoreCellWriter(store).write(RecordedRun.cells());
    }

    private static List<String> problems(RunReport report) {
        return SCHEMA.validate(ReportJson.pretty(ReportDocument.of(List.of(report))), InputFormat.JSON).stream()
                .map(Object::toString).toList();
    }
}
