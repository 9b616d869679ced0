package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turnstream.console.RebuildStatus;
import io.turnstream.console.RebuildStatus.Phase;
import io.turnstream.messaging.DeadLetterDesk.Letter;
import io.turnstream.messaging.DeadLetterDesk.Opened;
import io.turnstream.messaging.DeadLetterDesk.Replay;
import io.turnstream.projection.store.ProjectionComparison.Difference;
import io.turnstream.projection.store.ProjectionComparison.Result;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rebuild` and `dead-letters` as people see them.
class UpkeepCommandsTest {

    private static final String RUN = "01JD0000000000000000000001";
    private static final Instant THEN = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private CommandLineRig rig;

    @BeforeEach
    void rig() {
        rig = new CommandLineRig(folder);
    }

    @Test
    void a_rebuild_says_how_far_it_is_what_there_is_now_and_that_nothing_differs() {
        for (int look = 0; look < 40; look++) {
            rig.platforms.rebuildStatus
                    .add(new RebuildStatus(Phase.READING, 25 * look, 1000, 2, Map.of(), null, 0, null));
        }
        rig.platforms.rebuildStatus
                .add(done(new Result(Map.of("runs", 2L, "dialogues", 1234L), 2, List.of(), List.of()), 1));

        assertThat(rig.run("rebuild")).isZero();

        assertThat(rig.err()).contains(" of 1,000 records read");
        assertThat(rig.out()).contains("Rebuilt from 1,000 records of the log in 2.5 s.",
                "dialogues              1,234",
                "Removed what 1 rebuild left",
                "Nothing differs from before, in any field of any document (2 runs compared).");
    }

    @Test
    void a_rebuild_that_changes_figures_says_of_which_runs() {
        rig.platforms.rebuildStatus.add(done(new Result(Map.of("runs", 3L), 3,
                List.of(new Difference(RUN, Map.of("score_cells", 1L, "score_rows", 12L), true),
                        new Difference("01JD2", Map.of("dialogues", 2L), false)),
                List.of("01JD3")), 0));

        assertThat(rig.run("rebuild")).isZero();

        assertThat(rig.out()).contains("2 runs of 3 differ from before, 1 in figures:",
                RUN + "  score_cells 1, score_rows 12; see 'turnstream show " + RUN + "'",
                "01JD2  dialogues 2", "1 run not compared, because it goes on.");
    }

    @Test
    void a_rebuild_of_damaged_documents_compares_with_nothing_and_says_so_in_json_too() throws Exception {
        rig.platforms.rebuildStatus.add(done(null, 0));

        assertThat(rig.run("rebuild", "--json")).isZero();

        var document = JsonMapper.builder().build().readTree(rig.out());
        assertThat(document.path("phase").asText()).isEqualToIgnoringCase("done");
        assertThat(document.path("documents").path("runs").asInt()).isEqualTo(2);
        assertThat(document.path("comparison").isNull() || document.path("comparison").isMissingNode()).isTrue();
    }

    @Test
    void ctrl_c_breaks_a_rebuild_off() {
        rig.interruptAfterLooks = 3;
        rig.platforms.rebuildStatus.add(new RebuildStatus(Phase.READING, 1, 1000, 2, Map.of(), null, 0, null));

        assertThat(rig.run("rebuild")).isEqualTo(130);

        assertThat(rig.platforms.commands).containsExactly("REBUILD", "STOP REBUILD");
        assertThat(rig.err()).contains("Broken off. Everything is as it was");
    }

    @Test
    void a_rebuild_that_fails_says_why_and_that_nothing_has_changed() {
        rig.platforms.rebuildStatus.add(RebuildStatus.none().in(Phase.FAILED, 1, "the disk is full"));

        assertThat(rig.run("rebuild")).isEqualTo(3);

        assertThat(rig.err()).contains(
                "the rebuild failed: the disk is full. The documents that were read before are read on; nothing has changed.");
    }

    @Test
    void dead_letters_are_listed_with_place_and_reason_and_without_keys() {
        rig.environment.put("OPENAI_API_KEY", "planted-key-1234");
        rig.platforms.deadLetters.add(letter("not an event: planted-key-1234", List.of()));

        assertThat(rig.run("dead-letters", "list")).isZero();

        assertThat(rig.out())
                .contains("3", "2026-03-01T12:00:00Z", "turn-dispatcher", "turnstream.runs[0]@17", "(2 times)",
                        "not an event: [redacted]")
                .doesNotContain("planted-key-1234");
    }

    @Test
    void no_dead_letters_is_good_news() {
        assertThat(rig.run("dead-letters", "list")).isZero();
        assertThat(rig.out()).contains("No dead letters", "every record was read and handled");
    }

    @Test
    void a_dead_letter_is_shown_with_headers_and_bytes_and_json_says_the_same() throws Exception {
        rig.platforms.deadLetters.add(letter("not an event", List.of(new Replay(THEN, 21))));

        assertThat(rig.run("dead-letters", "show", "3")).isZero();
        assertThat(rig.out()).contains("turnstream.runs[0]@17", "ce_id",
                "Value, 4 bytes, no event that this version can read", "\\u001b[2J", "0000  1b5b324a",
                "sent back", "turnstream.runs[0]@21").doesNotContain("\u001b");

        CommandLineRig again = new CommandLineRig(folder);
        again.platforms.deadLetters.addAll(rig.platforms.deadLetters);
        assertThat(again.run("dead-letters", "show", "3", "--json")).isZero();
        assertThat(JsonMapper.builder().build().readTree(again.out()).path("letter").path("offset").asInt())
                .isEqualTo(17);
    }

    @Test
    void sending_back_says_where_to_and_what_becomes_of_it() {
        rig.platforms.deadLetters.add(letter("not an event", List.of(new Replay(THEN, 21))));

        assertThat(rig.run("dead-letters", "replay", "3", "--again")).isZero();

        assertThat(rig.platforms.commands).containsExactly("REPLAY 3 again");
        assertThat(rig.out()).contains("Sent back as turnstream.runs[0]@21.", "read when a platform next runs here");
    }

    @Test
    void a_number_that_names_no_letter_is_an_error_with_the_way_out() {
        assertThat(rig.run("dead-letters", "show", "5")).isEqualTo(2);
        assertThat(rig.err()).contains("there is no dead letter 5", "'turnstream dead-letters list'");
        assertThat(rig.run("dead-letters", "show", "five")).isEqualTo(2);
        assertThat(rig.err()).contains("'five' is no number");
    }

    private static RebuildStatus done(Result comparison, int removed) {
        return new RebuildStatus(Phase.DONE, 1000, 1000, 2.5,
                comparison == null ? Map.of("runs", 2L) : comparison.documents(), comparison, removed, null);
    }

    private static Opened letter(String reason, List<Replay> replays) {
        return new Opened(new Letter(3, "turnstream.runs", 0, 17, THEN, "turn-dispatcher", reason, "k", 4, 2, replays),
                Map.of("ce_id", "e1"), null,
                "\\u001b[2J", "1b5b324a");
    }
}
