package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.turnstream.console.RebuildStatus;
import io.turnstream.console.RebuildStatus.Phase;
import io.turnstream.embedded.CannotStartException;
import io.turnstream.events.Topics;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.standalone.home.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The projection of a home, made anew: beside a live run, broken off, on a home at rest, and where the documents are
/// damaged.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebuildHomeIT {

    private static final int DOCUMENTS_START = 4096;

    @TempDir
    private static Path folder;

    private static HomeUnderTest home;
    private static RunReport first;
    private static RunReport second;

    @BeforeAll
    static void recordARunAndRebuildBesideAnother() {
        home = new HomeUnderTest(folder.resolve("home"));
        home.run(platform -> {
            first = HomeUnderTest.settled(platform, platform.submit(HomeUnderTest.order(2)).getFirst());

            // beside a run that goes on
            String run = platform.submit(HomeUnderTest.order(4)).getFirst();
            HomeUnderTest.await("the first calls",
                    () -> platform.reports().progress(run).map(progress -> progress.calls() > 5).orElse(false));
            home.rebuilding().begin();
            HomeUnderTest.await("the rebuild", () -> {
                // readers see the former projection, then the new one, and never none
                assertThat(json(platform.reports().run(first.id()).orElseThrow())).isEqualTo(json(first));
                return !home.rebuilding().status().phase().isGoingOn();
            });
            assertThat(home.rebuilding().status()).satisfies(status -> {
                assertThat(status.phase()).as(status.problem()).isEqualTo(Phase.DONE);
                assertThat(status.comparison()).isNotNull();
                assertThat(status.comparison().differences()).isEmpty();
            });
            second = HomeUnderTest.settled(platform, run);

            // broken off
            home.rebuilding().begin();
            home.rebuilding().stop();
            assertThat(home.rebuilding().status().phase()).isEqualTo(Phase.STOPPED);
            assertThat(json(platform.reports().run(run).orElseThrow())).isEqualTo(json(second));
        });
    }

    @Test
    @Order(1)
    void a_run_beside_which_a_rebuild_took_place_ends_as_any_other() {
        assertThat(second.state()).isEqualTo("completed");
        assertThat(second.outcomes().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(second.planned());
        assertThat(liveGeneration()).isEqualTo(2);
        assertThat(folders()).containsExactly("2");
    }

    /// Who wrote a record stands in its headers; the services that run in the same process are not told apart by time.
    @Test
    @Order(1)
    void a_rebuild_beside_a_live_run_adds_no_record_to_any_topic_but_those_of_its_own_scores() {
        assertThat(home.writers()).satisfies(writers -> {
            assertThat(writers.keySet()).contains(Topics.DIALOGUE_EVENTS.topicName(), Topics.RUNS.topicName(),
                    Topics.TURN_ANSWERS.topicName());
            assertThat(writers.values()).allSatisfy(sources -> assertThat(sources).isNotEmpty()
                    .noneMatch(source -> source.contains("metrics-aggregator")));
        });
    }

    /// The comparison is of every field of every document with what the live sinks made.
    @Test
    @Order(2)
    void a_rebuild_at_rest_finds_every_document_the_same_adds_nothing_to_the_log_and_removes_what_a_killed_one_left()
            throws IOException {
        // Given
        Files.writeString(
                Files.createDirectories(home.layout().store(new ProjectionGeneration(7))).resolve("documents.mv"),
                "half a rebuild");
        Map<String, Long> before = home.ends();

        // When
        RebuildStatus status = home.rebuild();

        // Then
        assertThat(status.phase()).as(status.problem()).isEqualTo(Phase.DONE);
        assertThat(status.removed()).isEqualTo(1);
        assertThat(status.comparison().differences()).isEmpty();
        assertThat(status.comparison().goingOn()).isEmpty();
        assertThat(status.comparison().compared()).isEqualTo(2);
        assertThat(status.documents()).containsEntry("runs", 2L).containsEntry("dialogues", 16L + 32L);
        assertThat(status.read()).isEqualTo(status.total()).isPositive();
        assertThat(home.ends()).isEqualTo(before);
        assertThat(liveGeneration()).isEqualTo(8);
        assertThat(folders()).containsExactly("8");
        assertReportsAreTheSame();
    }

    @Test
    @Order(3)
    void damaged_documents_are_an_error_that_names_the_remedy_and_a_rebuild_makes_them_again() throws IOException {
        // Given
        Path file = home.layout().store(new ProjectionGeneration(8)).resolve("documents.mv");
        byte[] bytes = Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, 0, Math.min(bytes.length, 4 * DOCUMENTS_START), (byte) 'x');
        Files.write(file, bytes);

        // When, Then
        assertThatThrownBy(() -> home.platforms().read(home.place(), reports -> reports.runs()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("document store's file is damaged").hasMessageContaining(file.toString())
                .hasMessageContaining("Run 'turnstream rebuild'").message().doesNotContain("\n");
        assertThatThrownBy(() -> home.run(platform -> {})).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("Run 'turnstream rebuild'");
        assertThat(Files.readAllBytes(file)).as("left as it was").isEqualTo(bytes);

        RebuildStatus status = home.rebuild();

        assertThat(status.phase()).as(status.problem()).isEqualTo(Phase.DONE);
        assertThat(status.comparison()).isNull();
        assertThat(status.documents()).containsEntry("dialogues", 16L + 32L);
        assertThat(folders()).containsExactly(Integer.toString(liveGeneration()));
        assertReportsAreTheSame();
    }

    @Test
    @Order(4)
    void missing_documents_are_no_empty_home() throws IOException {
        // Given
        try (Stream<Path> files = Files.list(home.layout().store(new ProjectionGeneration(liveGeneration())))) {
            files.forEach(file -> file.toFile().delete());
        }

        // When, Then
        assertThatThrownBy(() -> home.platforms().read(home.place(), reports -> reports.runs()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("The document store is missing").hasMessageContaining("Run 'turnstream rebuild'");
        assertThat(home.rebuild().phase()).isEqualTo(Phase.DONE);
        assertReportsAreTheSame();
    }

    /// As after an update that counts otherwise or has a metric more.
    @Test
    @Order(5)
    void documents_that_another_version_made_otherwise_are_made_anew_and_said_to_differ() {
        // Given
        try (OpenProjection open = OpenProjection.open(home.layout(), new ProjectionGeneration(liveGeneration()))) {
            long changed = open.database().getCollection("score_cells")
                    .updateMany(Filters.regex("_id", "^" + first.id()), Updates.set("madeOtherwise", 1))
                    .getModifiedCount();
            assertThat(changed).isPositive();
        }

        // When
        RebuildStatus status = home.rebuild();

        // Then
        assertThat(status.phase()).as(status.problem()).isEqualTo(Phase.DONE);
        assertThat(status.comparison().differences()).singleElement().satisfies(difference -> {
            assertThat(difference.runId()).isEqualTo(first.id());
            assertThat(difference.figures()).isTrue();
        });
        assertReportsAreTheSame();
    }

    private static void assertReportsAreTheSame() {
        for (RunReport report : List.of(first, second)) {
            String now = home.platforms().read(home.place(), reports -> json(reports.run(report.id()).orElseThrow()));
            assertThat(now).isEqualTo(json(report));
        }
    }

    private static String json(RunReport report) {
        return ReportJson.line(report);
    }

    private static int liveGeneration() {
        return Home.projection(home.layout()).number();
    }

    private static List<String> folders() {
        try (Stream<Path> files = Files.list(home.layout().store())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
