package io.turnstream.standalone.home;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the libraries of one process unpack what is not Java, 15 MB each time, and keep what they need for a moment.
///
/// They remove most of it when they end in order, and nothing when they are killed. So the launcher gives each process a temporary folder of
/// its own, named after its process id, beside those of others; a process removes its own at the end, and with it those of processes that are
/// no more.
///
/// @param folder that of this process
public record ScratchFolder(Path folder) {

    /// System property that names the folder, which is also the JVM's temporary folder.
    static final String PROPERTY = "turnstream.scratch";

    /// The one that the launcher has made for this process; empty if it was started without.
    public static Optional<ScratchFolder> given() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).filter(name -> !name.isBlank()).map(name -> new ScratchFolder(Path.of(name)));
    }

    /// Once this process ends, removes what is its own and what dead processes left: nobody waits for that then.
    public void claim() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("scratch").unstarted(() -> {
            remove(folder);
            sweep();
        }));
    }

    /// Removes the folders beside this one whose processes are no more.
    void sweep() {
        for (Path other : beside()) {
            if (isOfDead(other)) {
                remove(other);
            }
        }
    }

    private List<Path> beside() {
        Path parent = folder.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(parent)) {
            return files.toList();
        } catch (IOException e) {
            // nothing to be seen is nothing to be removed
            return List.of();
        }
    }

    private static boolean isOfDead(Path other) {
        String name = other.getFileName().toString();
        return name.matches("[1-9][0-9]{0,17}") && Files.isDirectory(other)
                && ProcessHandle.of(Long.parseLong(name)).filter(ProcessHandle::isAlive).isEmpty();
    }

    private static void remove(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure) throws IOException {
                    Files.deleteIfExists(emptied);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // what is still in use, or another process removes at the same time, goes the next time
            System.getLogger(ScratchFolder.class.getName()).log(System.Logger.Level.DEBUG, "not removed: " + folder, e);
        }
    }
}
