package io.turnstream.importer.reading;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.events.ForeignNames;
import io.turnstream.importer.reading.DialogueRecords.Result;
import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.LeftOut.Place;
import io.turnstream.importer.reading.ResultFolder.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads one model's part of a result folder, as far as it goes.
///
/// The four files of a split come first. What they lack, because one of them was cut off when its writer was killed, is
/// taken from `all_results.json`, where the same dialogues stand by row. Dialogues are read one after the other and
/// handed on; only answers of the judge and the keys of what was read are held.
public final class RecordingReader {

    private static final String ALL = "all_results.json";
    private static final String COPY_AGAIN = "copy the file again from where it was recorded, or do without the rest";

    private final ModelFolder folder;

    public RecordingReader(ModelFolder folder) {
        this.folder = folder;
    }

    /// Reads everything once, to know what is there before anything is imported.
    ///
    /// @throws UnusableFolderException if there is no dialogue that could be imported
    public Recording survey() {
        List<LeftOut> leftOut = new ArrayList<>();
        PublishedFigures figures = new PublishedFigures();
        RecordingDigest digest = new RecordingDigest();
        Set<String> rows = new HashSet<>();
        long[] counts = new long[4];
        JudgeLogs logs = JudgeLogs.of(folder, leftOut::add);
        read(logs, leftOut::add, dialogue -> {
            figures.add(dialogue);
            digest.add(dialogue);
            rows.add(dialogue.key().split().wireName() + dialogue.key().rowId());
            counts[0]++;
            counts[1] += dialogue.questions().size();
            counts[2] += dialogue.rounds().stream().filter(round -> round.answer().isBlank()).count();
            counts[3] += dialogue.verdict() == null ? 0 : 1;
        });
        if (counts[0] == 0) {
            throw new UnusableFolderException("no dialogue of model " + folder.name() + " can be imported"
                    + (leftOut.isEmpty()
                            ? ""
                            : ": " + leftOut.getFirst().where() + ": " + leftOut.getFirst().problem()),
                    folder.root().toString(), "check that the folder was copied as a whole");
        }
        figures.compare(folder, leftOut::add);
        JsonNode meta = meta(leftOut::add);
        return new Recording(folder, rows.size(), (int) counts[0], counts[1], counts[2], counts[3], logs.exist(),
                digest.dataset(),
                digest.content(), figures.compared(), figures.equal(),
                meta.path("temperature").isNumber() ? (Double) meta.path("temperature").doubleValue() : null,
                meta.path("max_new_tokens").isInt() ? (Integer) meta.path("max_new_tokens").intValue() : null, leftOut);
    }

    /// Reads the dialogues again, in the same order.
    ///
    /// @return the content's digest, which differs from the survey's where the folder was changed meanwhile
    public String dialogues(Consumer<RecordedDialogue> sink) {
        RecordingDigest digest = new RecordingDigest();
        Consumer<LeftOut> told = leftOut -> { /* the survey has told */ };
        read(JudgeLogs.of(folder, told), told, dialogue -> {
            digest.add(dialogue);
            sink.accept(dialogue);
        });
        return digest.content();
    }

    private void read(JudgeLogs logs, Consumer<LeftOut> leftOut, Consumer<RecordedDialogue> sink) {
        Reading reading = new Reading(logs, leftOut, sink);
        for (Split split : Split.values()) {
            if (!Files.isDirectory(folder.inference(split))) {
                continue;
            }
            for (Modality modality : Modality.values()) {
                for (Intent intent : Intent.values()) {
                    reading.file(split, modality, intent);
                }
            }
            reading.results(split);
            tellUnknownFiles(split, leftOut);
        }
        reading.end();
    }

    private JsonNode meta(Consumer<LeftOut> leftOut) {
        for (Split split : Split.values()) {
            Path file = folder.inference(split).resolve(ALL);
            Optional<JsonNode> meta = JsonItems.field(file, "meta",
                    tooLong -> leftOut.accept(tooLong(folder.relative(file), split, tooLong, Part.REMARK)));
            if (meta.isPresent()) {
                return meta.get();
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    private static LeftOut tooLong(String file, Split split, JsonItems.Break item, Part what) {
        return new Place(file, split, item.number(), null).without(what, null, item.problem(),
                "at most " + JsonItems.LONGEST_LINE + " characters",
                "shorten it, or do without it; what stands behind it is read");
    }

    private void tellUnknownFiles(Split split, Consumer<LeftOut> leftOut) {
        Set<String> known = new TreeSet<>(List.of(ALL));
        for (Modality modality : Modality.values()) {
            for (Intent intent : Intent.values()) {
                known.add(name(modality, intent));
            }
        }
        try (Stream<Path> files = Files.list(folder.inference(split))) {
            files.filter(file -> !known.contains(String.valueOf(file.getFileName()))).sorted()
                    .forEach(file -> leftOut
                            .accept(new Place(folder.relative(file), split, null, null).without(Part.FILE, null,
                                    "the file is none of a result folder and is not read", String.join(", ", known),
                                    "nothing, if it belongs elsewhere")));
        } catch (IOException e) {
            leftOut.accept(
                    new Place(folder.relative(folder.inference(split)), split, null, null).without(Part.REMARK, null,
                            "the folder cannot be listed", "a readable folder", "check its permissions"));
        }
    }

    private static String name(Modality modality, Intent intent) {
        return modality.wireName() + '_' + intent.wireName() + ".json";
    }

    /// One reading of the folder, and what it has seen.
    private final class Reading {

        private final JudgeLogs logs;
        private final Consumer<LeftOut> leftOut;
        private final Consumer<RecordedDialogue> sink;
        private final DialogueRecords records;
        private final Set<DialogueKey> taken = new HashSet<>();
        private final Map<DialogueKey, LeftOut> refused = new HashMap<>();
        private @Nullable String modelType;

        private Reading(JudgeLogs logs, Consumer<LeftOut> leftOut, Consumer<RecordedDialogue> sink) {
            this.logs = logs;
            this.leftOut = leftOut;
            this.sink = sink;
            this.records = new DialogueRecords(leftOut);
        }

        private void file(Split split, Modality modality, Intent intent) {
            Path file = folder.inference(split).resolve(name(modality, intent));
            Place whole = new Place(folder.relative(file), split, null, null);
            if (!Files.isRegularFile(file)) {
                leftOut.accept(whole.without(Part.REMARK, null, "there is no such file",
                        "one for each modality and intent that was recorded",
                        "nothing, if that part was not recorded"));
                return;
            }
            JsonItems
                    .ofArray(file, "results",
                            (number, record) -> record(split, modality, intent, record,
                                    new Place(whole.file(), split, number, null)),
                            tooLong -> leftOut.accept(tooLong(whole.file(), split, tooLong, Part.DIALOGUE)))
                    .ifPresent(end -> leftOut
                            .accept(new Place(whole.file(), split, end.number(), null).without(Part.FILE, null,
                                    end.problem() + "; " + before(end.number()),
                                    "a JSON array with one record for each dialogue", COPY_AGAIN)));
        }

        private void record(Split split, Modality modality, Intent intent, JsonNode record, Place at) {
            Optional<Place> place = place(record, at);
            if (place.isEmpty()) {
                return;
            }
            Optional<LeftOut> foreign = Cells.foreign(record, split, modality, intent, Part.DIALOGUE, place.get())
                    .or(() -> ofAnotherModel(record, place.get()));
            if (foreign.isPresent()) {
                leftOut.accept(foreign.get());
                return;
            }
            DialogueKey key = new DialogueKey(split, record.path("id").intValue(), modality, intent);
            if (taken.contains(key)) {
                leftOut.accept(place.get().without(Part.DIALOGUE, "id", "the record repeats a dialogue",
                        "one record for each id",
                        "nothing: the first one counts"));
                return;
            }
            take(key, records.ofFile(key, record, place.get()));
        }

        /// What the four files lack.
        private void results(Split split) {
            Path file = folder.inference(split).resolve(ALL);
            Place whole = new Place(folder.relative(file), split, null, null);
            if (!Files.isRegularFile(file)) {
                return;
            }
            JsonItems
                    .ofArray(file, "results",
                            (number, record) -> result(split, record, new Place(whole.file(), split, number, null)),
                            tooLong -> leftOut.accept(tooLong(whole.file(), split, tooLong, Part.REMARK)))
                    .ifPresent(end -> leftOut
                            .accept(new Place(whole.file(), split, end.number(), null).without(Part.REMARK, null,
                                    end.problem() + "; " + before(end.number()), "an object with the array 'results'",
                                    "nothing, where the other files are whole: this one is read for what they lack")));
        }

        private void result(Split split, JsonNode record, Place at) {
            if (!record.path("id").isInt()
                    || record.path("split").isTextual() && !record.path("split").textValue().equals(split.wireName())) {
                return;
            }
            Place place = at.ofRow(record.path("id").intValue());
            for (Modality modality : Modality.values()) {
                for (Intent intent : Intent.values()) {
                    DialogueKey key = new DialogueKey(split, record.path("id").intValue(), modality, intent);
                    JsonNode part = record.path(modality.wireName()).path(intent.wireName());
                    if (part.isObject() && !taken.contains(key) && ofAnotherModel(record, place).isEmpty()) {
                        recover(key, part, place);
                    }
                }
            }
        }

        private void recover(DialogueKey key, JsonNode part, Place place) {
            Result result = records.ofResults(key, part, place);
            if (result instanceof Result.Read) {
                leftOut.accept(place.without(Part.REMARK, key.modality().wireName() + '.' + key.intent().wireName(),
                        "the dialogue is taken from here, since " + name(key.modality(), key.intent()) + " lacks it",
                        "the record there as well",
                        "nothing: it is the same dialogue"));
            }
            take(key, result);
        }

        private void take(DialogueKey key, Result result) {
            switch (result) {
                case Result.Read(RecordedDialogue dialogue) -> {
                    taken.add(key);
                    refused.remove(key);
                    Optional<String> verdict = logs.take(key);
                    if (verdict.isEmpty() && logs.cover(key)) {
                        leftOut.accept(new Place(
                                folder.relative(JudgeLogs.file(folder, key.split(), key.modality(), key.intent())),
                                key.split(),
                                null, key.rowId()).without(Part.VERDICT, null,
                                        "the log has no verdict on this dialogue, which is imported unjudged",
                                        "a line for each dialogue", "judge it with another judge"));
                    }
                    sink.accept(dialogue.withVerdict(verdict.orElse(null)));
                }
                case Result.Refused(LeftOut why) -> refused.putIfAbsent(key, why);
            }
        }

        private void end() {
            refused.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue).forEach(leftOut);
            logs.tellUnused(leftOut);
        }

        private Optional<Place> place(JsonNode record, Place at) {
            if (!record.path("id").isInt()) {
                leftOut.accept(at.without(Part.DIALOGUE, "id", "the id is missing or no int32", "a whole number",
                        "correct the record"));
                return Optional.empty();
            }
            return Optional.of(at.ofRow(record.path("id").intValue()));
        }

        /// A folder holds answers of one model: the first record says which.
        private Optional<LeftOut> ofAnotherModel(JsonNode record, Place place) {
            JsonNode said = record.path("model_type");
            if (!said.isTextual()) {
                return Optional.empty();
            }
            if (modelType == null) {
                modelType = said.textValue();
            }
            return said.textValue().equals(modelType)
                    ? Optional.empty()
                    : Optional.of(place.without(Part.DIALOGUE, "model_type",
                            "the record is of another model than the first of the folder",
                            ForeignNames.isName(modelType) ? modelType : "the same model throughout",
                            "move it to a folder of its own"));
        }

        private static String before(long records) {
            return records == 0
                    ? "nothing before it"
                    : records == 1
                            ? "the record before it is taken"
                            : "the " + records + " records before it are taken";
        }
    }
}
