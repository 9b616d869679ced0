package io.turnstream.loader.reading;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which files may be read. A person's own program reads what its user may; a service, which reads for whoever reaches
/// it, only below some folders, wherever links lead. Neither reads what is no file on a disk: a pipe, a device, or what
/// the kernel makes up (`/proc`).
public final class ReadableFolders {

    /// Whatever the user of this process may read.
    public static final ReadableFolders EVERYWHERE = new ReadableFolders(null);

    /// File systems whose files are the kernel's: they hold the environment of processes, keys included.
    private static final Set<String> OF_THE_KERNEL = Set.of("proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2",
            "debugfs", "tracefs",
            "securityfs", "configfs", "bpf", "pstore", "efivarfs", "mqueue");

    private final @Nullable List<Path> folders;

    private ReadableFolders(@Nullable List<Path> folders) {
        this.folders = folders;
    }

    /// Only what lies below these folders.
    public static ReadableFolders below(List<Path> folders) {
        return new ReadableFolders(folders.stream().map(folder -> folder.toAbsolutePath().normalize()).toList());
    }

    /// Requires that a folder may be read.
    ///
    /// @param flag what names it, such as `--dataset`
    /// @throws UnusableDatasetException if it may not
    public void requireFolder(Path folder, String flag) {
        if (!Files.isDirectory(folder)) {
            throw missing(folder, flag);
        }
        requireBelow(folder, flag);
    }

    /// Requires that a file is one on a disk and may be read.
    ///
    /// @throws UnusableDatasetException if it is not
    public void requireFile(Path file, String flag) {
        requireNamedBelow(file, flag);
        if (!Files.exists(file)) {
            throw missing(file, flag);
        }
        if (!Files.isRegularFile(file) || isOfTheKernel(file)) {
            throw new UnusableDatasetException("this is no file on a disk", file.toString(), "give a file to " + flag);
        }
        requireBelow(file, flag);
    }

    private UnusableDatasetException missing(Path path, String flag) {
        requireNamedBelow(path, flag);
        return new UnusableDatasetException("there is no such file or folder", path.toString(),
                "check the path given with " + flag);
    }

    /// Before anything is looked up: who may not read there need not learn what is there.
    private void requireNamedBelow(Path path, String flag) {
        if (folders != null && folders.stream().noneMatch(path.toAbsolutePath().normalize()::startsWith)) {
            throw outside(path, flag);
        }
    }

    private void requireBelow(Path path, String flag) {
        requireNamedBelow(path, flag);
        if (folders == null) {
            return;
        }
        try {
            Path real = path.toRealPath();
            for (Path folder : folders) {
                if (Files.exists(folder) && real.startsWith(folder.toRealPath())) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new UnusableDatasetException("it cannot be read", path.toString(), "check its permissions");
        }
        throw outside(path, flag);
    }

    private UnusableDatasetException outside(Path path, String flag) {
        String where = folders == null ? "" : folders.stream().map(Path::toString).collect(Collectors.joining(", "));
        return new UnusableDatasetException(
                "it does not lie below the folders that this platform reads (" + where + ")", path.toString(),
                "give " + flag + " a path in there; its operator names them in TURNSTREAM_DATASET_FOLDERS");
    }

    /// Whether the kernel makes up what stands in a file.
    public static boolean isOfTheKernel(Path file) {
        try {
            return OF_THE_KERNEL.contains(Files.getFileStore(file.toRealPath()).type());
        } catch (IOException | InvalidPathException | SecurityException e) {
            return false;
        }
    }
}
