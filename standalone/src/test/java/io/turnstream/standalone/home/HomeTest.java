package io.turnstream.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.embedded.CannotStartException;
import io.turnstream.standalone.home.Home.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HomeTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void a_new_home_has_its_folders_and_says_its_format() throws IOException {
        HomeLayout layout = new HomeLayout(folder.resolve("deep/down/a home"));

        try (Home home = Home.open(layout, CLOCK, Purpose.WORK)) {
            assertThat(home.layout().kafka()).isEmptyDirectory();
            assertThat(layout.folders()).allSatisfy(part -> assertThat(part).isDirectory());
            assertThat(layout.homeFile()).content().contains("\"format\" : 1", "2026-03-01T12:00:00Z");
        }
    }

    @Test
    void the_flag_wins_over_the_variable_and_the_variable_over_the_default() {
        Path user = folder.resolve("user");
        Map<String, String> variable = Map.of("TURNSTREAM_HOME", folder.resolve("variable").toString());

        assertThat(HomeLayout.choose(folder.resolve("flag"), variable, user).root()).isEqualTo(folder.resolve("flag"));
        assertThat(HomeLayout.choose(null, variable, user).root()).isEqualTo(folder.resolve("variable"));
        assertThat(HomeLayout.choose(null, Map.of("TURNSTREAM_HOME", " "), user).root())
                .isEqualTo(user.resolve(".turnstream"));
    }

    @Test
    void a_second_platform_is_told_who_owns_the_home() {
        HomeLayout layout = new HomeLayout(folder);
        try (Home home = Home.open(layout, CLOCK, Purpose.WORK)) {
            RunningPlatform first = home.announce(8080, "127.0.0.1:9092");

            assertThatThrownBy(() -> Home.open(layout, CLOCK, Purpose.WORK))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessage("Another platform is running on this home (pid " + ProcessHandle.current().pid() + "): "
                            + folder + ". Use that one, stop it, or choose another home with --home.");
            assertThat(RunningPlatform.on(layout)).contains(first);
        }
        Home.open(layout, CLOCK, Purpose.WORK).close();
    }

    @Test
    void an_announced_platform_is_found_until_it_closes_and_its_token_is_for_its_user_alone() throws IOException {
        HomeLayout layout = new HomeLayout(folder);
        assertThat(RunningPlatform.on(layout)).isEmpty();
        try (Home home = Home.open(layout, CLOCK, Purpose.WORK)) {
            assertThat(RunningPlatform.on(layout)).isEmpty();

            RunningPlatform platform = home.announce(8080, "127.0.0.1:9092");

            assertThat(RunningPlatform.on(layout)).contains(platform);
            assertThat(platform.url()).isEqualTo("http://127.0.0.1:8080");
            assertThat(platform.token()).hasSizeGreaterThan(40);
            assertThat(platform.toString()).doesNotContain(platform.token());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(layout.platformFile())))
                    .isEqualTo("rw-------");
        }
        assertThat(layout.platformFile()).doesNotExist();
    }

    @Test
    void what_a_killed_platform_left_behind_counts_as_none_and_is_cleaned_by_the_next_owner() throws IOException {
        // Given our own pid, but of a process that started at another time
        HomeLayout layout = new HomeLayout(folder);
        Home.open(layout, CLOCK, Purpose.WORK).close();
        Files.writeString(layout.platformFile(), """
                {"pid": %d, "startedMillis": 1, "port": 8080, "token": "t"}"""
                .formatted(ProcessHandle.current().pid()));

        assertThat(RunningPlatform.on(layout)).isEmpty();
        try (Home home = Home.open(layout, CLOCK, Purpose.WORK)) {
            assertThat(home.layout().platformFile()).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"format\": \"one\"}", "{\"format\": 0}", "{\"pid\": 1}"})
    void a_damaged_file_of_the_platform_counts_as_none(String content) throws IOException {
        HomeLayout layout = new HomeLayout(folder);
        Home.open(layout, CLOCK, Purpose.WORK).close();
        Files.writeString(layout.platformFile(), content);

        assertThat(RunningPlatform.on(layout)).isEmpty();
    }

    @Test
    void a_home_of_a_newer_version_is_refused_in_one_line_and_left_as_it_is() throws IOException {
        String newer = "{\"format\": 2, \"something\": \"new\"}";
        refuses(newer, "written by a newer version of Turnstream (format 2, this one knows 1): " + folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"format\": \"one\"}", "{\"format\": 0}", "{\"form"})
    void a_damaged_home_file_is_refused_and_left_as_it_is(String content) throws IOException {
        refuses(content, "The home's format cannot be read: " + folder.resolve("home.json"));
    }

    private void refuses(String content, String message) throws IOException {
        HomeLayout layout = new HomeLayout(folder);
        Files.writeString(layout.homeFile(), content);
        Files.writeString(Files.createDirectories(layout.kafka()).resolve("meta.properties"), "kept");

        assertThatThrownBy(() -> Home.open(layout, CLOCK, Purpose.WORK))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining(message).message().doesNotContain("\n");
        assertThatThrownBy(() -> Home.requireKnown(layout)).isInstanceOf(CannotStartException.class)
                .hasMessageContaining(message);

        assertThat(layout.homeFile()).hasContent(content);
        assertThat(layout.kafka().resolve("meta.properties")).hasContent("kept");
        assertThat(layout.store()).doesNotExist();
    }

    @Test
    void a_folder_that_holds_something_else_is_not_taken_for_a_home() throws IOException {
        Files.writeString(folder.resolve("thesis.tex"), "years of work");

        assertThatThrownBy(() -> Home.open(new HomeLayout(folder), CLOCK, Purpose.WORK))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("no home of Turnstream");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("thesis.tex"));
        }
    }

    @Test
    void a_home_that_cannot_be_made_is_an_error_with_its_place() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");

        assertThatThrownBy(() -> Home.open(new HomeLayout(file.resolve("home")), CLOCK, Purpose.WORK))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("Cannot write to the home").hasMessageContaining(file.resolve("home").toString())
                .hasMessageContaining("--home");
    }

    @Test
    void a_nearly_full_disk_is_an_error_before_anything_is_written() {
        HomeLayout layout = new HomeLayout(folder);

        assertThatThrownBy(() -> Home.open(layout, CLOCK, Purpose.WORK, place -> 5L * 1024 * 1024))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("5 MB left, at least 100 MB");
        assertThat(layout.homeFile()).doesNotExist();
        Home.open(layout, CLOCK, Purpose.WORK).close();
    }

    @Test
    void a_home_that_is_only_read_needs_next_to_no_room() {
        HomeLayout layout = new HomeLayout(folder);
        Home.open(layout, CLOCK, Purpose.WORK).close();

        Home.open(layout, CLOCK, Purpose.DOCUMENTS, place -> 0).close();
        Home.open(layout, CLOCK, Purpose.LOG, place -> 5L * 1024 * 1024).close();
        assertThatThrownBy(() -> Home.open(layout, CLOCK, Purpose.LOG, place -> 1024 * 1024))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("1 MB left, at least");
    }
}
