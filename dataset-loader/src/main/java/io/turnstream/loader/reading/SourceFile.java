package io.turnstream.loader.reading;

import io.turnstream.benchmark.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One file of a data set.
///
/// @param root folder that everything the file refers to must stand in
/// @param split the split that the name of the file or of its folder says; null where each row must say it
public record SourceFile(Path path, Path root, DatasetFormat format, @Nullable Split split) {

    /// The split of a row that may name one itself; null where nobody names one, or the row contradicts its file.
    ///
    /// @param named what the row says, empty where it says nothing
    public @Nullable Split splitOf(String named) {
        if (named.isEmpty()) {
            return split;
        }
        return Arrays.stream(Split.values())
                .filter(candidate -> candidate.wireName().equals(named))
                .filter(candidate -> split == null || split == candidate)
                .findFirst()
                .orElse(null);
    }

    /// The folder that whatever this file refers to must lie in once links are followed. In a hub's cache the files of
    /// a data set are links to `blobs`, beside the folder `snapshots` that the data set's folder stands in.
    public Path realRoot() throws IOException {
        Path real = root.toRealPath();
        Path snapshots = real.getParent();
        boolean cached = snapshots != null && snapshots.endsWith("snapshots")
                && Files.isDirectory(snapshots.resolveSibling("blobs"));
        return cached ? snapshots.getParent() : real;
    }

    /// Name for messages: the path within the data set.
    public String name() {
        return path.startsWith(root) ? root.relativize(path).toString() : path.toString();
    }
}
