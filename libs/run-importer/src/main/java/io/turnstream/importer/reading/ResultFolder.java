package io.turnstream.importer.reading;

import io.turnstream.benchmark.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A result folder of the published code.
///
/// ```
/// inference/<model>/<split>/{modality}_{intent}.json             one record per dialogue
/// inference/<model>/<split>/all_results.json                     the same once more, by row
/// eval/<model>/<split>/logs/{modality}_{intent}_judge_debug.jsonl  the judge's raw answers
/// eval/<model>/<split>/{modality}_{intent}_eval.json             published figures with their sums
/// eval/<model>/<split>/{modality}_summary.json                   published figures of one row of the table
/// ```
///
/// A model's name can hold slashes, and so name folders in folders.
public final class ResultFolder {

    private static final String INFERENCE = "inference";
    private static final String EVALUATION = "eval";
    private static final int DEEPEST_MODEL = 4;
    private static final String LAYOUT = "give the folder that holds 'inference' and, if the run was judged, 'eval'";

    private final Path root;

    private ResultFolder(Path root) {
        this.root = root;
    }

    /// Opens a folder.
    ///
    /// @throws UnusableFolderException if it is none, or has no `inference` folder
    public static ResultFolder at(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        if (!Files.isDirectory(root)) {
            throw new UnusableFolderException(Files.exists(root) ? "this is no folder" : "there is no such folder",
                    root.toString(), LAYOUT);
        }
        if (!Files.isDirectory(root.resolve(INFERENCE))) {
            throw new UnusableFolderException(
                    "there is no folder 'inference' in it, so it is no result folder of the published code",
                    root.toString(), LAYOUT);
        }
        return new ResultFolder(root);
    }

    /// The folder itself, absolute.
    public Path root() {
        return root;
    }

    /// The models it holds recordings of, by name.
    ///
    /// @throws UnusableFolderException if there are none
    public List<ModelFolder> models() {
        Path inference = root.resolve(INFERENCE);
        try (Stream<Path> folders = Files.find(inference, DEEPEST_MODEL,
                (path, attributes) -> attributes.isDirectory() && holdsSplit(path))) {
            List<ModelFolder> models = folders.filter(path -> !path.equals(inference)).sorted()
                    .map(path -> new ModelFolder(root, slashes(inference.relativize(path)))).toList();
            if (models.isEmpty()) {
                throw new UnusableFolderException("it holds no model with a folder type_a or type_b",
                        inference.toString(), LAYOUT);
            }
            return models;
        } catch (IOException e) {
            throw new UnusableFolderException("it cannot be read (" + e.getMessage() + ")", inference.toString(),
                    "check its permissions");
        }
    }

    private static boolean holdsSplit(Path folder) {
        return Arrays.stream(Split.values()).anyMatch(split -> Files.isDirectory(folder.resolve(split.wireName())));
    }

    private static String slashes(Path path) {
        List<String> names = new ArrayList<>();
        path.forEach(name -> names.add(name.toString()));
        return String.join("/", names);
    }

    /// One model's part of a result folder.
    ///
    /// @param root of the result folder
    /// @param name the model's, as its folders are called
    public record ModelFolder(Path root, String name) {

        Path inference(Split split) {
            return root.resolve(INFERENCE).resolve(name).resolve(split.wireName());
        }

        Path evaluation(Split split) {
            return root.resolve(EVALUATION).resolve(name).resolve(split.wireName());
        }

        /// How a file is called in messages: relative to the folder.
        String relative(Path file) {
            return slashes(root.relativize(file));
        }

        @Override
        public String toString() {
            return "ModelFolder[" + name + ']';
        }
    }
}
