package io.turnstream.importer.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.ResultFolder.ModelFolder;
import io.turnstream.testsupport.PublishedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingReaderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "TURNSTREAM_TEST_DATA";

    @TempDir
    private Path folder;

    @BeforeEach
    void copy() {
        PublishedRun.copyTo(folder);
    }

    @Test
    void readsAWholeFolderAndFindsEveryPublishedFigureAgain() {
        Recording recording = survey();

        assertThat(recording.leftOut()).isEmpty();
        assertThat(recording.dialogues()).isEqualTo(56);
        assertThat(recording.rows()).isEqualTo(14);
        assertThat(recording.verdicts()).isEqualTo(56);
        assertThat(recording.emptyTurns()).isEqualTo(1);
        assertThat(recording.judged()).isTrue();
        // 8 evaluations: 2 figures of a safe and 3 of an unsafe dialogue, in 2 splits and 2 modalities; 4 summaries
        // with 5 figures.
        assertThat(recording.figuresCompared()).isEqualTo(4 * (2 + 3) + 4 * 5).isEqualTo(recording.figuresEqual());
    }

    @Test
    void findsEveryFigureOfTheRecordedPublishedRunAgain() {
        String data = System.getenv(DATA);
        assumeTrue(data != null && !data.isBlank(),
                DATA + " is unset: it names the folder that holds published-run, the recorded run to compare with");

        ModelFolder model = ResultFolder.at(Path.of(data, "published-run")).models().getFirst();
        Recording recording = new RecordingReader(model).survey();

        assertThat(recording.leftOut()).isEmpty();
        assertThat(recording.dialogues()).isEqualTo(48);
        assertThat(recording.questions()).isEqualTo(144);
        assertThat(recording.temperature()).isEqualTo(0.1);
        assertThat(recording.maxTokens()).isEqualTo(128);
        assertThat(recording.figuresEqual()).isEqualTo(recording.figuresCompared()).isEqualTo(40);
    }

    @Test
    void readsTheSameDialoguesAgainWithTheirVerdicts() {
        List<RecordedDialogue> dialogues = new ArrayList<>();
        String digest = new RecordingReader(model()).dialogues(dialogues::add);

        assertThat(digest).isEqualTo(survey().contentDigest());
        assertThat(dialogues).hasSize(56);
        RecordedDialogue withGap = find(dialogues,
                new DialogueKey(Split.TYPE_A, 3, Modality.MULTIMODAL, Intent.UNSAFE));
        assertThat(withGap.rounds().get(1).answer()).isEmpty();
        assertThat(withGap.questions()).extracting(RecordedDialogue.RecordedQuestion::step).containsExactly("mcq-0",
                "mcq-2", "tf-0", "tf-1");
        assertThat(withGap.verdict()).contains("\"score\": 4");
    }

    @Test
    void theDataSetsDigestStandsForWhatWasAskedNotForWhatWasAnswered() throws IOException {
        Recording before = survey();
        edit("type_a", "multimodal_safe", records -> dialogue(records, 0).put("R1_model_response", "Something else."));
        Recording after = survey();

        assertThat(after.datasetDigest()).isEqualTo(before.datasetDigest());
        assertThat(after.contentDigest()).isNotEqualTo(before.contentDigest());
    }

    @Test
    void aFileThatBreaksOffGivesTheRecordsBeforeTheBreak() throws IOException {
        truncate(inference("type_a", "multimodal_safe"), 2);

        Recording recording = survey();

        assertThat(recording.dialogues()).isEqualTo(56 - 2);
        assertThat(of(recording, Part.FILE)).singleElement().satisfies(out -> {
            assertThat(out.where()).isEqualTo("inference/example-model/type_a/multimodal_safe.json, record 5");
            assertThat(out.problem()).contains("breaks off").contains("the 5 records before it are taken");
        });
        // Two verdicts have lost their dialogues, and the figures that rest on them are not those that were published.
        assertThat(of(recording, Part.VERDICT)).hasSize(2)
                .allSatisfy(out -> assertThat(out.problem()).contains("a dialogue that is not imported"));
        assertThat(recording.figuresEqual()).isLessThan(recording.figuresCompared());
        assertThat(of(recording, Part.REMARK)).extracting(LeftOut::field).contains("metrics.helpfulness_avg");
    }

    @Test
    void whatAFileLacksIsTakenFromTheResultsByRow() throws IOException {
        Recording whole = survey();
        writeResults("type_a");
        truncate(inference("type_a", "multimodal_safe"), 2);

        Recording recording = survey();

        assertThat(recording.contentDigest()).isEqualTo(whole.contentDigest());
        assertThat(recording.figuresEqual()).isEqualTo(recording.figuresCompared());
        assertThat(of(recording, Part.REMARK)).hasSize(2)
                .allSatisfy(out -> assertThat(out.file()).endsWith("all_results.json"));
        assertThat(of(recording, Part.DIALOGUE)).isEmpty();
    }

    @Test
    void aFileOfAnotherKindOrWithoutContentIsToldAndTheOthersAreRead() throws IOException {
        Files.writeString(inference("type_a", "multimodal_safe"), "");
        Files.writeString(inference("type_a", "multimodal_unsafe"), "\"text\"");
        Files.writeString(inference("type_b", "unimodal_safe"), "{\"a\": 1}");
        Files.delete(inference("type_b", "unimodal_unsafe"));
        Files.writeString(inference("type_b", "notes"), "[]");

        Recording recording = survey();

        assertThat(recording.dialogues()).isEqualTo(4 * 7);
        assertThat(of(recording, Part.FILE)).extracting(LeftOut::problem)
                .anyMatch(problem -> problem.startsWith("the file is empty"))
                .anyMatch(problem -> problem.startsWith("there is no array"))
                .anyMatch(problem -> problem.contains("no field 'results'"))
                .anyMatch(problem -> problem.contains("is not read")).hasSize(4);
        assertThat(of(recording, Part.REMARK)).extracting(LeftOut::problem).contains("there is no such file");
    }

    @Test
    void recordsOfAnotherCellOrModelAreLeftOut() throws IOException {
        edit("type_a", "multimodal_safe", records -> {
            ((ObjectNode) records.get(1)).put("split", "type_b");
            ((ObjectNode) records.get(2)).put("intent_variant", "unsafe");
            ((ObjectNode) records.get(3)).put("model_type", "another-model");
        });

        assertThat(of(survey(), Part.DIALOGUE)).extracting(LeftOut::where).containsExactly(
                "inference/example-model/type_a/multimodal_safe.json, record 1 (id 1), split",
                "inference/example-model/type_a/multimodal_safe.json, record 2 (id 2), intent_variant",
                "inference/example-model/type_a/multimodal_safe.json, record 3 (id 3), model_type");
    }

    @Test
    void aDialogueThatLacksATurnAndARepeatedOneAreLeftOut() throws IOException {
        edit("type_b", "unimodal_safe", records -> {
            dialogue(records, 0).remove("R2_model_response");
            dialogue(records, 1).putNull("R3_model_response");
            dialogue(records, 2).put("R1", " ");
            ((ObjectNode) records.get(4)).put("id", 3);
            ((ObjectNode) records.get(5)).put("id", "five");
        });

        assertThat(of(survey(), Part.DIALOGUE)).extracting(LeftOut::field).containsExactlyInAnyOrder(
                "dialogue.R2_model_response", "dialogue.R3_model_response", "dialogue.R1", "id", "id");
    }

    @Test
    void aQuestionThatLacksItsAnswerIsLeftOutAloneAndTheOthersKeepTheirNames() throws IOException {
        edit("type_a", "unimodal_unsafe", records -> {
            ((ObjectNode) records.get(0).get("mcq").get(0)).remove("model_answer_raw");
            ((ObjectNode) records.get(0).get("tf").get(1)).put("ground_truth", "yes");
            ((ObjectNode) records.get(1).get("mcq").get(0)).put("ground_truth", "E");
            ((ObjectNode) records.get(1).get("mcq").get(1)).putArray("options").add("only one");
        });
        List<RecordedDialogue> dialogues = new ArrayList<>();
        new RecordingReader(model()).dialogues(dialogues::add);

        Recording recording = survey();
        assertThat(recording.dialogues()).isEqualTo(56);
        assertThat(of(recording, Part.QUESTION)).extracting(LeftOut::field)
                .containsExactly("mcq[0].model_answer_raw", "tf[1].ground_truth", "mcq[0].ground_truth",
                        "mcq[1].options");
        assertThat(find(dialogues, new DialogueKey(Split.TYPE_A, 0, Modality.UNIMODAL, Intent.UNSAFE)).questions())
                .extracting(RecordedDialogue.RecordedQuestion::step).containsExactly("mcq-2", "tf-0");
    }

    @Test
    void theLaterOfTwoVerdictsCountsAndDamagedLinesAreTold() throws IOException {
        Path log = folder.resolve("eval/example-model/type_a/logs/multimodal_unsafe_judge_debug.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(log));
        String first = lines.get(0);
        lines.set(1, "{\"id\": 1, \"split\": \"type_b\", \"judge_answer\": \"x\"}");
        lines.add(first.replace("\"judge_answer\": \"\"", "\"judge_answer\": \"{\\\"score\\\": 2}\"").replace("null",
                "2"));
        lines.add("{\"id\": 5, \"judge_answer\"");
        Files.write(log, lines);
        List<RecordedDialogue> dialogues = new ArrayList<>();
        new RecordingReader(model()).dialogues(dialogues::add);

        assertThat(find(dialogues, new DialogueKey(Split.TYPE_A, 0, Modality.MULTIMODAL, Intent.UNSAFE)).verdict())
                .isEqualTo("{\"score\": 2}");
        assertThat(find(dialogues, new DialogueKey(Split.TYPE_A, 1, Modality.MULTIMODAL, Intent.UNSAFE)).verdict())
                .isNull();
        assertThat(of(survey(), Part.VERDICT)).extracting(LeftOut::problem).containsExactlyInAnyOrder(
                "the record is of another split than its file",
                "a later line of the log judges this dialogue again",
                "the line is no JSON object: cut off or damaged",
                "the log has no verdict on this dialogue, which is imported unjudged");
    }

    @Test
    void verdicts_of_joined_lines_are_all_taken() throws IOException {
        Path log = folder.resolve("eval/example-model/type_a/logs/multimodal_unsafe_judge_debug.jsonl");
        List<String> lines = Files.readAllLines(log);
        Recording before = survey();
        Files.writeString(log, "\uFEFF" + String.join("", lines));

        assertThat(survey().verdicts()).isEqualTo(before.verdicts());
        assertThat(survey().leftOut()).hasSameSizeAs(before.leftOut());
    }

    @Test
    void withoutAnEvaluationThereAreNoVerdicts() throws IOException {
        try (var files = Files.walk(folder.resolve("eval"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }

        Recording recording = survey();
        assertThat(recording.judged()).isFalse();
        assertThat(recording.verdicts()).isZero();
        assertThat(recording.figuresCompared()).isZero();
        assertThat(recording.leftOut()).isEmpty();
    }

    @Test
    void folderThatHoldsNothingIsRefusedWithTheRemedy() throws IOException {
        assertThatThrownBy(() -> ResultFolder.at(folder.resolve("nowhere"))).isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("there is no such folder").hasMessageContaining("'inference'");
        assertThatThrownBy(() -> ResultFolder.at(folder.resolve("eval"))).hasMessageContaining("no folder 'inference'");

        Path empty = Files.createDirectories(folder.resolve("empty"));
        Files.createDirectories(empty.resolve("inference/m/type_a"));
        assertThatThrownBy(() -> new RecordingReader(ResultFolder.at(empty).models().getFirst()).survey())
                .isInstanceOf(UnusableFolderException.class).hasMessageContaining("no dialogue of model m");
    }

    @Test
    void aModelsNameCanHoldSlashes() throws IOException {
        Files.createDirectories(folder.resolve("inference/org/model-7b/type_b"));

        assertThat(ResultFolder.at(folder).models()).extracting(ModelFolder::name).containsExactly("example-model",
                "org/model-7b");
    }

    private ModelFolder model() {
        return ResultFolder.at(folder).models().getFirst();
    }

    private Recording survey() {
        return new RecordingReader(model()).survey();
    }

    private static List<LeftOut> of(Recording recording, Part what) {
        return recording.leftOut().stream().filter(out -> out.what() == what).toList();
    }

    private static RecordedDialogue find(List<RecordedDialogue> dialogues, DialogueKey key) {
        return dialogues.stream().filter(dialogue -> dialogue.key().equals(key)).findFirst().orElseThrow();
    }

    private Path inference(String split, String name) {
        return folder.resolve("inference/example-model").resolve(split).resolve(name + ".json");
    }

    private void edit(String split, String name, Consumer<ArrayNode> change) throws IOException {
        ArrayNode records = (ArrayNode) JSON.readTree(inference(split, name).toFile());
        change.accept(records);
        JSON.writeValue(inference(split, name).toFile(), records);
    }

    private static ObjectNode dialogue(ArrayNode records, int position) {
        return (ObjectNode) records.get(position).get("dialogue");
    }

    /// Cuts a file in the middle of the record before its last `lost - 1`.
    private void truncate(Path file, int lost) throws IOException {
        String text = Files.readString(file);
        int at = text.length();
        for (int i = 0; i < lost; i++) {
            at = text.lastIndexOf("\"model_type\"", at - 1);
        }
        Files.write(file, text.substring(0, at + 20).getBytes(StandardCharsets.UTF_8));
    }

    /// The same dialogues by row, as the published code writes them beside the four files.
    private void writeResults(String split) throws IOException {
        ObjectNode all = JSON.createObjectNode();
        all.putObject("meta").put("temperature", 0.1);
        ArrayNode results = all.putArray("results");
        for (int row = 0; row < 7; row++) {
            ObjectNode result = results.addObject().put("id", row).put("split", split).put("model_type",
                    "example-model");
            for (String modality : List.of("multimodal", "unimodal")) {
                for (String intent : List.of("safe", "unsafe")) {
                    JsonNode record = JSON.readTree(inference(split, modality + "_" + intent).toFile()).get(row);
                    ObjectNode part = result.withObject("/" + modality).putObject(intent);
                    ArrayNode turns = part.putArray("dialogue");
                    for (int n = 1; n <= 3; n++) {
                        turns.addObject().put("turn", "r" + n).put("role", "user").set("content",
                                record.at("/dialogue/R" + n));
                        turns.addObject().put("turn", "a" + n).put("role", "assistant").set("content",
                                record.at("/dialogue/R" + n + "_model_response"));
                    }
                    part.set("mcq", record.get("mcq"));
                    part.set("tf", record.get("tf"));
                }
            }
        }
        JSON.writeValue(inference(split, "all_results").toFile(), all);
    }
}
