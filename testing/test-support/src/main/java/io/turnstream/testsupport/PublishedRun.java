package io.turnstream.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A small recorded run in the layout of the published code, with texts of our own: seven rows of each split, both
/// modalities and intents, 56 dialogues, 168 questions, 56 verdicts.
public final class PublishedRun {

    /// The model it is a recording of.
    public static final String MODEL = "example-model";

    private PublishedRun() {}

    /// Writes it into a folder, for a test to read or to damage.
    ///
    /// @return the folder
    public static Path copyTo(Path folder) {
        for (String file : files()) {
            try (InputStream content = PublishedRun.class.getResourceAsStream("/published-run/" + file)) {
                Path target = folder.resolve(file);
                Files.createDirectories(target.getParent());
                Files.copy(Objects.requireNonNull(content, file), target);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }

    private static List<String> files() {
        List<String> files = new ArrayList<>();
        for (String split : List.of("type_a", "type_b")) {
            for (String modality : List.of("multimodal", "unimodal")) {
                files.add("eval/" + MODEL + "/" + split + "/" + modality + "_summary.json");
                for (String intent : List.of("safe", "unsafe")) {
                    String name = modality + "_" + intent;
                    files.add("inference/" + MODEL + "/" + split + "/" + name + ".json");
                    files.add("eval/" + MODEL + "/" + split + "/" + name + "_eval.json");
                    files.add("eval/" + MODEL + "/" + split + "/logs/" + name + "_judge_debug.jsonl");
                }
            }
        }
        return files;
    }
}
