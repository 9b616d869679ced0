package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.console.RunOrder;
import io.turnstream.projection.document.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What each flag of `eval` makes of the order, from the command line and from the environment.
class EvalFlagsTest {

    @TempDir
    Path folder;

    private CommandLineRig rig;

    @BeforeEach
    void dataSet() throws IOException {
        rig = new CommandLineRig(folder);
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/type_a.jsonl"), "");
        Files.writeString(folder.resolve("captions.json"), "{}");
        Files.writeString(folder.resolve("cats.csv"), "id,split,category\n");
    }

    static Stream<Arguments> flags() {
        return Stream.of(
                flag("--model", "sim/eager,sim/cautious", RunOrder::models, List.of("sim/eager", "sim/cautious")),
                flag("--judge", "sim/judge", RunOrder::judge, "sim/judge"),
                flag("--judge", "none", RunOrder::judge, null),
                flag("--split", "type_b", order -> order.selectionOrAll().splits(), List.of("type_b")),
                flag("--split", "all", order -> order.selectionOrAll().splits(), List.of()),
                flag("--modality", "unimodal,multimodal", order -> order.selectionOrAll().modalities(),
                        List.of("unimodal", "multimodal")),
                flag("--intent", "Unsafe", order -> order.selectionOrAll().intents(), List.of("unsafe")),
                flag("--limit", "10",
                        order -> List.of(order.selectionOrAll().firstRow(), order.selectionOrAll().rowLimit()),
                        List.of(0, 10)),
                flag("--limit", "10-20",
                        order -> List.of(order.selectionOrAll().firstRow(), order.selectionOrAll().rowLimit()),
                        List.of(9, 11)),
                flag("--sample-id", "3,7", order -> order.selectionOrAll().sampleIds(), List.of(3, 7)),
                flag("--epochs", "3", order -> order.selectionOrAll().epochs(), 3),
                flag("--temperature", "0.7", order -> warmth(order), List.of("0.7", "0.7", "0.7", "0.0")),
                flag("--temperature", "none", order -> warmth(order), List.of("null", "null", "null", "0.0")),
                flag("--judge-temperature", "1", order -> warmth(order), List.of("0.1", "0.1", "0.1", "1.0")),
                flag("--max-tokens", "900", order -> tokens(order), List.of("900", "900", "900", "128")),
                flag("--judge-max-tokens", "none", order -> tokens(order), List.of("128", "64", "32", "null")),
                flag("--seed", "42", order -> parameters(order).get("judge").seed(), 42L),
                flag("--max-connections", "64",
                        order -> List.of(order.limitsOrDefault().maxConnections(),
                                order.judgeLimitsOrDefault().maxConnections(),
                                order.windowOrDefault()),
                        List.of(64, 64, 88)),
                flag("--judge-max-connections", "4",
                        order -> List.of(order.limitsOrDefault().maxConnections(),
                                order.judgeLimitsOrDefault().maxConnections()),
                        List.of(32, 4)),
                flag("--rpm", "600", order -> order.limitsOrDefault().requestsPerMinute(), 600),
                flag("--tpm", "90000", order -> order.limitsOrDefault().tokensPerMinute(), 90_000L),
                flag("--judge-rpm", "60", order -> order.judgeLimitsOrDefault().requestsPerMinute(), 60),
                flag("--judge-tpm", "9000", order -> order.judgeLimitsOrDefault().tokensPerMinute(), 9_000L),
                flag("--max-retries", "0", order -> order.limitsOrDefault().maxRetries(), 0),
                flag("--timeout", "2m", order -> order.limitsOrDefault().timeoutMillis(), 120_000L),
                flag("--timeout", "30", order -> order.limitsOrDefault().timeoutMillis(), 30_000L),
                flag("--window", "5", RunOrder::windowOrDefault, 5),
                flag("--tags", "nightly,v2", RunOrder::tags, List.of("nightly", "v2")));
    }

    private static Arguments flag(String flag, String value, Function<RunOrder, Object> field, Object expected) {
        return Arguments.of(flag, value, field, expected);
    }

    private static Map<String, Parameters> parameters(RunOrder order) {
        return Objects.requireNonNull(order.parameters());
    }

    private static List<String> warmth(RunOrder order) {
        return Stream.of("dialogue", "mcq", "tf", "judge")
                .map(call -> String.valueOf(parameters(order).get(call).temperature())).toList();
    }

    private static List<String> tokens(RunOrder order) {
        return Stream.of("dialogue", "mcq", "tf", "judge")
                .map(call -> String.valueOf(parameters(order).get(call).maxTokens())).toList();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("flags")
    void a_flag_becomes_part_of_the_order(String flag, String value, Function<RunOrder, Object> field,
            Object expected) {
        int code = flag.equals("--model")
                ? rig.run("eval", "--dataset", "data", flag, value)
                : rig.run("eval", "--model", "sim/contextual", "--dataset", "data", flag, value);

        assertThat(code).as(rig.err()).isZero();
        assertThat(field.apply(rig.platforms.orders.getFirst())).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("flags")
    void the_variable_of_a_flag_means_the_same(String flag, String value, Function<RunOrder, Object> field,
            Object expected) {
        rig.environment.put("TURNSTREAM_MODEL", "sim/contextual");
        rig.environment.put(EnvironmentDefaults.variable(flag), value);

        assertThat(rig.run("eval", "--dataset", "data")).as(rig.err()).isZero();
        assertThat(field.apply(rig.platforms.orders.getFirst())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"sim/judge, , 600", "sim/judge, 60, 60", "openai/judge, , null", "openai/judge, 60, 60"})
    void a_judge_at_the_models_provider_has_the_models_quota_unless_it_is_given_one(String judge, String judgeRpm,
            String expected) {
        rig.environment.put("OPENAI_API_KEY", "k");
        if (judgeRpm != null) {
            rig.environment.put("TURNSTREAM_JUDGE_RPM", judgeRpm);
        }

        assertThat(rig.run("eval", "--model", "sim/contextual", "--judge", judge, "--dataset", "data", "--rpm", "600"))
                .as(rig.err()).isZero();

        assertThat(String.valueOf(rig.platforms.orders.getFirst().judgeLimitsOrDefault().requestsPerMinute()))
                .isEqualTo(expected);
    }

    @Test
    void a_judge_at_another_address_has_another_key_and_another_quota() {
        rig.environment.put("OPENAI_API_KEY", "k");

        assertThat(rig.run("eval", "--model", "openai/a", "--model-base-url", "http://localhost:1/v1", "--judge",
                "openai/b", "--dataset", "data",
                "--rpm", "600")).as(rig.err()).isZero();

        assertThat(rig.platforms.orders.getFirst().judgeLimitsOrDefault().requestsPerMinute()).isNull();
    }

    @Test
    void without_flags_everything_is_planned_once_with_the_pack_s_own_parameters() {
        rig.run("eval", "--model", "sim/contextual", "--dataset", "data");

        RunOrder order = rig.platforms.orders.getFirst();
        assertThat(order.selectionOrAll()).isEqualTo(RunOrder.EVERYTHING);
        assertThat(warmth(order)).containsExactly("0.1", "0.1", "0.1", "0.0");
        assertThat(tokens(order)).containsExactly("128", "64", "32", "128");
        assertThat(order.windowOrDefault()).isEqualTo(32 * 5 / 4 + 8);
        assertThat(order.protocolFiles()).isNull();
        assertThat(order.failOnError()).isFalse();
    }

    @Test
    void paths_are_made_absolute_and_switches_are_switches() {
        rig.run("eval", "--model", "sim/contextual", "--dataset", "data", "--captions", "captions.json", "--categories",
                "cats.csv", "--variants",
                "--fail-on-error");

        RunOrder order = rig.platforms.orders.getFirst();
        assertThat(order.dataset()).containsExactly(folder.resolve("data").toString());
        assertThat(order.captions()).isEqualTo(folder.resolve("captions.json").toString());
        assertThat(order.categories()).isEqualTo(folder.resolve("cats.csv").toString());
        assertThat(order.selectionOrAll().variants()).isTrue();
        assertThat(order.failOnError()).isTrue();
    }

    @Test
    void a_flag_wins_over_its_variable() {
        rig.environment.put("TURNSTREAM_EPOCHS", "7");

        rig.run("eval", "--model", "sim/contextual", "--dataset", "data", "--epochs", "2");

        assertThat(rig.platforms.orders.getFirst().selectionOrAll().epochs()).isEqualTo(2);
    }

    @Test
    void keys_and_base_urls_go_to_the_workers_and_never_into_the_order() {
        rig.environment.put("OPENAI_API_KEY", "sk-secret");

        rig.run("eval", "--model", "openai/a", "--judge", "openai/b", "--dataset", "data", "--model-base-url",
                "http://localhost:8000/v1");

        Platforms.Callees callees = Objects.requireNonNull(rig.platforms.callees);
        assertThat(callees.models().named("openai").baseUrl()).hasToString("http://localhost:8000/v1");
        assertThat(callees.models().named("openai").apiKey()).contains("sk-secret");
        assertThat(callees.judges().named("openai").baseUrl()).hasToString("https://api.openai.com/v1");
        assertThat(callees.simulator()).isFalse();
        assertThat(io.turnstream.console.ApiJson.write(rig.platforms.orders.getFirst())).doesNotContain("sk-secret")
                .doesNotContain("localhost");
        assertThat(rig.out() + rig.err()).doesNotContain("sk-secret");
    }

    @Test
    void a_base_url_makes_a_provider_of_any_name() {
        assertThat(rig.run("eval", "--model", "vllm/Qwen/Qwen3", "--dataset", "data", "--model-base-url",
                "http://127.0.0.1:8000/v1/")).isZero();

        assertThat(Objects.requireNonNull(rig.platforms.callees).models().named("vllm").baseUrl())
                .hasToString("http://127.0.0.1:8000/v1");
    }

    @Test
    void simulated_models_bring_the_simulator() {
        rig.run("eval", "--model", "sim/contextual", "--dataset", "data");

        assertThat(Objects.requireNonNull(rig.platforms.callees).simulator()).isTrue();
        assertThat(rig.platforms.work).isEqualTo(Platforms.Work.CALLS);
    }

    @Test
    void an_env_file_stands_below_the_environment() {
        assertThat(DotEnv.parse(List.of("# keys", "", "export OPENAI_API_KEY='a b'", "X=1 # one", "Y=\"#2\"", "Z="),
                ".env", none()))
                .isEqualTo(Map.of("OPENAI_API_KEY", "a b", "X", "1", "Y", "#2", "Z", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "{\\"type\\": \\"account\\"}" # why  | {"type": "account"}
            "{\\"key\\": \\"a\\\\nb\\"}"           | {"key": "a\\nb"}
            "C:\\\\"                            | C:\\
            "a\\nb\\$c"                         | a\\nb\\$c
            'a\\'                              | a\\
            'say "x"'                         | say "x"
            a\\"b                              | a\\"b
            """)
    void a_backslash_in_double_quotes_stands_before_a_quote_or_itself(String written, String meant) {
        assertThat(DotEnv.parse(List.of("CREDS=" + written), ".env", none())).isEqualTo(Map.of("CREDS", meant));
    }

    @Test
    void one_very_long_line_of_an_env_file_takes_no_time() {
        String spaces = " ".repeat(1_000_000);

        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(java.time.Duration.ofSeconds(10), () -> {
            assertThat(DotEnv.parse(List.of("X=a" + spaces + "b"), ".env", none())).containsKey("X");
            assertThat(DotEnv.parse(List.of("X=a" + spaces + "# b"), ".env", none())).isEqualTo(Map.of("X", "a"));
            for (String unfit : List.of("X=" + spaces + "\u2028x", "X" + spaces + "y",
                    "export" + spaces + "=\u2028x")) {
                List<String> warnings = new ArrayList<>();
                assertThat(DotEnv.parse(List.of(unfit), ".env", warnings::add)).isEmpty();
                assertThat(warnings).hasSize(1);
            }
        });
    }

    private static Consumer<String> none() {
        return warning -> {
            throw new AssertionError(warning);
        };
    }
}
