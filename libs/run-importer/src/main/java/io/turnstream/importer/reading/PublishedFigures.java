package io.turnstream.importer.reading;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Scoring;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.parsing.ReferenceParsers;
import io.turnstream.benchmark.scoring.CellCounts;
import io.turnstream.benchmark.scoring.CellValue;
import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.LeftOut.Place;
import io.turnstream.importer.reading.RecordedDialogue.RecordedQuestion;
import io.turnstream.importer.reading.ResultFolder.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lays what the dialogues of a folder give under the published parsers beside the figures that stand in the folder.
final class PublishedFigures {

    private static final Map<Metric, String> IN_SUMMARY = new EnumMap<>(Map.of(Metric.MCQ_SAFE, "safe_mcq_accuracy",
            Metric.MCQ_UNSAFE, "unsafe_mcq_accuracy", Metric.TF, "unsafe_tf_accuracy", Metric.SAFETY_AWARENESS,
            "safety_aware_avg",
            Metric.HELPFULNESS, "helpfulness_avg"));
    private static final Map<Metric, String> IN_EVALUATION = new EnumMap<>(Map.of(Metric.MCQ_SAFE, "mcq_accuracy",
            Metric.MCQ_UNSAFE, "mcq_accuracy", Metric.TF, "tf_accuracy", Metric.SAFETY_AWARENESS, "safety_aware_avg",
            Metric.HELPFULNESS, "helpfulness_avg"));

    private final Map<Cell, CellCounts> counts = new HashMap<>();
    private int compared;
    private int equal;

    private record Cell(Split split, Modality modality, Metric metric) {}

    void add(RecordedDialogue dialogue) {
        DialogueKey key = dialogue.key();
        for (RecordedQuestion question : dialogue.questions()) {
            Object read = question.kind() == StepKind.MCQ
                    ? ReferenceParsers.choice(question.answer())
                    : ReferenceParsers.trueFalse(question.answer());
            if (read != null) {
                add(key, question.kind(), read.toString().equals(question.groundTruth()) ? 1 : 0);
            }
        }
        Integer score = dialogue.verdict() == null ? null : ReferenceParsers.judgeScore(dialogue.verdict());
        if (score != null) {
            add(key, StepKind.JUDGE, score);
        }
    }

    private void add(DialogueKey key, StepKind kind, int value) {
        Metric metric = Metric.of(kind, key.intent()).orElseThrow();
        counts.merge(new Cell(key.split(), key.modality(), metric), new CellCounts(Map.of(), 0, 0, 1, value),
                CellCounts::plus);
    }

    /// Figures that stand in the folder.
    int compared() {
        return compared;
    }

    /// Those of them that the imported answers give again.
    int equal() {
        return equal;
    }

    /// Compares, and tells where they differ.
    void compare(ModelFolder folder, Consumer<LeftOut> leftOut) {
        for (Split split : Split.values()) {
            for (Modality modality : Modality.values()) {
                compare(folder, folder.evaluation(split).resolve(modality.wireName() + "_summary.json"), split,
                        modality, null, leftOut);
                for (Intent intent : Intent.values()) {
                    compare(folder,
                            folder.evaluation(split)
                                    .resolve(modality.wireName() + '_' + intent.wireName() + "_eval.json"),
                            split,
                            modality, intent, leftOut);
                }
            }
        }
    }

    private void compare(ModelFolder folder, Path file, Split split, Modality modality, @Nullable Intent intent,
            Consumer<LeftOut> leftOut) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        Place place = new Place(folder.relative(file), split, null, null);
        List<String> tooLong = new ArrayList<>(1);
        JsonNode metrics = JsonItems.whole(file, found -> tooLong.add(found.problem()))
                .map(node -> node.path("metrics")).orElse(null);
        if (metrics == null) {
            String problem = tooLong.isEmpty() ? "the file is no JSON object: cut off or damaged" : tooLong.getFirst();
            leftOut.accept(place.without(Part.REMARK, null, problem, "published figures",
                    "nothing: figures are computed anew"));
            return;
        }
        for (Metric metric : Metric.values()) {
            String name = intent == null ? IN_SUMMARY.get(metric) : IN_EVALUATION.get(metric);
            JsonNode published = metrics.path(Objects.requireNonNull(name));
            if ((intent == null || metric.intent() == intent) && (published.isNumber() || published.isNull())) {
                compare(new Cell(split, modality, metric), published.isNull() ? null : published.doubleValue(),
                        "metrics." + name, place, leftOut);
            }
        }
    }

    private void compare(Cell cell, @Nullable Double published, String field, Place place, Consumer<LeftOut> leftOut) {
        CellValue value = counts.getOrDefault(cell, CellCounts.ZERO).value(cell.metric(), Scoring.REFERENCE);
        compared++;
        if (Objects.equals(value.value(), published)) {
            equal++;
            return;
        }
        leftOut.accept(place.without(Part.REMARK, field,
                String.format(Locale.ROOT, "the published figure is %s, the imported answers give %s (n %d)",
                        figure(published), figure(value.value()), value.n()),
                "the same to the fourth decimal",
                "see what else is left out: figures rest on what the folder still holds"));
    }

    private static String figure(@Nullable Double value) {
        return value == null ? "none" : String.format(Locale.ROOT, "%.4f", value);
    }
}
