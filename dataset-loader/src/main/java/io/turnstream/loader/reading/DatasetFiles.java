package io.turnstream.loader.reading;

import io.turnstream.benchmark.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files a data set consists of, in the order in which they are read: by split, then by name.
///
/// A folder stands for all Parquet and JSON-lines files in it and up to three folders below (as the hub lays them out).
/// Where it holds both formats, Parquet is read, since both are then the same rows twice. The split is the one that the
/// name of a file, or of the nearest folder above it, begins with: `type_a-00000-of-00001.parquet`,
/// `type_b/rows.jsonl`.
///
/// @param roots the folders the files were found in: where captions and categories are looked for
public record DatasetFiles(List<SourceFile> files, List<Path> roots) {

    private static final String FLAG = "--dataset";
    private static final int FOLDER_DEPTH = 4;

    public DatasetFiles {
        files = List.copyOf(files);
        roots = List.copyOf(roots);
    }

    /// Finds the files, wherever the user of this process may read.
    ///
    /// @param paths a folder or several, files, or both
    /// @throws UnusableDatasetException if a path does not exist or holds nothing to read
    public static DatasetFiles find(List<Path> paths) {
        return find(paths, ReadableFolders.EVERYWHERE);
    }

    /// Finds the files.
    ///
    /// @param paths a folder or several, files, or both
    /// @throws UnusableDatasetException if a path does not exist, may not be read or holds nothing to read
    public static DatasetFiles find(List<Path> paths, ReadableFolders readable) {
        if (paths.isEmpty()) {
            throw new UnusableDatasetException(
                    "no data set is named", FLAG, "name a folder or files in Parquet or JSON lines");
        }
        List<SourceFile> found = new ArrayList<>();
        List<Path> roots = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                readable.requireFolder(path, FLAG);
                roots.add(path);
                found.addAll(inFolder(path));
            } else {
                readable.requireFile(path, FLAG);
                Path parent = path.toAbsolutePath().getParent();
                Path root = parent == null ? path.toAbsolutePath().getRoot() : parent;
                roots.add(root);
                found.add(single(path.toAbsolutePath(), root));
            }
        }
        found.forEach(file -> readable.requireFile(file.path(), FLAG));
        found.sort(Comparator.comparing(SourceFile::split, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(SourceFile::path));
        return new DatasetFiles(found.stream().distinct().toList(), roots.stream().distinct().toList());
    }

    private static SourceFile single(Path path, Path root) {
        DatasetFormat format = DatasetFormat.of(path)
                .orElseThrow(() -> new UnusableDatasetException(
                        "the name does not say its format",
                        path.toString(),
                        "give files that end in " + DatasetFormat.suffixes()));
        return new SourceFile(path, root, format, splitOf(path, root));
    }

    private static List<SourceFile> inFolder(Path folder) {
        List<SourceFile> found;
        // a link to a folder is walked into, links within it are not
        try (Stream<Path> tree = Files.walk(Files.isSymbolicLink(folder) ? folder.resolve(".") : folder,
                FOLDER_DEPTH)) {
            found = tree.map(path -> Files.isSymbolicLink(folder) ? path.normalize() : path)
                    .filter(Files::isRegularFile)
                    .filter(path -> DatasetFormat.of(path).isPresent())
                    .map(path -> single(path, folder))
                    .toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new UnusableDatasetException(
                    "the folder cannot be read", folder.toString(),
                    "check its permissions and those of the folders in it");
        }
        if (found.isEmpty()) {
            throw new UnusableDatasetException(
                    "the folder holds no file that ends in " + DatasetFormat.suffixes(),
                    folder.toString(),
                    "name the folder that holds the data set's files");
        }
        boolean parquet = found.stream().anyMatch(file -> file.format() == DatasetFormat.PARQUET);
        return found.stream()
                .filter(file -> !parquet || file.format() == DatasetFormat.PARQUET)
                .toList();
    }

    private static @Nullable Split splitOf(Path file, Path root) {
        for (Path at = file; at != null && at.getFileName() != null; at = at.getParent()) {
            String name = at.getFileName().toString().toLowerCase(Locale.ROOT);
            for (Split split : Split.values()) {
                if (name.startsWith(split.wireName())) {
                    return split;
                }
            }
            if (at.equals(root)) {
                return null;
            }
        }
        return null;
    }
}
