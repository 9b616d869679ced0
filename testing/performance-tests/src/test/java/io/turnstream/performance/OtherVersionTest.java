package io.turnstream.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.turnstream.performance.OtherVersion.UnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherVersionTest {

    @TempDir
    private Path root;

    private final List<String> progress = new ArrayList<>();
    private OtherVersion versions;

    @BeforeEach
    void repository() throws Exception {
        versions = new OtherVersion(root, progress::add);
        git("init", "--quiet");
        git("config", "user.name", "test");
        git("config", "user.email", "test@localhost");
        git("config", "commit.gpgsign", "false");
    }

    @Test
    void a_revision_is_checked_out_apart_and_built_by_its_own_launcher() throws Exception {
        // Given a version whose launcher builds, and one since that would fail
        commit("echo building one; echo $1 >built", "one");
        git("tag", "v1");
        commit("exit 3", "two");

        // When
        Checkout one = versions.built("v1");

        // Then
        assertThat(one.name()).isEqualTo("v1");
        assertThat(one.root()).startsWith(root.resolve(".tools").resolve("against"));
        assertThat(one.root().resolve("built")).hasContent("--help");
        assertThat(one.root().resolveSibling(one.root().getFileName() + ".log")).hasContent("building one");
        assertThat(root.resolve("built")).doesNotExist();
    }

    @Test
    void a_worktree_is_taken_up_again() throws Exception {
        commit("echo once more >>built", "one");

        Checkout first = versions.built("HEAD");
        Checkout second = versions.built(git("rev-parse", "HEAD").strip());

        assertThat(second.root()).isEqualTo(first.root());
        assertThat(second.root().resolve("built")).hasContent("once more\nonce more");
        assertThat(progress).filteredOn(line -> line.startsWith("checking out")).hasSize(1);
    }

    @Test
    void a_worktree_whose_folder_was_deleted_is_made_anew_and_others_are_left_alone() throws Exception {
        // Given a worktree of somebody else, whose folder is not there for now
        commit("echo built >built", "one");
        Path away = root.resolve(".tools").resolve("away");
        git("worktree", "add", "--detach", "--quiet", away.toString(), "HEAD");
        Bench.delete(away);
        Bench.delete(versions.built("HEAD").root());

        assertThat(versions.built("HEAD").root().resolve("built")).exists();
        assertThat(git("worktree", "list", "--porcelain")).contains(away.toString());
    }

    @Test
    void a_worktree_that_somebody_has_changed_is_not_measured() throws Exception {
        commit("true", "one");
        Path folder = versions.built("HEAD").root();
        Files.writeString(folder.resolve("turnstream"), "#!/bin/sh\necho changed\n");

        assertThatThrownBy(() -> versions.built("HEAD")).isInstanceOf(UnavailableException.class)
                .hasMessageContaining(folder.toString()).hasMessageContaining("git worktree remove --force");
    }

    @Test
    void a_revision_that_is_not_there_is_named() throws Exception {
        commit("true", "one");

        assertThatThrownBy(() -> versions.built("nowhere")).isInstanceOf(UnavailableException.class)
                .hasMessageContaining("'nowhere'").hasMessageContaining(root.toString());
        assertThatThrownBy(() -> versions.built("--all")).isInstanceOf(UnavailableException.class)
                .hasMessageContaining("'--all'");
    }

    @Test
    void a_build_that_fails_says_where_its_log_is() throws Exception {
        commit("echo no compiler; exit 2", "one");

        assertThatThrownBy(() -> versions.built("HEAD")).isInstanceOf(UnavailableException.class)
                .hasMessageContaining("'HEAD' could not be built").hasMessageContaining("ended with 2")
                .satisfies(e -> {
                    Path log = Path.of(e.getMessage().replaceAll(".*The log is (.*)\\.$", "$1"));
                    assertThat(log).hasContent("no compiler");
                });
    }

    @Test
    void a_revision_without_a_launcher_is_refused() throws Exception {
        Files.writeString(root.resolve("README"), "nothing yet");
        git("add", "README");
        git("commit", "--quiet", "-m", "begin");

        assertThatThrownBy(() -> versions.built("HEAD")).isInstanceOf(UnavailableException.class)
                .hasMessageContaining("has no ./turnstream");
    }

    private void commit(String script, String message) throws Exception {
        Path launcher = root.resolve("turnstream");
        // a launcher works in its own folder, wherever it is called from
        Files.writeString(launcher, "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n" + script + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        git("add", "turnstream");
        git("commit", "--quiet", "-m", message);
    }

    private String git(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(command + ": " + output).isZero();
            return output;
        } catch (IOException e) {
            assumeThat(false).as("git is not installed").isTrue();
            throw new AssertionError(e);
        }
    }
}
