package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.console.CostTerms;
import io.turnstream.console.CostTerms.UsdPerMillion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostAndRetryTest {

    private static final String RUN = "01JD0000000000000000000001";

    @TempDir
    Path folder;

    private CommandLineRig rig;
    private String[] eval;

    @BeforeEach
    void dataset() throws IOException {
        rig = new CommandLineRig(folder);
        rig.environment.put("OPENAI_API_KEY", "k");
        Path data = Files.writeString(folder.resolve("data.jsonl"), "{}");
        eval = new String[] {"eval", "--model", "openai/gpt-5-mini", "--judge", "openai/my-own", "--dataset",
                data.toString()};
    }

    private int eval(String... flags) {
        String[] all = java.util.stream.Stream.of(eval, flags).flatMap(java.util.Arrays::stream).toArray(String[]::new);
        return rig.run(all);
    }

    @Test
    void limits_and_the_prices_of_the_file_that_are_needed_go_with_the_order() throws IOException {
        Path prices = Files.writeString(folder.resolve("p.yaml"),
                "openai/my-own: {input: 1.5, output: 6}\nopenai/other: {input: 9, output: 9}\n");

        eval("--cost-limit", "$5", "--judge-cost-limit", "0.50", "--prices", prices.toString());

        CostTerms costs = rig.platforms.orders.getFirst().costs();
        assertThat(costs).isNotNull();
        assertThat(costs.costLimitUsd()).isEqualByComparingTo("5");
        assertThat(costs.judgeCostLimitUsd()).isEqualByComparingTo("0.5");
        assertThat(costs.prices()).isEqualTo(
                Map.of("openai/my-own", new UsdPerMillion(new BigDecimal("1.500000"), new BigDecimal("6.000000"))));
    }

    @Test
    void limit_on_a_model_without_a_price_is_refused_before_anything_starts() {
        assertThat(eval("--judge-cost-limit", "1")).isEqualTo(2);

        assertThat(rig.err()).contains("--judge-cost-limit: the price of openai/my-own is not known")
                .contains("--prices");
        assertThat(rig.platforms.orders).isEmpty();
    }

    @Test
    void limit_without_a_bound_on_answers_is_refused() {
        assertThat(eval("--cost-limit", "1", "--max-tokens", "none")).isEqualTo(2);
        assertThat(rig.err())
                .contains("--cost-limit: what an answer may cost at most is not known with --max-tokens none");
    }

    @Test
    void what_is_no_amount_of_money_is_refused() {
        assertThat(eval("--cost-limit", "much")).isEqualTo(2);
        assertThat(rig.err()).contains("--cost-limit: 'much' does not fit. Give US dollars");
        assertThat(eval("--cost-limit", "0")).isEqualTo(2);
        assertThat(eval("--cost-limit", "-1")).isEqualTo(2);
    }

    @Test
    void price_file_that_cannot_be_read_is_named() throws IOException {
        Path prices = Files.writeString(folder.resolve("p.yaml"), "gpt: {input: 1, output: 6}");

        assertThat(eval("--prices", prices.toString())).isEqualTo(2);
        assertThat(rig.err()).contains("--prices: ").contains("entry 1").contains("expected provider/name");
    }

    @Test
    void resume_takes_a_higher_limit() {
        rig.platforms.runs.put(RUN, SampleRuns.run(RUN, "openai/gpt-5-mini", "halted"));

        rig.run("eval", "--resume", RUN, "--cost-limit", "7");

        assertThat(rig.platforms.commands).containsExactly("RESUME " + RUN + " 7/null");
    }

    @Test
    void table_says_what_model_and_judge_took_and_may_take() {
        rig.platforms.runs.put(RUN, SampleRuns.run(RUN, "openai/gpt-5-mini", "completed"));

        rig.run("show", RUN);

        assertThat(rig.out()).contains("model openai/gpt-5-mini: 10,000 in, 600 out, $0.0093 of at most $5.00")
                .contains("judge openai/gpt-5-mini: 2,345 in, 78 out, $0.0030");
    }

    @Test
    void retry_refuses_a_run_in_which_nothing_failed() {
        rig.platforms.runs.put(RUN, SampleRuns.run(RUN, "openai/gpt-5-mini", "completed"));

        assertThat(rig.run("retry", RUN)).isEqualTo(2);

        assertThat(rig.err()).contains(
                "nothing to retry: it is completed, and no step ended provider_error, judge_error. Nothing was changed.");
        assertThat(rig.platforms.commands).isEmpty();
    }

    @Test
    void retry_names_what_else_could_be_tried_again() {
        rig.platforms.runs.put(RUN, SampleRuns.run(RUN, "openai/gpt-5-mini", "completed", null,
                Map.of("judge", Map.of("judged", 3L, "judge_unparseable", 1L)),
                SampleRuns.run(RUN, "m/m", "completed").cells()));

        assertThat(rig.run("retry", RUN)).isEqualTo(2);
        assertThat(rig.err()).contains("It has judge_unparseable: add --also judge_unparseable to try these again.");
        assertThat(rig.run("retry", RUN, "--also", "answered")).isEqualTo(2);
        assertThat(rig.err()).contains("--also: there is no 'answered'");
    }

    @Test
    void retry_leaves_a_run_alone_that_goes_on_or_was_ended() {
        rig.platforms.runs.put(RUN, SampleRuns.run(RUN, "openai/gpt-5-mini", "paused"));
        assertThat(rig.run("retry", RUN)).isEqualTo(2);
        assertThat(rig.err()).contains("it is still paused").contains("eval --resume " + RUN);

        rig.platforms.runs.put(RUN, SampleRuns.run(RUN, "openai/gpt-5-mini", "cancelled"));
        assertThat(rig.run("retry", RUN)).isEqualTo(2);
        assertThat(rig.err()).contains("it is cancelled");
    }
}
