package io.turnstream.standalone.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the libraries of one process unpack what is not Java, 15 MB each time, and keep what they need for a moment.
///
/// They remove most of it when they end in order, and nothing when they are killed. So the launcher gives each process
/// a temporary folder of its own beside those of others; a process removes its own at the end, and with it those of
/// processes that are no more.
///
/// Whether one is no more says the lock that it holds on a file in its folder. Process ids do not: a container and its
/// host can share a clone, and each has its own. Only a folder without such a file, as earlier versions had them, is
/// told by the id that it is named after.
///
/// @param folder that of this process
public record ScratchFolder(Path folder) {

    /// System property that names the folder, which is also the JVM's temporary folder.
    static final String PROPERTY = "turnstream.scratch";

    private static final System.Logger LOG = System.getLogger(ScratchFolder.class.getName());
    private static final String LOCK = "in-use.lock";
    /// A process id, and what makes the name one of its own where the same id is another's elsewhere.
    private static final Pattern NAME = Pattern.compile("[1-9][0-9]{0,17}(\\.[A-Za-z0-9]+)?");
    private static final Duration TO_BE_CLAIMED = Duration.ofMinutes(10);

    /// The one that the launcher has made for this process; empty if it was started without.
    public static Optional<ScratchFolder> given() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).filter(name -> !name.isBlank())
                .map(name -> new ScratchFolder(Path.of(name)));
    }

    /// Holds the folder from now on. Once this process ends, removes what is its own and what dead processes left:
    /// nobody waits for that then.
    public void claim() {
        FileChannel held = lock();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("scratch").unstarted(() -> {
            remove(folder);
            sweep();
            close(held);
        }));
    }

    /// The lock stands under its name only once it is held: nobody finds it free while its owner lives. Null where the
    /// file system has no locks.
    private @Nullable FileChannel lock() {
        Path made = folder.resolve(LOCK + ".new");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(made, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                Files.move(made, folder.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
                return channel;
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "without a lock: " + folder, e);
        }
        close(channel);
        return null;
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "not closed", e);
        }
    }

    /// Removes the folders beside this one whose processes are no more.
    void sweep() {
        for (Path other : beside()) {
            if (NAME.matcher(other.getFileName().toString()).matches()
                    && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)) {
                sweep(other);
            }
        }
    }

    private static void sweep(Path other) {
        Path lock = other.resolve(LOCK);
        try {
            if (!Files.exists(lock)) {
                if (isOfDead(other)) {
                    remove(other);
                }
                return;
            }
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
                if (channel.tryLock() != null) {
                    remove(other);
                }
            }
        } catch (IOException e) {
            // somebody else's, or on a file system without locks: it stays
            LOG.log(System.Logger.Level.DEBUG, "not removed: " + other, e);
        }
    }

    private List<Path> beside() {
        Path own = folder.toAbsolutePath();
        try (Stream<Path> files = Files.list(own.getParent())) {
            return files.filter(file -> !file.getFileName().equals(own.getFileName())).toList();
        } catch (IOException e) {
            // nothing to be seen is nothing to be removed
            return List.of();
        }
    }

    /// Of a folder that nobody has locked. One that was just made has an owner who is about to.
    private static boolean isOfDead(Path other) throws IOException {
        String id = other.getFileName().toString().split("\\.", 2)[0];
        return Files.getLastModifiedTime(other).toInstant().isBefore(Instant.now().minus(TO_BE_CLAIMED))
                && ProcessHandle.of(Long.parseLong(id)).filter(ProcessHandle::isAlive).isEmpty();
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
                public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(emptied);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // what is still in use, or another process removes at the same time, goes the next time
            LOG.log(System.Logger.Level.DEBUG, "not removed: " + folder, e);
        }
    }
}
