package io.turnstream.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.standalone.home.Home.Purpose;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such permissions")
class PrivateFolderTest {

    @TempDir
    Path folder;

    private HomeLayout layout;

    @BeforeEach
    void choose() {
        layout = new HomeLayout(folder.resolve("deep").resolve("home"));
    }

    @Test
    void a_new_home_is_for_its_user_alone_and_nothing_is_said() throws IOException {
        try (Home home = open()) {
            assertThat(permissions(layout.root())).isEqualTo("rwx------");
            assertThat(home.closedToOthers()).isEmpty();
        }
    }

    @Test
    void an_empty_folder_that_becomes_a_home_is_closed_without_a_word() throws IOException {
        Files.createDirectories(layout.root());
        set(layout.root(), "rwxr-xr-x");

        try (Home home = open()) {
            assertThat(permissions(layout.root())).isEqualTo("rwx------");
            assertThat(home.closedToOthers()).isEmpty();
        }
    }

    @Test
    void a_home_that_others_could_read_is_closed_to_them_with_all_that_is_in_it_and_that_is_said_once()
            throws IOException {
        // Given
        open().close();
        Path prompt = Files.writeString(layout.kafka().resolve("prompt.log"), "harmful");
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "not ours");
        Files.createSymbolicLink(layout.images().resolve("link"), elsewhere);
        set(prompt, "rw-rw-r--");
        set(elsewhere, "rw-r--r--");
        set(layout.images(), "r-xr-xr-x");
        set(layout.root(), "rwxr-xr-x");

        // When
        try (Home home = open()) {
            // Then
            assertThat(home.closedToOthers())
                    .hasValue("Other users of this machine could look into the home " + layout.root()
                            + " (rwxr-xr-x). It is open to you alone now.");
        }
        assertThat(permissions(layout.root())).isEqualTo("rwx------");
        assertThat(permissions(prompt)).isEqualTo("rw-------");
        assertThat(permissions(layout.images())).isEqualTo("r-x------");
        assertThat(permissions(elsewhere)).as("what a link leads to").isEqualTo("rw-r--r--");
        try (Home home = open()) {
            assertThat(home.closedToOthers()).isEmpty();
        }
    }

    @Test
    void a_folder_whose_file_system_keeps_no_permissions_is_said_to_be_open_still() throws IOException {
        Files.createDirectories(layout.root());
        set(layout.root(), "rwxr-xr-x");

        assertThat(new PrivateFolder(layout.root(), new Changing(file -> {})).make())
                .hasValueSatisfying(said -> assertThat(said)
                        .contains(layout.root().toString(), "They still can", "--home").doesNotContain("alone now"));
    }

    @Test
    void a_file_that_cannot_be_closed_is_named() throws IOException {
        Path stubborn = Files.createDirectories(layout.root()).resolve("stubborn");
        Files.writeString(stubborn, "");
        set(stubborn, "rw-r--r--");
        set(layout.root(), "rwxr-xr-x");

        Path real = stubborn.toRealPath();
        Changing changing = new Changing(file -> {
            if (file.equals(real)) {
                throw new AccessDeniedException(file.toString());
            }
            set(file, "rwx------");
        });
        assertThat(new PrivateFolder(layout.root(), changing).make()).hasValueSatisfying(said -> assertThat(said)
                .contains("They cannot enter it any more", "AccessDeniedException: " + real, "chmod -R go= ")
                .doesNotContain("alone now"));
    }

    private interface Change {
        void make(Path file) throws IOException;
    }

    /// A file system that does something of its own where permissions are to be changed.
    private record Changing(Change change) implements PrivateFolder.Modes {

        @Override
        public Set<PosixFilePermission> of(Path file) throws IOException {
            return Files.getPosixFilePermissions(file);
        }

        @Override
        public void set(Path file, Set<PosixFilePermission> permissions) throws IOException {
            change.make(file);
        }
    }

    private Home open() {
        return Home.open(layout, Clock.systemUTC(), Purpose.WORK);
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void set(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
