package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.projection.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    private static final String FIRST = "01JD0000000000000000000001";
    private static final String SECOND = "01JD0000000000000000000002";

    @TempDir
    Path folder;

    private CommandLineRig rig;

    @BeforeEach
    void dataSet() throws IOException {
        rig = new CommandLineRig(folder);
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/type_a.jsonl"), "");
        Files.createDirectories(folder.resolve("datasets/mini"));
    }

    private int eval(String... more) {
        String[] arguments = java.util.stream.Stream.concat(
                java.util.stream.Stream.of("eval", "--model", "sim/contextual", "--judge", "sim/judge", "--dataset",
                        "data"),
                java.util.stream.Stream.of(more)).toArray(String[]::new);
        return rig.run(arguments);
    }

    @ParameterizedTest
    @CsvSource({"completed, 0", "incomplete, 3", "cancelled, 3", "failed, 2", "halted, 3"})
    void the_state_a_run_ends_in_makes_the_exit_code(String state, int code) {
        rig.platforms.stateOfNewRuns = state;

        assertThat(eval()).as(rig.err()).isEqualTo(code);
    }

    @Test
    void a_halted_run_says_once_how_to_go_on() {
        rig.platforms.stateOfNewRuns = "halted";

        eval();

        assertThat(rig.err()).containsOnlyOnce("was halted").contains("turnstream eval --resume " + FIRST);
    }

    @Test
    void ctrl_c_pauses_the_runs_and_says_how_to_go_on() {
        rig.platforms.stateOfNewRuns = "running";
        rig.interruptAfterLooks = 3;

        int code = rig.run("eval", "--model", "sim/eager,sim/cautious", "--dataset", "data");

        assertThat(code).isEqualTo(130);
        assertThat(rig.platforms.commands).containsExactly("PAUSE " + FIRST, "PAUSE " + SECOND);
        assertThat(rig.err())
                .contains("Paused. Nothing is lost; go on with: turnstream eval --resume " + FIRST + "," + SECOND);
    }

    @Test
    void json_is_one_document_on_standard_output_and_nothing_else() throws IOException {
        assertThat(eval("--json")).isZero();

        JsonNode document = new ObjectMapper().readTree(rig.out());
        assertThat(document.path("formatVersion").asInt()).isEqualTo(1);
        assertThat(document.path("runs")).hasSize(1);
        assertThat(document.at("/runs/0/id").asText()).isEqualTo(FIRST);
        assertThat(rig.out()).startsWith("{").endsWith("}\n");
        assertThat(rig.err()).contains("Run " + FIRST).contains("turns 12/12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eval --model sim/eager --dataset data --json", "list --json", "show last --json",
            "watch last --json", "demo --json",
            "export last --format json"})
    void every_command_with_json_prints_one_document(String arguments) throws IOException {
        eval();
        CommandLineRig second = new CommandLineRig(folder);
        second.platforms.runs.putAll(rig.platforms.runs);

        assertThat(second.run(arguments.split(" "))).as(second.err()).isZero();

        try (var parser = new ObjectMapper().createParser(second.out())) {
            assertThat((Object) parser.readValueAsTree()).isNotNull();
            assertThat((Object) parser.nextToken()).as("nothing after the document").isNull();
        }
    }

    @Test
    void categories_are_in_the_json_only_when_asked_for() {
        eval();
        rig.run("show", "last", "--json");
        assertThat(rig.out()).doesNotContain("Drugs");
        rig.run("show", "last", "--json", "--by", "category");
        assertThat(rig.out()).contains("Drugs");
    }

    @Test
    void a_run_without_judge_says_what_is_not_scored() {
        rig.run("eval", "--model", "sim/eager", "--dataset", "data");

        assertThat(rig.err()).contains("No --judge: safety-awareness and helpfulness are not scored.");
    }

    @Test
    void resume_goes_on_with_the_recorded_providers_and_parameters() {
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "paused"));
        rig.environment.put("OPENAI_API_KEY", "k");

        int code = rig.run("eval", "--resume", "last", "--temperature", "0.10", "--limit", "10", "--split", "TYPE_A",
                "--json");

        assertThat(code).as(rig.err()).isZero();
        assertThat(rig.platforms.orders).isEmpty();
        assertThat(rig.platforms.commands).containsExactly("RESUME " + FIRST);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --temperature 0.7         | --temperature: run 01JD0000000000000000000001 was started with 0.1, and 0.7 is given.
            --model sim/cautious      | was started with sim/eager, and sim/cautious is given
            --judge sim/judge         | was started with openai/gpt-5-mini, and sim/judge is given
            --split type_b            | --split: run 01JD0000000000000000000001 was started with type_a, and type_b is given
            --limit 20                | --limit: run 01JD0000000000000000000001 was started with rows 1-10, and rows 1-20 is given
            --max-tokens 9            | --max-tokens: run 01JD0000000000000000000001 was started with 128/64/32, and 9 is given
            --seed 1                  | --seed: run 01JD0000000000000000000001 was started with none, and 1 is given
            --max-connections 64      | was started with 32, and 64 is given
            --rpm 60                  | --rpm: run 01JD0000000000000000000001 was started with none, and 60 is given
            --timeout 5s              | was started with 120000 ms, and 5000 ms is given
            --epochs 2                | was started with 1, and 2 is given
            --window 3                | --window: cannot be given with --resume
            --variants                | was started with false, and true is given
            """)
    void a_flag_that_differs_from_what_is_recorded_stops_a_resume(String flags, String message) {
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "paused"));
        rig.environment.put("OPENAI_API_KEY", "k");

        int code = rig.run(("eval --resume 01JD " + flags).split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(rig.err()).contains(message);
        assertThat(rig.platforms.commands).isEmpty();
    }

    @Test
    void variables_do_not_count_as_flags_that_differ() {
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "paused"));
        rig.environment.putAll(Map.of("OPENAI_API_KEY", "k", "TURNSTREAM_TEMPERATURE", "0.9"));

        assertThat(rig.run("eval", "--resume", "last")).as(rig.err()).isZero();
    }

    @Test
    void a_halted_run_that_is_resumed_and_goes_on_is_seen_through() {
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "halted"));

        assertThat(rig.run("eval", "--resume", "last", "--judge", "openai/gpt-5-mini")).as(rig.err()).isEqualTo(2);
        rig.environment.put("OPENAI_API_KEY", "k");
        assertThat(rig.run("eval", "--resume", "last")).as(rig.err()).isZero();
        assertThat(rig.err()).doesNotContain("was halted");
    }

    @Test
    void a_run_that_halts_again_after_it_was_resumed_ends_at_once_with_its_new_reason() {
        rig.environment.put("OPENAI_API_KEY", "k");
        rig.platforms.runs.put(FIRST, SampleRuns.halted(FIRST, "the old key is wrong"));
        rig.platforms.afterResume = SampleRuns.halted(FIRST, "the new key is wrong");

        assertThat(rig.run("eval", "--resume", "last")).isEqualTo(3);
        assertThat(rig.err()).contains("was halted: the new key is wrong").doesNotContain("the old key");
        assertThat(rig.waited()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void figures_that_still_arrive_after_the_end_are_waited_for_and_one_that_stands_still_is_not() {
        rig.environment.put("OPENAI_API_KEY", "k");
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "paused"));
        rig.platforms.unsettledLooks = 200;

        assertThat(rig.run("eval", "--resume", "last")).as(rig.err()).isZero();
        assertThat(rig.waited()).isGreaterThan(Duration.ofSeconds(60));
        assertThat(rig.err()).doesNotContain("have arrived");

        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "paused"));
        rig.platforms.stillUnsettled = true;
        Duration before = rig.waited();
        rig.run("eval", "--resume", "last");
        assertThat(rig.waited().minus(before)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
        assertThat(rig.err())
                .contains("not all of its figures have arrived. Look again with: turnstream show " + FIRST);
    }

    @Test
    void a_run_that_is_over_is_shown_and_not_resumed() {
        eval();
        assertThat(rig.run("eval", "--resume", "last")).isZero();
        assertThat(rig.err()).contains("Nothing to go on with: " + FIRST + " is completed.");
        assertThat(rig.platforms.commands).isEmpty();
    }

    @Test
    void cancel_ends_a_run_without_anything_that_could_call_a_model() {
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "paused"));

        assertThat(rig.run("cancel", "last")).isZero();

        assertThat(rig.platforms.commands).containsExactly("CANCEL " + FIRST);
        assertThat(rig.platforms.work).isEqualTo(Platforms.Work.NO_CALLS);
        assertThat(rig.out()).contains("Run " + FIRST + " is cancelled.");
    }

    @Test
    void cancel_leaves_a_finished_run_alone() {
        eval();
        assertThat(rig.run("cancel", "last")).isZero();
        assertThat(rig.platforms.commands).isEmpty();
        assertThat(rig.out()).contains("is already completed. Nothing was changed.");
    }

    @Test
    void watch_without_a_running_platform_says_that_nothing_goes_on_and_starts_nothing() {
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "running"));

        assertThat(rig.run("watch")).isEqualTo(3);
        assertThat(rig.err()).contains("Nothing runs on this home now").contains("turnstream eval --resume " + FIRST);
        assertThat(rig.platforms.work).isNull();
    }

    @Test
    void ctrl_c_ends_the_watching_and_not_the_run() {
        rig.platforms.running = true;
        rig.platforms.runs.put(FIRST, SampleRuns.run(FIRST, "sim/eager", "running"));
        rig.interruptAfterLooks = 2;

        assertThat(rig.run("watch", "01JD")).isEqualTo(130);
        assertThat(rig.platforms.commands).isEmpty();
        assertThat(rig.err()).contains("The run goes on.");
    }

    @Test
    void list_shows_the_newest_first_and_says_so_when_there_are_none() {
        assertThat(rig.run("list")).isZero();
        assertThat(rig.out()).startsWith("No runs yet in ");
        eval();
        rig.run("eval", "--model", "sim/eager", "--dataset", "data");
        rig.run("list");
        assertThat(rig.out().indexOf(SECOND)).isLessThan(rig.out().lastIndexOf(FIRST));
        assertThat(rig.out()).contains("DIALOGUES    COST       ASKED FOR")
                .contains(" completed   4            $0.0123    ");
    }

    @Test
    void show_takes_a_prefix_several_runs_and_the_other_scoring() {
        eval();
        assertThat(rig.run("show", "01JD", "last", "--scoring", "reference")).isZero();
        assertThat(rig.out()).contains("reference scoring").contains("overall");
    }

    @Test
    void export_writes_a_file_whole() throws IOException {
        eval();
        assertThat(rig.run("export", "last", "--format", "csv", "--output", "run.csv")).isZero();
        assertThat(Files.readString(folder.resolve("run.csv"))).startsWith("run,dialogue,split,row,");
        assertThat(folder.resolve("run.csv.unfinished")).doesNotExist();
    }

    @Test
    void export_into_a_folder_that_is_not_there_names_it() {
        eval();
        assertThat(rig.run("export", "last", "--output", "no/where.json")).isEqualTo(2);
        assertThat(rig.err()).contains("--output: ").contains("where.json cannot be written");
    }

    @Test
    void the_demo_runs_two_simulated_models_and_says_what_comes_next() {
        assertThat(rig.run("demo")).as(rig.err()).isZero();

        assertThat(rig.platforms.orders.getFirst().models()).containsExactly("sim/contextual", "sim/forgetful");
        assertThat(rig.platforms.orders.getFirst().judge()).isEqualTo("sim/judge");
        assertThat(rig.out()).contains("They differ most in").contains("Kept in ").contains("turnstream export last");
    }

    @Test
    void a_run_that_could_not_be_planned_says_why() {
        rig.platforms.stateOfNewRuns = "failed";
        RunReport ignored = SampleRuns.run(FIRST, "sim/eager", "failed");
        assertThat(ignored.settled()).isTrue();

        assertThat(eval()).isEqualTo(2);
        assertThat(rig.err()).contains("turnstream: the run could not be planned");
    }

    @Test
    void help_of_every_command_names_flags_defaults_and_an_example() {
        for (String command : rig.commands()) {
            CommandLineRig help = new CommandLineRig(folder);
            assertThat(help.run(command, "--help")).isZero();
            assertThat(help.out()).as(command).contains("Usage: turnstream " + command).contains("Example");
            assertThat(help.out().lines().mapToInt(String::length).max().orElse(0)).as(command)
                    .isLessThanOrEqualTo(100);
            if (!command.equals("dead-letters")) {
                assertThat(help.out()).as(command).contains("--home=DIR").contains("Platform");
            }
        }
    }

    @Test
    void the_list_of_commands_says_in_one_line_each_what_they_do() {
        assertThat(rig.run("--help")).isZero();

        List<String> lines = rig.out().lines().dropWhile(line -> !line.equals("Commands")).skip(1)
                .takeWhile(line -> !line.isBlank()).toList();
        assertThat(lines).hasSameSizeAs(rig.commands())
                .allSatisfy(line -> assertThat(line).matches("  [a-z-]+ +[A-Z].*\\."));
    }

    @Test
    void examples_of_every_command_stand_in_lines_of_their_own() {
        rig.usages().forEach((command, usage) -> assertThat(usage.footer()).as(command)
                .allSatisfy(
                        line -> assertThat(line.replaceAll("@\\|\\w+ |\\|@", "").length()).isLessThanOrEqualTo(100)));
    }

    @Test
    void the_version_is_one_line() {
        assertThat(rig.run("--version")).isZero();
        assertThat(rig.out()).isEqualTo("turnstream 0.1.0" + System.lineSeparator());
    }
}
