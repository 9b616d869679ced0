package io.turnstream.benchmark.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Scoring;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.parsing.ReferenceParsers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The proof that `reference` is what the published code computes: recorded raw answers, scored anew, give its figures
/// to the fourth decimal.
class PublishedRunParityTest {

    private static final String DATA = "TURNSTREAM_TEST_DATA";

    @Test
    void reproducesTheRecordedPublishedRun() throws IOException {
        String data = System.getenv(DATA);
        assumeTrue(data != null && !data.isBlank(),
                DATA + " is unset: it names the folder that holds published-run, the recorded run to compare with");
        assertParity(Path.of(data, "published-run"));
    }

    @Test
    void reproducesTheBundledRunInThePublishedLayout() throws IOException, URISyntaxException {
        assertParity(Path.of(Objects.requireNonNull(getClass().getResource("/published-run")).toURI()));
    }

    private static void assertParity(Path folder) throws IOException {
        int figures = 0;
        for (PublishedRun run : PublishedRun.in(folder)) {
            for (Split split : Split.values()) {
                for (Modality modality : Modality.values()) {
                    for (Intent intent : Intent.values()) {
                        assertReadings(run, split, modality, intent);
                        figures += assertEvaluation(run, split, modality, intent);
                    }
                    figures += assertSummary(run, split, modality);
                }
            }
        }
        // Per model 8 evaluation files with 4 means and 8 aggregates each, and 4 summaries with 5 figures each.
        assertThat(figures).isPositive().isEqualTo(PublishedRun.in(folder).size() * (8 * 12 + 4 * 5));
    }

    /// Every single answer reads as the published code read it.
    private static void assertReadings(PublishedRun run, Split split, Modality modality, Intent intent) {
        for (JsonNode dialogue : run.records(split, modality, intent)) {
            for (JsonNode question : dialogue.path("mcq")) {
                String raw = question.path("model_answer_raw").asText();
                assertThat(ReferenceParsers.choice(raw)).as(raw)
                        .isEqualTo(question.path("model_answer_choice").textValue());
            }
            for (JsonNode statement : dialogue.path("tf")) {
                String raw = statement.path("model_answer_raw").asText();
                JsonNode read = statement.path("model_answer_bool");
                assertThat(ReferenceParsers.trueFalse(raw)).as(raw)
                        .isEqualTo(read.isNull() ? null : (Boolean) read.booleanValue());
            }
        }
        for (JsonNode verdict : run.judgeLog(split, modality, intent)) {
            String raw = verdict.path("judge_answer").asText();
            JsonNode read = verdict.path("score");
            assertThat(ReferenceParsers.judgeScore(raw)).as(raw)
                    .isEqualTo(read.isNull() ? null : (Integer) read.intValue());
        }
    }

    private static int assertEvaluation(PublishedRun run, Split split, Modality modality, Intent intent) {
        Map<Metric, CellCounts> cells = run.score(split, modality, intent);
        JsonNode evaluation = run.evaluation(split, modality, intent);
        Metric mcq = intent == Intent.SAFE ? Metric.MCQ_SAFE : Metric.MCQ_UNSAFE;
        int figures = assertMetric(cells, mcq, evaluation, "mcq_accuracy", "mcq_correct", "mcq_total")
                + assertMetric(cells, Metric.TF, evaluation, "tf_accuracy", "tf_correct", "tf_total")
                + assertMetric(cells, Metric.SAFETY_AWARENESS, evaluation, "safety_aware_avg", "safety_aware_sum",
                        "safety_aware_count")
                + assertMetric(cells, Metric.HELPFULNESS, evaluation, "helpfulness_avg", "helpfulness_sum",
                        "helpfulness_count");
        assertNothingIsLost(run, split, modality, intent, cells, mcq);
        return figures;
    }

    private static int assertMetric(Map<Metric, CellCounts> cells, Metric metric, JsonNode evaluation, String mean,
            String sum, String n) {
        CellCounts counts = cells.getOrDefault(metric, CellCounts.ZERO);
        CellValue value = counts.value(metric, Scoring.REFERENCE);
        assertThat(value.n()).as(n).isEqualTo(evaluation.at("/aggregates/" + n).longValue());
        assertThat((double) counts.referenceSum()).as(sum).isEqualTo(evaluation.at("/aggregates/" + sum).doubleValue());
        assertFigure(value, evaluation.at("/metrics/" + mean), mean);
        return 3;
    }

    /// Under `corrected` every question stays in the denominator, since nothing in these runs failed.
    private static void assertNothingIsLost(PublishedRun run, Split split, Modality modality, Intent intent,
            Map<Metric, CellCounts> cells, Metric mcq) {
        long questions = run.records(split, modality, intent).stream()
                .mapToLong(dialogue -> dialogue.path("mcq").size()).sum();
        assertThat(cells.getOrDefault(mcq, CellCounts.ZERO).value(mcq, Scoring.CORRECTED).n()).isEqualTo(questions)
                .isPositive();
    }

    private static int assertSummary(PublishedRun run, Split split, Modality modality) {
        Map<Metric, CellCounts> safe = run.score(split, modality, Intent.SAFE);
        Map<Metric, CellCounts> unsafe = run.score(split, modality, Intent.UNSAFE);
        JsonNode metrics = run.summary(split, modality).path("metrics");
        Map<String, Metric> names = Map.of("safe_mcq_accuracy", Metric.MCQ_SAFE, "unsafe_mcq_accuracy",
                Metric.MCQ_UNSAFE,
                "unsafe_tf_accuracy", Metric.TF, "safety_aware_avg", Metric.SAFETY_AWARENESS, "helpfulness_avg",
                Metric.HELPFULNESS);
        names.forEach((name, metric) -> {
            Map<Metric, CellCounts> cells = metric.intent() == Intent.SAFE ? safe : unsafe;
            assertFigure(cells.getOrDefault(metric, CellCounts.ZERO).value(metric, Scoring.REFERENCE),
                    metrics.path(name), name);
        });
        return names.size();
    }

    private static void assertFigure(CellValue value, JsonNode published, String name) {
        assertThat(published.isMissingNode()).as("%s is published", name).isFalse();
        assertThat(value.value()).as(name).isEqualTo(published.isNull() ? null : (Double) published.doubleValue());
    }
}
