package io.turnstream.standalone.home;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.embedded.CannotStartException;
import io.turnstream.projection.store.ProjectionGeneration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A home that this process owns. One process at a time can.
///
/// Opening checks everything before it changes anything: a folder that holds something else, a home of a newer version
/// or a damaged `home.json` is refused and left as it is.
public final class Home implements AutoCloseable {

    /// The format this code writes and reads.
    static final int FORMAT = 1;

    private static final String GENERATION = "generation";
    private static final int TOKEN_BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HomeLayout layout;
    private final FileChannel channel;
    private final Optional<String> closedToOthers;

    private Home(HomeLayout layout, FileChannel channel, Optional<String> closedToOthers) {
        this.layout = layout;
        this.channel = channel;
        this.closedToOthers = closedToOthers;
    }

    /// What a home is opened for: how much room must be left on its disk.
    public enum Purpose {
        /// To read documents: nothing is written that takes room.
        DOCUMENTS(0),
        /// To read the log: its broker notes that it was there.
        LOG(4L * 1024 * 1024),
        /// To work.
        WORK(100L * 1024 * 1024);

        private final long leastFreeBytes;

        Purpose(long leastFreeBytes) {
            this.leastFreeBytes = leastFreeBytes;
        }
    }

    /// Makes the home if it is missing, and takes possession of it. It is for its user alone, also if it was not
    /// before.
    ///
    /// @param clock gives a new home its date
    /// @throws CannotStartException if another platform owns it, it cannot be written, the disk is too full for what it
    ///                              is opened for, it was written by a newer version, or it is no home at all
    public static Home open(HomeLayout layout, Clock clock, Purpose purpose) {
        return open(layout, clock, purpose, folder -> Files.getFileStore(folder).getUsableSpace());
    }

    static Home open(HomeLayout layout, Clock clock, Purpose purpose, FreeSpace freeSpace) {
        try {
            requireHomeOrEmpty(layout);
            // an empty folder had nothing to be seen
            boolean hadContent = Files.exists(layout.homeFile());
            Optional<String> closedToOthers = new PrivateFolder(layout.root()).make().filter(said -> hadContent);
            Home home = new Home(layout, lock(layout), closedToOthers);
            try {
                home.checkAndPrepare(clock, purpose, freeSpace);
                return home;
            } catch (IOException | RuntimeException e) {
                home.channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new CannotStartException("Cannot write to the home (" + describe(e) + ")", layout.root().toString(),
                    "Choose another one with --home or " + HomeLayout.VARIABLE + ", or make this one writable.", e);
        }
    }

    private static String describe(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }

    private static void requireHomeOrEmpty(HomeLayout layout) throws IOException {
        if (!Files.isDirectory(layout.root()) || Files.exists(layout.homeFile())) {
            return;
        }
        try (Stream<Path> files = Files.list(layout.root())) {
            if (files.anyMatch(file -> !file.equals(layout.lockFile()) && !isUnfinished(file))) {
                throw new CannotStartException(
                        "The folder is not empty and has no home.json, so it is no home of Turnstream",
                        layout.root().toString(), "Choose an empty or new folder with --home or " + HomeLayout.VARIABLE
                                + "; if this was a home, restore its home.json.");
            }
        }
    }

    private static boolean isUnfinished(Path file) {
        return file.getFileName().toString().endsWith(".new");
    }

    private static FileChannel lock(HomeLayout layout) throws IOException {
        FileChannel channel = FileChannel.open(layout.lockFile(), Set.of(StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE), ownerOnly(layout.root()));
        if (!tryLock(channel)) {
            channel.close();
            throw new CannotStartException("Another platform is running on this home (pid " + owner(layout) + ")",
                    layout.root().toString(), "Use that one, stop it, or choose another home with --home.");
        }
        ByteBuffer pid = ByteBuffer
                .wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII));
        // over what stands there, which takes no room on a full disk
        channel.write(pid, 0);
        channel.truncate(pid.capacity());
        return channel;
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            @Nullable
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String owner(HomeLayout layout) throws IOException {
        String pid = Files.readString(layout.lockFile(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    private void checkAndPrepare(Clock clock, Purpose purpose, FreeSpace freeSpace) throws IOException {
        requireKnown(layout);
        long free = freeSpace.bytesAt(layout.root());
        if (free < purpose.leastFreeBytes) {
            throw new CannotStartException("The disk is nearly full (" + free / (1024 * 1024) + " MB left, at least "
                    + purpose.leastFreeBytes / (1024 * 1024) + " MB are needed)", layout.root().toString(),
                    "Make room, or choose a home on another disk with --home.");
        }
        if (!Files.exists(layout.homeFile())) {
            write(layout.homeFile(), Map.of("format", FORMAT, "createdAt", clock.instant().toString()));
        }
        for (Path folder : layout.folders()) {
            Files.createDirectories(folder);
        }
        // we own the lock, so whoever wrote it is gone
        Files.deleteIfExists(layout.platformFile());
    }

    /// Requires of a home that is only looked at what opening it does: that this version knows its format. What is no
    /// home yet is fine.
    ///
    /// @throws CannotStartException if it was written by a newer version, or its `home.json` is damaged
    public static void requireKnown(HomeLayout layout) {
        if (!Files.exists(layout.homeFile())) {
            return;
        }
        JsonNode format;
        try {
            format = JSON.readTree(layout.homeFile().toFile()).path("format");
        } catch (IOException e) {
            throw damaged(layout, e);
        }
        if (!format.isInt() || format.intValue() < 1) {
            throw damaged(layout, null);
        }
        if (format.intValue() > FORMAT) {
            throw new CannotStartException("The home was written by a newer version of Turnstream (format "
                    + format.intValue() + ", this one knows " + FORMAT + ")", layout.root().toString(),
                    "Use the newer version, or another home with --home.");
        }
    }

    private static CannotStartException damaged(HomeLayout layout, @Nullable Throwable cause) {
        return new CannotStartException("The home's format cannot be read", layout.homeFile().toString(),
                "Restore the file; for a home of this version it is {\"format\": " + FORMAT + "}.", cause);
    }

    /// What people are to be told if others could look into the home until it was opened.
    public Optional<String> closedToOthers() {
        return closedToOthers;
    }

    /// What lies where.
    public HomeLayout layout() {
        return layout;
    }

    /// The generation of the projection that is read in a home.
    ///
    /// @throws CannotStartException if its file is damaged
    public static ProjectionGeneration projection(HomeLayout layout) {
        if (!Files.exists(layout.projectionFile())) {
            return ProjectionGeneration.FIRST;
        }
        try {
            return new ProjectionGeneration(
                    JSON.readTree(layout.projectionFile().toFile()).path(GENERATION).intValue());
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotStartException("It cannot be read which projection is the live one",
                    layout.projectionFile().toString(),
                    "Delete the file and run 'turnstream rebuild'.", e);
        }
    }

    /// From now on, also after a crash, that generation is read.
    public void makeLive(ProjectionGeneration generation) {
        try {
            write(layout.projectionFile(), Map.of(GENERATION, generation.number()));
        } catch (IOException e) {
            throw new CannotStartException("Cannot write to the home (" + describe(e) + ")",
                    layout.projectionFile().toString(),
                    "Make the home writable, or make room on its disk.", e);
        }
    }

    /// Writes `platform.json`, readable by its user only, with a new token: from now on other commands find this
    /// platform.
    ///
    /// @param port of the API, on loopback
    /// @param kafka the broker, `127.0.0.1:port`
    public RunningPlatform announce(int port, String kafka) {
        ProcessHandle self = ProcessHandle.current();
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        RunningPlatform platform = new RunningPlatform(self.pid(), RunningPlatform.startedMillis(self), port,
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret), kafka);
        try {
            write(layout.platformFile(), platform);
        } catch (IOException e) {
            throw new CannotStartException("Cannot write to the home (" + describe(e) + ")",
                    layout.platformFile().toString(),
                    "Make the home writable, or make room on its disk.", e);
        }
        return platform;
    }

    /// Whole or not at all: written beside the file and then moved over it.
    private void write(Path file, Object content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        try (FileChannel out = FileChannel.open(unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(layout.root()))) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    /// Withdraws the announcement and gives the home up. Calling it again does nothing.
    @Override
    public void close() {
        try {
            if (channel.isOpen()) {
                Files.deleteIfExists(layout.platformFile());
                channel.close();
            }
        } catch (IOException e) {
            // the lock ends with the process, and a stale announcement is recognised by its pid
            System.getLogger(Home.class.getName()).log(System.Logger.Level.WARNING, "The home was not given up cleanly",
                    e);
        }
    }

    /// How much room the disk has; given by tests.
    interface FreeSpace {

        long bytesAt(Path folder) throws IOException;
    }
}
