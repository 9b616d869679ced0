package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.projection.report.RunReport;
import io.turnstream.standalone.cli.Place;
import io.turnstream.standalone.home.HomeLayout;
import io.turnstream.standalone.platform.HomeRig.Done;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls that the provider refuses by a 403 in words that nobody knows, so that nothing tells whether the key or the
/// one prompt is the reason. Each command is a platform of its own: what it knows of earlier halts, it knows from the
/// log.
class ForbiddenCallsIT {

    @TempDir
    private Path folder;

    private HomeRig rig;

    private Done eval(PickyProvider provider, String rows, String connections) {
        rig = new HomeRig(folder);
        rig.environment.putAll(Map.of(HomeLayout.VARIABLE, folder.resolve("home").toString(),
                "OPENAI_API_KEY", "right", "OPENAI_BASE_URL", provider.baseUrl()));
        return rig.run("eval", "--model", "openai/picky", "--dataset",
                Path.of("").toAbsolutePath().getParent().resolve("datasets/mini").toString(),
                "--split", "type_a", "--modality", "unimodal", "--intent", "unsafe", "--limit", rows,
                "--window", connections, "--max-connections", connections);
    }

    @Test
    void one_refused_prompt_at_the_end_of_a_run_halts_it_once_and_after_a_resumption_the_run_ends() throws Exception {
        // Given dialogues that are run one after the other, the last of them with a second turn that is refused
        try (PickyProvider provider = new PickyProvider(
                call -> call.contains("/type_a/3/unimodal/unsafe/") && call.contains("#r2@"))) {
            // When
            Done halted = eval(provider, "4", "1");

            // Then
            assertThat(halted.code()).as(halted.err()).isEqualTo(3);
            assertThat(halted.err()).contains("was halted").contains("where it is right, resume");
            assertThat(report().state()).isEqualTo("halted");

            // When
            Done ended = rig.run("eval", "--resume", "last");

            // Then
            assertThat(ended.code()).as("a run with a gap: %s", ended.err()).isEqualTo(3);
            assertThat(provider.refusedCalls()).hasSize(1);
            RunReport report = report();
            assertThat(report.state()).isEqualTo("incomplete");
            assertThat(report.outcomes()).containsEntry("provider_error", 1L);
            assertThat(report.outcomes().get("answered")).as("the others went on").isPositive();
            assertThat(ended.out()).contains("provider_error");
            assertThat(rig.done("trace", report.id() + "/type_a/3/unimodal/unsafe").out())
                    .contains("the run was halted over this call before");
            assertThat(rig.done("verify", "last").out()).contains("VERIFIED");
        }
    }

    @Test
    void a_key_that_is_refused_so_halts_the_run_however_often_it_is_resumed() throws Exception {
        int resumptions = 2;
        try (PickyProvider provider = new PickyProvider(call -> true)) {
            assertThat(eval(provider, "8", "2").code()).isEqualTo(3);
            for (int i = 0; i < resumptions; i++) {
                assertThat(report().state()).isEqualTo("halted");
                assertThat(rig.run("eval", "--resume", "last").code()).isEqualTo(3);
            }

            // then no more calls have ended than were resumed, two at a time, of eight dialogues
            assertThat(report().outcomes().getOrDefault("provider_error", 0L)).isBetween(1L, 2L * resumptions);
        }
    }

    private RunReport report() {
        Place place = new Place(new HomeLayout(folder.resolve("home")), null, null, 0, false, null);
        return rig.platforms.read(place, reports -> reports.run(reports.runs().getFirst().id()).orElseThrow());
    }
}
