package io.turnstream.standalone.home;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// A folder that is for its user alone: prompts, answers and the platform's token are in it.
///
/// @param root the folder
/// @param modes how its permissions are kept
record PrivateFolder(Path root, Modes modes) {

    /// Whose a file is to read.
    interface Modes {

        Set<PosixFilePermission> of(Path file) throws IOException;

        void set(Path file, Set<PosixFilePermission> permissions) throws IOException;
    }

    private static final Modes POSIX = new Modes() {
        @Override
        public Set<PosixFilePermission> of(Path file) throws IOException {
            return Files.getPosixFilePermissions(file);
        }

        @Override
        public void set(Path file, Set<PosixFilePermission> permissions) throws IOException {
            Files.setPosixFilePermissions(file, permissions);
        }
    };

    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

    PrivateFolder(Path root) {
        this(root, POSIX);
    }

    /// Makes it if it is missing. One that others may look into, with all that lies in it, is theirs no more.
    ///
    /// @return what is to be told: whom it was open to; empty if nobody
    Optional<String> make() throws IOException {
        if (!root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(root);
            return Optional.empty();
        }
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root.toAbsolutePath().getParent());
            Files.createDirectory(root, PosixFilePermissions.asFileAttribute(OWN));
            return Optional.empty();
        }
        Path real = root.toRealPath();
        Set<PosixFilePermission> before = modes.of(real);
        if (OWN.containsAll(before)) {
            return Optional.empty();
        }
        String was = "Other users of this machine could look into the home " + root + " ("
                + PosixFilePermissions.toString(before) + "). ";
        try {
            modes.set(real, own(before));
            // some shares take any change of permissions without a word and keep none
            if (!OWN.containsAll(modes.of(real))) {
                return Optional.of(was
                        + "They still can: its file system does not keep permissions. Keep it on one that does (--home), "
                        + "or mount this one for you alone.");
            }
        } catch (IOException e) {
            return Optional
                    .of(was + "That could not be changed (" + e.getClass().getSimpleName() + "): chmod -R go= " + root);
        }
        try {
            Files.walkFileTree(real, new Closing(modes));
            return Optional.of(was + "It is open to you alone now.");
        } catch (IOException e) {
            return Optional.of(was + "They cannot enter it any more, but not all that is in it could be closed ("
                    + e.getClass().getSimpleName() + ": "
                    + e.getMessage() + "): chmod -R go= " + root);
        }
    }

    private static Set<PosixFilePermission> own(Set<PosixFilePermission> permissions) {
        EnumSet<PosixFilePermission> kept = EnumSet.noneOf(PosixFilePermission.class);
        kept.addAll(permissions);
        kept.retainAll(OWN);
        return kept;
    }

    private static final class Closing extends SimpleFileVisitor<Path> {

        private final Modes modes;

        Closing(Modes modes) {
            this.modes = modes;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) throws IOException {
            return close(folder);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
            // permissions are those of what a link leads to, which lies elsewhere
            return facts.isSymbolicLink() ? FileVisitResult.CONTINUE : close(file);
        }

        private FileVisitResult close(Path file) throws IOException {
            Set<PosixFilePermission> permissions = modes.of(file);
            if (!OWN.containsAll(permissions)) {
                modes.set(file, own(permissions));
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
