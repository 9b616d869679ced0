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
record PrivateFolder(Path root) {

    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

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
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(real);
        if (OWN.containsAll(before)) {
            return Optional.empty();
        }
        String was = "Other users of this machine could look into the home " + root + " (" + PosixFilePermissions.toString(before) + "). ";
        try {
            Files.setPosixFilePermissions(real, own(before));
            Files.walkFileTree(real, new Closing());
            return Optional.of(was + "It is open to you alone now.");
        } catch (IOException e) {
            return Optional.of(was + "That could not be changed (" + e.getClass().getSimpleName() + "): chmod -R go= " + root);
        }
    }

    private static Set<PosixFilePermission> own(Set<PosixFilePermission> permissions) {
        EnumSet<PosixFilePermission> kept = EnumSet.noneOf(PosixFilePermission.class);
        kept.addAll(permissions);
        kept.retainAll(OWN);
        return kept;
    }

    private static final class Closing extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) throws IOException {
            return close(folder);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
            // permissions are those of what a link leads to, which lies elsewhere
            return facts.isSymbolicLink() ? FileVisitResult.CONTINUE : close(file);
        }

        private static FileVisitResult close(Path file) throws IOException {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWN.containsAll(permissions)) {
                Files.setPosixFilePermissions(file, own(permissions));
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
