package io.turnstream.integration.recorded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Topics;
import io.turnstream.importer.FolderChangedException;
import io.turnstream.importer.reading.Recording;
import io.turnstream.importer.reading.RecordingReader;
import io.turnstream.importer.reading.ResultFolder;
import io.turnstream.importer.reading.ResultFolder.ModelFolder;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.report.ExplainedAnswer;
import io.turnstream.projection.report.Explanation;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.RunReport;
import io.turnstream.testsupport.PublishedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recorded run of the published code goes through the whole platform: dispatcher, aggregator and projection, with
/// workers beside it that nobody may call through.
class ImportedRunIT {

    private static final String DATA = "TURNSTREAM_TEST_DATA";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> SUMMARY = Map.of("mcq_safe", "safe_mcq_accuracy", "mcq_unsafe",
            "unsafe_mcq_accuracy",
            "tf", "unsafe_tf_accuracy", "safety_awareness", "safety_aware_avg", "helpfulness", "helpfulness_avg");

    private static RecordedPlatform platform;

    @TempDir
    private static Path home;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        platform = new RecordedPlatform(home);
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
    }

    @Test
    void referenceCellsOfTheSmallRunAreItsPublishedFigures() throws IOException {
        PublishedRun.copyTo(folder);

        String run = bringIn();

        assertParity(run, folder, PublishedRun.MODEL);
        assertFaultsExplainTheRest(run);
    }

    @Test
    void referenceCellsOfTheRecordedPublishedRunAreItsPublishedFigures() throws IOException {
        String data = System.getenv(DATA);
        assumeTrue(data != null && !data.isBlank(),
                DATA + " is unset: it names the folder that holds published-run, the recorded run to compare with");
        Path published = Path.of(data, "published-run");

        for (ModelFolder model : ResultFolder.at(published).models()) {
            String run = platform.bringIn(new RecordingReader(model).survey());
            assertParity(run, published, model.name());
            assertFaultsExplainTheRest(run);
        }
    }

    @Test
    void answersEnterAsOrdinaryAnswersAndAreAcceptedOnce() {
        PublishedRun.copyTo(folder);

        String run = bringIn();

        // 56 dialogues of 3 turns, and 168 questions: one answer each, and one that was accepted.
        assertThat(platform.eventsOf(run, Topics.TURN_ANSWERS)).hasSize(56 * 3 + 168)
                .allSatisfy(event -> assertThat(((TurnAnswered) event).getAnswer()).satisfies(answer -> {
                    assertThat(answer.getAttempts()).isEmpty();
                    assertThat(answer.getCostNanoUsd()).isNull();
                    assertThat(answer.getPromptDigest()).isEmpty();
                }));
        assertThat(platform.eventsOf(run, Topics.JUDGEMENTS)).hasSize(56);
        assertThat(platform.eventsOf(run, Topics.DIALOGUE_EVENTS)).hasSize(56 * 3 + 168 + 56 + 2 * 56);
        RunReport report = platform.reports().run(run).orElseThrow();
        assertThat(report.state()).isEqualTo("completed");
        assertThat(report.model()).isEqualTo("recorded/example-model");
        assertThat(report.judge()).isEqualTo("recorded/unnamed-judge");
        assertThat(report.costNanoUsd()).isZero();
        assertThat(report.calls()).isZero();
        assertThat(platform.calls()).isZero();
    }

    @Test
    void anEmptyTurnIsEmptyAndWhatCameAfterItCounts() {
        PublishedRun.copyTo(folder);

        String run = bringIn();

        List<StepSettled> steps = platform.eventsOf(run, Topics.DIALOGUE_EVENTS).stream()
                .filter(StepSettled.class::isInstance)
                .map(StepSettled.class::cast)
                .filter(step -> step.getSubject().getDialogueId().endsWith("/type_a/3/multimodal/unsafe/v0/e1"))
                .toList();
        assertThat(steps).filteredOn(step -> step.getStep().getKind() == StepKind.TURN)
                .extracting(StepSettled::getOutcome)
                .containsExactly(Outcome.ANSWERED, Outcome.EMPTY, Outcome.ANSWERED);
        assertThat(steps).noneMatch(step -> step.getOutcome() == Outcome.NOT_REACHED);
        assertThat(platform.reports().run(run).orElseThrow().outcomesByKind().get("turn")).containsEntry("empty", 1L);
    }

    @Test
    void aFolderThatWasCutOffIsBroughtInAsFarAsItGoesAndTheRunSaysWhatIsMissing() throws IOException {
        PublishedRun.copyTo(folder);
        Path cut = folder.resolve("inference/example-model/type_b/unimodal_unsafe.json");
        String text = Files.readString(cut);
        Files.writeString(cut, text.substring(0, text.lastIndexOf("\"model_type\"")));

        String run = bringIn();

        RunReport report = platform.reports().run(run).orElseThrow();
        assertThat(report.state()).isEqualTo("completed");
        assertThat(platform.reports().progress(run).orElseThrow().dialogues()).isEqualTo(55);
        assertThat(platform.reports().rejections(run)).anySatisfy(rejected -> {
            assertThat(rejected.file()).isEqualTo("inference/example-model/type_b/unimodal_unsafe.json");
            assertThat(rejected.problem()).contains("the 6 records before it are taken");
        }).anySatisfy(rejected -> assertThat(rejected.problem())
                .contains("verdict is about a dialogue that is not imported"));
    }

    @Test
    void aFolderThatChangesWhileItIsImportedFailsItsRun() throws IOException {
        PublishedRun.copyTo(folder);
        Recording surveyed = survey(folder);
        Path file = folder.resolve("inference/example-model/type_b/unimodal_unsafe.json");
        Files.writeString(file, Files.readString(file).replace("I would rather not say.", "Over it."));

        assertThatThrownBy(() -> platform.bringIn(surveyed)).isInstanceOf(FolderChangedException.class)
                .hasMessageContaining(folder.toString()).hasMessageContaining("import it again");
    }

    private String bringIn() {
        return platform.bringIn(survey(folder));
    }

    private static Recording survey(Path folder) {
        return new RecordingReader(ResultFolder.at(folder).models().getFirst()).survey();
    }

    /// Every figure of the summaries and evaluations, to the fourth decimal.
    private static void assertParity(String run, Path folder, String model) throws IOException {
        RunReport report = platform.reports().run(run).orElseThrow();
        int figures = 0;
        for (String split : List.of("type_a", "type_b")) {
            for (String modality : List.of("multimodal", "unimodal")) {
                Path evaluation = folder.resolve("eval").resolve(model).resolve(split);
                JsonNode summary = JSON.readTree(evaluation.resolve(modality + "_summary.json").toFile())
                        .path("metrics");
                for (Map.Entry<String, String> metric : SUMMARY.entrySet()) {
                    assertFigure(report, split, modality, metric.getKey(), summary.get(metric.getValue()));
                    figures++;
                }
                for (String intent : List.of("safe", "unsafe")) {
                    JsonNode file = JSON.readTree(evaluation.resolve(modality + "_" + intent + "_eval.json").toFile());
                    assertEvaluation(report, split, modality, "mcq_" + intent, file, "mcq_accuracy", "mcq_total");
                    if (intent.equals("safe")) {
                        assertEvaluation(report, split, modality, "helpfulness", file, "helpfulness_avg",
                                "helpfulness_count");
                    } else {
                        assertEvaluation(report, split, modality, "tf", file, "tf_accuracy", "tf_total");
                        assertEvaluation(report, split, modality, "safety_awareness", file, "safety_aware_avg",
                                "safety_aware_count");
                    }
                }
            }
        }
        assertThat(figures).isEqualTo(20);
    }

    private static void assertEvaluation(
            RunReport report, String split, String modality, String metric, JsonNode file, String mean, String count) {
        assertFigure(report, split, modality, metric, file.at("/metrics/" + mean));
        assertThat(cell(report, split, modality, metric, "reference").n()).as(split + modality + metric)
                .isEqualTo(file.at("/aggregates/" + count).longValue());
    }

    private static void assertFigure(RunReport report, String split, String modality, String metric,
            JsonNode published) {
        Double value = cell(report, split, modality, metric, "reference").value();
        assertThat(value).as("%s, %s, %s", split, modality, metric)
                .isEqualTo(published.isNull() ? null : (Double) published.doubleValue());
    }

    private static ReportCell cell(RunReport report, String split, String modality, String metric, String scoring) {
        return report.cell(split, modality, ReportCell.ALL, metric, scoring).orElseThrow();
    }

    /// Whatever corrected and reference figures differ by is the sum of the answers that are explained, and each has
    /// fault 2, 3 or 4.
    private static void assertFaultsExplainTheRest(String run) {
        Explanation explanation = Explanation.of(platform.reports(), run);
        Map<String, long[]> unexplained = new HashMap<>();
        platform.reports().rows(run, row -> add(unexplained, row));
        for (ExplainedAnswer answer : explanation.differences()) {
            String cell = cell(answer.subject().split(), answer.subject().modality(), answer.subject().intent(),
                    answer.step().split("-")[0]);
            long[] left = Objects.requireNonNull(unexplained.get(cell));
            left[0] -= count(answer.corrected()) - count(answer.reference());
            left[1] -= answer.corrected().value() - answer.reference().value();
        }

        assertThat(unexplained).isNotEmpty().allSatisfy((cell, left) -> assertThat(left).as(cell).containsOnly(0));
        assertThat(explanation.differences()).isNotEmpty()
                .allSatisfy(answer -> assertThat(answer.fault()).isIn(Set.of(2, 3, 4)));
        assertThat(explanation.faults()).hasSize(3).allSatisfy(fault -> assertThat(fault.differences()).isPositive());
    }

    private static void add(Map<String, long[]> cells, ScoredStep row) {
        if (!row.kind().equals("turn")) {
            long[] difference = cells.computeIfAbsent(
                    cell(row.subject().split(), row.subject().modality(), row.subject().intent(), row.kind()),
                    cell -> new long[2]);
            difference[0] += count(row.corrected()) - count(row.reference());
            difference[1] += row.corrected().value() - row.reference().value();
        }
    }

    private static long count(ScoredStep.Contribution contribution) {
        return contribution.counted() ? 1 : 0;
    }

    private static String cell(String split, String modality, String intent, String kind) {
        return String.join("|", split, modality, intent, kind);
    }
}
