package io.turnstream.importer.reading;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.parsing.ReferenceParsers;
import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.LeftOut.Place;
import io.turnstream.importer.reading.ResultFolder.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The judge's raw answers of one model, by dialogue.
///
/// A log is appended to. Where an evaluation was started again, a dialogue stands in it twice, and the figures rest on
/// the later verdict: so does the import.
final class JudgeLogs {

    private static final String RAW = "a line with the judge's raw text in judge_answer";

    private final Map<DialogueKey, Verdict> verdicts = new TreeMap<>();
    private final Set<Cell> logs = new HashSet<>();
    private final Map<DialogueKey, Place> unused = new HashMap<>();

    private record Verdict(String text, Place place) {}

    private record Cell(Split split, Modality modality, Intent intent) {}

    private JudgeLogs() {}

    static JudgeLogs of(ModelFolder folder, Consumer<LeftOut> leftOut) {
        JudgeLogs logs = new JudgeLogs();
        for (Split split : Split.values()) {
            for (Modality modality : Modality.values()) {
                for (Intent intent : Intent.values()) {
                    logs.read(folder, new Cell(split, modality, intent), leftOut);
                }
            }
        }
        return logs;
    }

    static Path file(ModelFolder folder, Split split, Modality modality, Intent intent) {
        return folder.evaluation(split).resolve("logs")
                .resolve(modality.wireName() + '_' + intent.wireName() + "_judge_debug.jsonl");
    }

    /// Whether there is any log.
    boolean exist() {
        return !logs.isEmpty();
    }

    /// Whether dialogues of that kind were judged.
    boolean cover(DialogueKey key) {
        return logs.contains(new Cell(key.split(), key.modality(), key.intent()));
    }

    /// The judge's raw text about a dialogue; empty where there is none.
    Optional<String> take(DialogueKey key) {
        unused.remove(key);
        return Optional.ofNullable(verdicts.get(key)).map(Verdict::text);
    }

    /// Tells of the verdicts that no dialogue took.
    void tellUnused(Consumer<LeftOut> leftOut) {
        unused.keySet().stream().sorted().map(unused::get)
                .forEach(place -> leftOut.accept(place.without(Part.VERDICT, null,
                        "the verdict is about a dialogue that is not imported",
                        "the dialogue's record in the inference folder",
                        "bring the dialogue's record back, or do without the verdict")));
    }

    private void read(ModelFolder folder, Cell cell, Consumer<LeftOut> leftOut) {
        Path file = file(folder, cell.split(), cell.modality(), cell.intent());
        if (!Files.isRegularFile(file)) {
            return;
        }
        logs.add(cell);
        Place whole = new Place(folder.relative(file), cell.split(), null, null);
        JsonItems.ofLines(file,
                (line, record) -> take(cell, record, new Place(whole.file(), cell.split(), line, null), leftOut),
                broken -> leftOut.accept(new Place(whole.file(), cell.split(), broken.number(), null)
                        .without(Part.VERDICT, null, broken.problem(), RAW, "judge the dialogue again")))
                .ifPresent(end -> leftOut.accept(new Place(whole.file(), cell.split(), end.number(), null)
                        .without(Part.FILE, null, end.problem() + "; the lines before are taken", "JSON lines in UTF-8",
                                "judge the rest again")));
    }

    private void take(Cell cell, JsonNode record, Place at, Consumer<LeftOut> leftOut) {
        JsonNode id = record.path("id");
        if (!id.isInt()) {
            leftOut.accept(at.without(Part.VERDICT, "id", "the id is missing or no int32", "a whole number",
                    "judge the dialogue again"));
            return;
        }
        Place place = at.ofRow(id.intValue());
        Optional<LeftOut> foreign = Cells.foreign(record, cell.split(), cell.modality(), cell.intent(), Part.VERDICT,
                place);
        if (foreign.isPresent()) {
            leftOut.accept(foreign.get());
            return;
        }
        if (!record.path("judge_answer").isTextual()) {
            leftOut.accept(place.without(Part.VERDICT, "judge_answer", "the judge's raw text is missing", RAW,
                    "judge the dialogue again"));
            return;
        }
        String text = record.get("judge_answer").textValue();
        DialogueKey key = new DialogueKey(cell.split(), id.intValue(), cell.modality(), cell.intent());
        Verdict before = verdicts.put(key, new Verdict(text, place));
        unused.put(key, place);
        if (before != null) {
            leftOut.accept(before.place().without(Part.VERDICT, null,
                    "a later line of the log judges this dialogue again",
                    "one line for each dialogue", "nothing: the later verdict counts, as in the published figures"));
        }
        remarkOnScore(record.path("score"), text, place, leftOut);
    }

    private static void remarkOnScore(JsonNode score, String text, Place place, Consumer<LeftOut> leftOut) {
        Integer read = ReferenceParsers.judgeScore(text);
        boolean known = score.isNull() || score.isInt();
        if (known && !Objects.equals(score.isNull() ? null : score.intValue(), read)) {
            leftOut.accept(place.without(Part.REMARK, "score",
                    "the recorded score is " + score + ", the published parser reads " + read,
                    "the published parser's score", "nothing: the raw text counts"));
        }
    }
}
