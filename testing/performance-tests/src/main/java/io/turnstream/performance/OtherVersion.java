package io.turnstream.performance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Another version of the program, out of the repository: a worktree of a revision, which its own launcher builds.
/// Nothing is assumed of it but the launcher.
///
/// Worktrees stay in `.tools/against`, since a build takes minutes; one is taken up again for the same revision.
final class OtherVersion {

    private static final int SHORT = 12;

    private final Path root;
    private final Consumer<String> progress;

    /// @param root of this version's checkout
    /// @param progress is told what goes on
    OtherVersion(Path root, Consumer<String> progress) {
        this.root = root;
        this.progress = progress;
    }

    /// There is no such version, or it cannot be built; the message says why and what to do.
    static final class UnavailableException extends RuntimeException {
        UnavailableException(String message) {
            super(message);
        }
    }

    /// @param ref a branch, a tag or a commit
    /// @throws UnavailableException if there is no such revision, or it cannot be built
    Checkout built(String ref) {
        String commit = commit(ref);
        String name = commit.substring(0, SHORT);
        Path folder = root.resolve(".tools").resolve("against").resolve(name);
        checkOut(commit, folder);
        Checkout checkout = new Checkout(ref.length() <= SHORT ? ref : name, folder);
        build(ref, checkout, folder.resolveSibling(name + ".log"));
        return checkout;
    }

    private String commit(String ref) {
        Ended asked = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}");
        if (asked.code() != 0) {
            throw new UnavailableException("--against: there is no revision '" + ref + "' in the repository of " + root
                    + ". Name a branch, a tag or a commit that 'git log --all' shows; fetch it first if it is elsewhere.");
        }
        return asked.output().strip();
    }

    private void checkOut(String commit, Path folder) {
        if (Files.exists(folder.resolve(".git"))) {
            Ended status = git(folder, "status", "--porcelain", "--untracked-files=no");
            Ended head = git(folder, "rev-parse", "HEAD");
            if (status.code() == 0 && status.output().isBlank() && head.output().strip().equals(commit)) {
                return;
            }
            throw new UnavailableException("--against: " + folder
                    + " is not what was checked out there. Let git remove it and try again: git worktree remove --force "
                    + folder);
        }
        progress.accept("checking out " + folder.getFileName());
        // forced: git still knows one whose folder somebody has deleted. To have it forget those would touch worktrees
        // that are not ours
        Ended added = git(root, "worktree", "add", "--force", "--detach", "--quiet", folder.toString(), commit);
        if (added.code() != 0) {
            throw new UnavailableException(
                    "--against: git could not check out " + commit + " into " + folder + ": " + added.output().strip());
        }
    }

    private void build(String ref, Checkout checkout, Path log) {
        if (!Files.isExecutable(checkout.launcher())) {
            throw new UnavailableException(
                    "--against: '" + ref + "' has no ./turnstream that could be started. Name a later revision.");
        }
        progress.accept("building " + checkout.root().getFileName() + " unless it is built: see " + log);
        // any command builds first; this one does nothing else
        int code = run(checkout.command(List.of("--help")).directory(checkout.root().toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile())).code();
        if (code != 0) {
            throw new UnavailableException("--against: '" + ref
                    + "' could not be built (./turnstream --help ended with " + code + "). The log is " + log + '.');
        }
    }

    private record Ended(int code, String output) {}

    private static Ended git(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        return run(new ProcessBuilder(command).redirectErrorStream(true));
    }

    private static Ended run(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + builder.command().getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + builder.command().getFirst(), e);
        }
    }
}
