package io.turnstream.benchmark.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Metric;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Outcome;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.benchmark.parsing.ParsedAnswer;
import io.turnstream.benchmark.parsing.ParsedVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Reads one model's part of a result folder of the published code, and scores its raw answers anew.
final class PublishedRun {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final String model;
    private final ProtocolPack pack = ProtocolPack.bundled(ProtocolPack.DEFAULT);

    PublishedRun(Path folder, String model) {
        this.folder = folder;
        this.model = model;
    }

    static List<PublishedRun> in(Path folder) throws IOException {
        try (Stream<Path> models = Files.list(folder.resolve("inference"))) {
            return models.filter(Files::isDirectory).sorted()
                    .map(path -> new PublishedRun(folder, path.getFileName().toString())).toList();
        }
    }

    List<JsonNode> records(Split split, Modality modality, Intent intent) {
        List<JsonNode> records = new ArrayList<>();
        read(folder.resolve("inference").resolve(model).resolve(split.wireName())
                .resolve(name(modality, intent) + ".json")).forEach(records::add);
        return records;
    }

    List<JsonNode> judgeLog(Split split, Modality modality, Intent intent) {
        try (Stream<String> lines = Files
                .lines(evaluation(split).resolve("logs").resolve(name(modality, intent) + "_judge_debug.jsonl"))) {
            return lines.map(PublishedRun::parse).toList();
        } catch (IOException e) {
            throw new AssertionError("The judge's log is part of a published run", e);
        }
    }

    JsonNode evaluation(Split split, Modality modality, Intent intent) {
        return read(evaluation(split).resolve(name(modality, intent) + "_eval.json"));
    }

    JsonNode summary(Split split, Modality modality) {
        return read(evaluation(split).resolve(modality.wireName() + "_summary.json"));
    }

    /// The counts by metric of the raw answers of one file.
    Map<Metric, CellCounts> score(Split split, Modality modality, Intent intent) {
        Map<Metric, CellCounts> cells = new LinkedHashMap<>();
        for (JsonNode dialogue : records(split, modality, intent)) {
            dialogue.path("mcq").forEach(question -> add(cells, mcq(intent, question)));
            dialogue.path("tf").forEach(statement -> add(cells, trueFalse(statement)));
        }
        judgeLog(split, modality, intent).forEach(verdict -> add(cells, judged(intent, verdict)));
        return cells;
    }

    private StepScore mcq(Intent intent, JsonNode question) {
        String raw = question.path("model_answer_raw").asText();
        String truth = question.path("ground_truth").asText();
        List<String> options = new ArrayList<>();
        question.path("options").forEach(option -> options.add(option.asText()));
        if (raw.isBlank()) {
            return StepScore.mcq(intent, Outcome.EMPTY, truth, null, raw);
        }
        ParsedAnswer<String> parsed = pack.choiceParser().parse(raw, options);
        return StepScore.mcq(intent, parsed.outcome(), truth,
                parsed instanceof ParsedAnswer.Chosen<String>(String letter) ? letter : null, raw);
    }

    private StepScore trueFalse(JsonNode statement) {
        String raw = statement.path("model_answer_raw").asText();
        boolean truth = statement.path("ground_truth").asBoolean();
        if (raw.isBlank()) {
            return StepScore.trueFalse(Outcome.EMPTY, truth, null, raw);
        }
        ParsedAnswer<Boolean> parsed = pack.trueFalseParser().parse(raw);
        return StepScore.trueFalse(parsed.outcome(), truth,
                parsed instanceof ParsedAnswer.Chosen<Boolean>(Boolean value) ? value : null, raw);
    }

    private StepScore judged(Intent intent, JsonNode verdict) {
        String raw = verdict.path("judge_answer").asText();
        ParsedVerdict parsed = pack.judgeParser().parse(raw);
        return StepScore.judged(intent, parsed.outcome(),
                parsed instanceof ParsedVerdict.Scored scored ? (Integer) scored.score() : null, raw);
    }

    private Path evaluation(Split split) {
        return folder.resolve("eval").resolve(model).resolve(split.wireName());
    }

    private static void add(Map<Metric, CellCounts> cells, StepScore score) {
        cells.merge(score.metric(), CellCounts.of(score), CellCounts::plus);
    }

    private static String name(Modality modality, Intent intent) {
        return modality.wireName() + "_" + intent.wireName();
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new AssertionError("Cannot read " + file, e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("A line of a judge's log is no JSON", e);
        }
    }
}
