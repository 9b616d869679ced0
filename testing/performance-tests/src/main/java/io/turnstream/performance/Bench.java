package io.turnstream.performance;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What benchmarks share: a folder, the simulator, data sets that are made once, and how thorough to be.
final class Bench implements AutoCloseable {

    private final Path folder;
    private final int runs;
    private final boolean quick;
    private final PrintStream progress;
    private final SyntheticDataset datasets;
    private @Nullable SimulatedModels models;
    private int homes;

    /// @param folder for everything that is written, and deleted at the end
    /// @param runs of each measurement
    /// @param quick whether a smaller load and a shorter warm-up do
    /// @param progress says what goes on
    Bench(Path folder, int runs, boolean quick, PrintStream progress) {
        this.folder = folder;
        this.runs = runs;
        this.quick = quick;
        this.progress = progress;
        this.datasets = new SyntheticDataset(folder.resolve("datasets"));
    }

    int runs() {
        return runs;
    }

    boolean isQuick() {
        return quick;
    }

    /// Rows of each split: all of the published data set, or an eighth of them.
    int rows() {
        return quick ? SyntheticDataset.ROWS / 8 : SyntheticDataset.ROWS;
    }

    /// Words alone.
    Path texts() throws IOException {
        return datasets.texts(rows());
    }

    /// With a picture for each row.
    Path pictures() throws IOException {
        say("making pictures");
        return datasets.pictures(rows());
    }

    SyntheticDataset datasets() {
        return datasets;
    }

    SimulatedModels models() throws IOException {
        SimulatedModels current = models;
        if (current == null) {
            current = SimulatedModels.start(folder);
            models = current;
        }
        return current;
    }

    /// A home where nothing was yet.
    Path newHome() {
        homes++;
        return folder.resolve("home-" + homes);
    }

    void say(String what) {
        progress.println("  ... " + what);
    }

    @Override
    public void close() {
        if (models != null) {
            models.close();
        }
        delete(folder);
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
