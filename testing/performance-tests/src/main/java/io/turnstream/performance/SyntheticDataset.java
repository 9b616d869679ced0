package io.turnstream.performance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.contracts.Split;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// A data set of the published one's size and shape, with nothing in it: 752 pictures, each with a row in either split;
/// from every row come four dialogues, and from those 36,096 calls to the model and 6,016 to the judge. Texts are as
/// long as published ones, pictures are large photos.
final class SyntheticDataset {

    /// Rows of each split.
    static final int ROWS = 752;
    private static final int MCQS = 4;
    private static final int STATEMENTS = 2;
    private static final List<String> WORDS = List.of("which", "part", "of", "the", "picture", "shows", "a", "door",
            "near", "some", "people", "who", "carry",
            "boxes", "along", "platform", "and", "what", "would", "you", "check", "first", "before", "evening", "when",
            "light", "fades", "over", "yard", "there");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;

    /// @param folder for all data sets; each is written once
    SyntheticDataset(Path folder) {
        this.folder = folder;
    }

    /// What is in it besides the turns.
    private record Content(int rows, boolean questions, boolean pictures) {}

    /// Dialogues and questions in words alone.
    Path texts(int rows) throws IOException {
        return written("texts-" + rows, new Content(rows, true, false));
    }

    /// Dialogues in words alone, without questions.
    Path dialogues(int rows) throws IOException {
        return written("dialogues-" + rows, new Content(rows, false, false));
    }

    /// The whole, with a picture for each row.
    Path pictures(int rows) throws IOException {
        return written("pictures-" + rows, new Content(rows, true, true));
    }

    private Path written(String name, Content content) throws IOException {
        Path dataset = folder.resolve(name);
        if (Files.isDirectory(dataset)) {
            return dataset;
        }
        Path images = Files.createDirectories(dataset.resolve("images"));
        int pictures = content.pictures() ? content.rows() : 1;
        IntStream.range(0, pictures).parallel()
                .forEach(number -> SyntheticPicture.write(images.resolve(number + ".jpg"), number, content.pictures()));
        for (Split split : List.of(Split.TYPE_A, Split.TYPE_B)) {
            String wire = split.name().toLowerCase(Locale.ROOT);
            try (BufferedWriter out = Files.newBufferedWriter(dataset.resolve(wire + ".jsonl"))) {
                for (int row = 0; row < content.rows(); row++) {
                    out.write(JSON.writeValueAsString(row(row, wire, content)));
                    out.newLine();
                }
            }
        }
        ObjectNode captions = JSON.createObjectNode();
        IntStream.range(0, content.rows()).forEach(row -> captions.put(Integer.toString(row), words(row, 30)));
        Files.writeString(dataset.resolve("captions.json"), captions.toString());
        return dataset;
    }

    private static ObjectNode row(int id, String split, Content content) {
        ObjectNode row = JSON.createObjectNode();
        row.put("id", id).put("split", split).put("image", "images/" + (content.pictures() ? id : 0) + ".jpg")
                .put("unsafe_intent", words(id, 8));
        for (String modality : List.of("multimodal", "unimodal")) {
            ObjectNode turns = row.putObject(modality + "_dialogue");
            boolean escalates = split.equals("type_a");
            int seed = id * 31 + modality.length() + (escalates ? 0 : 7);
            turns.put("r1", escalates ? words(seed + 1, 20) : "").put("r2", words(seed + 2, 22)).put("r3",
                    escalates ? "" : words(seed + 3, 26));
            turns.put("unsafe_r1", escalates ? "" : words(seed + 4, 20)).put("safe_r1",
                    escalates ? "" : words(seed + 5, 20));
            turns.put("unsafe_r3", escalates ? words(seed + 6, 26) : "").put("safe_r3",
                    escalates ? words(seed + 7, 26) : "");
            ArrayNode mcqs = row.putArray(modality + "_mcq");
            ArrayNode statements = row.putArray(modality + "_tf");
            for (int i = 0; content.questions() && i < MCQS; i++) {
                ObjectNode mcq = mcqs.addObject().put("question", words(seed + 8 + i, 9)).put("question_type",
                        i < MCQS / 2 ? "unsafe_intent" : "safe_intent");
                ArrayNode options = mcq.putArray("options");
                for (int option = 0; option < 4; option++) {
                    options.add(words(seed + 12 + 4 * i + option, 6));
                }
                mcq.put("ground_truth", "ABCD".substring(i, i + 1));
            }
            for (int i = 0; content.questions() && i < STATEMENTS; i++) {
                statements.addObject().put("question", "True or False: " + words(seed + 40 + i, 12)).put("ground_truth",
                        i == 0);
            }
        }
        return row;
    }

    /// The same words for the same seed.
    private static String words(int seed, int count) {
        StringBuilder text = new StringBuilder();
        int state = seed * 0x9E3779B9 + 1;
        for (int i = 0; i < count; i++) {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            text.append(i == 0 ? "" : " ").append(WORDS.get(Math.floorMod(state, WORDS.size())));
        }
        return text.append('?').toString();
    }
}
