package io.turnstream.standalone.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Progress.Stage;
import io.turnstream.projection.report.Provenance.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressTextTest {

    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    private static Progress progress(String state, @Nullable String reason, long turns, long calls) {
        Map<String, Long> outcomes = turns == 0 ? Map.of() : Map.of("answered", turns - 2, "provider_error", 2L);
        return new Progress("01JD", state, reason, false, 200L, new Stage(600, outcomes), new Stage(1200, Map.of()),
                new Stage(200, Map.of()), calls,
                0, 0, 1_230_000_000, 0, 0);
    }

    @Test
    void a_run_whose_first_call_never_ends_says_why_after_two_seconds() {
        ProgressText text = new ProgressText(Terminal.plain(100, true));
        Pace pace = new Pace();
        Progress waiting = progress("running", "waiting for the provider, which fails: no connection", 0, 0);
        for (int second = 0; second <= 3; second++) {
            pace.look(waiting, BEGIN.plusSeconds(second));
        }

        assertThat(text.line("m", waiting, pace, Duration.ofSeconds(1), BEGIN.plusSeconds(1)))
                .doesNotContain("no connection");
        assertThat(text.line("m", waiting, pace, Duration.ofSeconds(3), BEGIN.plusSeconds(3)))
                .endsWith("; waiting for the provider, which fails: no connection");
    }

    @Test
    void a_line_tells_stages_failures_rate_and_time_left() {
        Pace pace = new Pace();
        pace.look(progress("running", null, 100, 100), BEGIN);
        pace.look(progress("running", null, 300, 300), BEGIN.plusSeconds(2));

        String line = new ProgressText(Terminal.plain(100, true))
                .line("openai/x", progress("running", null, 300, 300), pace, Duration.ofSeconds(7),
                        BEGIN.plusSeconds(2));

        // 200 steps in 2 s; 2,000 planned less 300 done leaves 1,700: 17 s
        assertThat(line).isEqualTo(
                "0:07  openai/x: running, turns 300/600, questions 0/1,200, judged 0/200, failed 2, 300 calls (100/s), $1.23, about 17 s left");
    }

    @Test
    void a_block_has_a_line_per_stage_and_fits_the_terminal() {
        Pace pace = new Pace();
        pace.look(progress("running", null, 300, 300), BEGIN);

        List<String> lines = new ProgressText(Terminal.plain(80, false))
                .block("openai/x", progress("running", null, 300, 300), pace, Duration.ofSeconds(7), BEGIN);

        assertThat(lines).hasSize(5).allSatisfy(line -> assertThat(line.length()).isLessThan(80));
        assertThat(lines.getFirst()).isEqualTo("  openai/x - running - 0:07");
        assertThat(lines.get(1)).isEqualTo("    turns      ######......      300 of 600   answered 298, failed 2");
    }

    @Test
    void a_run_that_its_quota_holds_back_says_so() {
        Limits sixty = new Limits(32, 5, 120_000, 60, null);
        Limits tokens = new Limits(32, 5, 120_000, null, 120_000L);
        Limits ample = new Limits(32, 5, 120_000, 6_000, 120_000_000L);

        // 10 calls and 18,000 tokens in 10 s
        assertThat(lineAfter(10, sixty, 10)).endsWith("; waiting for quota: 60 requests a minute");
        assertThat(lineAfter(10, tokens, 10)).endsWith("; waiting for quota: 120,000 tokens a minute");
        assertThat(lineAfter(10, ample, 10)).doesNotContain("quota");
    }

    @Test
    void a_pause_that_a_small_quota_makes_is_not_blamed_on_the_provider() {
        Limits four = new Limits(32, 5, 120_000, 4, null);

        assertThat(lineAfter(14, four, 0))
                .endsWith("; no call has ended for 14 s: waiting for quota: 4 requests a minute");
        assertThat(lineAfter(60, four, 0))
                .endsWith("; no call has ended for 1 min: the provider is slow, limits us or is down");
    }

    private static String lineAfter(int seconds, Limits limits, int calls) {
        Pace pace = new Pace();
        Progress before = limited(limits, 100);
        Progress after = limited(limits, 100 + calls);
        pace.look(before, BEGIN);
        pace.look(after, BEGIN.plusSeconds(seconds));
        return new ProgressText(Terminal.plain(100, true)).line("m", after, pace, Duration.ofSeconds(seconds),
                BEGIN.plusSeconds(seconds));
    }

    private static Progress limited(Limits limits, long calls) {
        return new Progress("01JD", "running", null, false, 200L, new Stage(600, Map.of("answered", calls)),
                new Stage(1200, Map.of()),
                new Stage(200, Map.of()), calls, calls * 1_700, calls * 100, 0, 0, 0, limits);
    }

    @Test
    void a_run_on_which_nothing_happens_says_so() {
        Pace pace = new Pace();
        pace.look(progress("running", "circuit open", 300, 300), BEGIN);
        pace.look(progress("running", "circuit open", 300, 300), BEGIN.plusSeconds(12));

        assertThat(new ProgressText(Terminal.plain(100, true))
                .line("m", progress("running", "circuit open", 300, 300), pace, Duration.ofSeconds(12),
                        BEGIN.plusSeconds(12)))
                .endsWith("; no answer for 12 s; circuit open");
    }

    @Test
    void what_workers_tell_of_a_provider_is_shown_within_seconds_and_before_a_guess_at_the_quota() {
        Progress begun = new Progress("01JD", "running", "waiting for the provider, which fails: HTTP 502", false, 3L,
                new Stage(9, Map.of()),
                new Stage(12, Map.of()), new Stage(3, Map.of()), 0, 0, 0, 0, 0, 0, new Limits(32, 5, 120_000, 1, null));
        Pace pace = new Pace();
        pace.look(begun, BEGIN);
        ProgressText text = new ProgressText(Terminal.plain(60, true));

        assertThat(text.line("m", begun, pace, Duration.ofSeconds(2), BEGIN.plusSeconds(2)))
                .endsWith("; waiting for the provider, which fails: HTTP 502");
        assertThat(text.line("m", begun, pace, Duration.ofSeconds(30), BEGIN.plusSeconds(30)))
                .endsWith("; no answer for 30 s; waiting for the provider, which fails: HTTP 502");
        assertThat(text.block("m", begun, pace, Duration.ofSeconds(30), BEGIN.plusSeconds(30)))
                .endsWith("    no answer for 30 s; waiting for the provider, which", "    fails: HTTP 502")
                .allSatisfy(line -> assertThat(line.length()).isLessThan(60));
    }

    @Test
    void paused_and_halted_runs_give_their_reason() {
        ProgressText text = new ProgressText(Terminal.plain(100, true));
        assertThat(text.line("m", progress("halted", "401 from openai", 0, 0), new Pace(), Duration.ZERO, BEGIN))
                .endsWith("; halted: 401 from openai");
        assertThat(text.line("m", progress("paused", null, 0, 0), new Pace(), Duration.ZERO, BEGIN))
                .endsWith("; paused; goes on with 'eval --resume'");
    }

    @Test
    void time_before_the_first_call_does_not_count_for_the_pace() {
        Pace pace = new Pace();
        pace.look(progress("running", null, 0, 0), BEGIN);
        pace.look(progress("running", null, 0, 0), BEGIN.plusSeconds(20));
        pace.look(progress("running", null, 100, 100), BEGIN.plusSeconds(21));

        assertThat(pace.callsPerSecond()).contains(100.0);
    }

    @Test
    void amounts_read_the_same_everywhere() {
        assertThat(Amounts.duration(Duration.ofSeconds(125))).isEqualTo("2 min 5 s");
        assertThat(Amounts.duration(Duration.ofMinutes(72))).isEqualTo("1 h 12 min");
        assertThat(Amounts.clock(Duration.ofSeconds(3725))).isEqualTo("1:02:05");
        assertThat(Amounts.count(36096)).isEqualTo("36,096");
        assertThat(Amounts.money(12_300_000)).isEqualTo("$0.0123");
        assertThat(Amounts.of(1, "run")).isEqualTo("1 run");
    }
}
