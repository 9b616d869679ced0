package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever is wrong with what a user gives ends with code 2, one message that names the place and the remedy, and
/// nothing started.
class BadInputTest {

    private static final String EVAL = "eval --model sim/contextual --dataset data ";

    @TempDir
    Path folder;

    private CommandLineRig rig;

    @BeforeEach
    void dataSet() throws IOException {
        rig = new CommandLineRig(folder);
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/type_a.jsonl"), "");
        Files.createDirectories(folder.resolve("empty"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            evaluate                                      | unknown command 'evaluate'. Did you mean 'eval'?
            eval --modle x                                | unknown flag '--modle'. Did you mean '--model'?
            eval --max-conections=5                       | unknown flag '--max-conections'. Did you mean '--max-connections'?
            eval --connections 5                          | unknown flag '--connections'. Did you mean '--max-connections'?
            eval --zzz                                    | unknown flag '--zzz'
            show --jsno                                   | unknown flag '--jsno'. Did you mean '--json'?
            cancel                                        | Missing required parameter: 'RUN'
            verify --archive no.zip                       | no.zip: there is no such file. Name a file that 'turnstream export --format archive' wrote.
            verify --archive empty                        | empty: this is no file. Name a file
            import no.zip                                 | no.zip: there is no such file. Name a file that
            dead-letters lst                              | unknown command 'lst'. Did you mean 'list'?
            list extra                                    | unexpected argument 'extra'
            eval                                          | --model: no model is given. Name one, such as
            eval --model sim/contextual                   | --dataset: no data set is given. Give the folder or files of one
            eval --model gpt-5 --dataset data             | --model: 'gpt-5' is no model. Write provider/name, such as openai/gpt-5-mini.
            eval --model sim/x --dataset nowhere          | --dataset: there is no such file or folder (
            eval --model sim/x --dataset empty            | --dataset: the folder holds no
            eval --model acme/x --dataset data            | --model: There is no provider 'acme'; known are openai. Set TURNSTREAM_PROVIDER_<NAME>_BASE_URL
            eval --model openai/x --dataset data          | --model: Provider 'openai' needs a key: set OPENAI_API_KEY
            """)
    void is_told_what_is_wrong_and_what_to_do(String arguments, String message) {
        refuses(arguments, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --judge gpt                          | --judge: 'gpt' is no model
            --judge openai/x                     | --judge: Provider 'openai' needs a key
            --split type_c                       | --split: there is no 'type_c' (did you mean 'type_a'?). There are type_a, type_b, all.
            --modality image                     | --modality: there is no 'image'. There are multimodal, unimodal, all.
            --intent bad                         | --intent: there is no 'bad'
            --limit 0                            | --limit: '0' does not fit. Give a whole number, 1 or more.
            --limit 20-10                        | --limit: '20-10' does not fit. Rows are counted from 1
            --limit ten                          | --limit: 'ten' does not fit
            --sample-id x                        | --sample-id: 'x' does not fit
            --epochs 0                           | --epochs: '0' does not fit. Give a whole number from 1 to 1000.
            --temperature 3                      | --temperature: '3' does not fit. Give a number from 0 to 2, or none.
            --temperature warm                   | --temperature: 'warm' does not fit
            --judge-temperature -1               | --judge-temperature: '-1' does not fit
            --max-tokens 0                       | --max-tokens: '0' does not fit
            --judge-max-tokens many              | --judge-max-tokens: 'many' does not fit
            --seed x                             | --seed: 'x' does not fit. Give a whole number.
            --max-connections 0                  | --max-connections: '0' does not fit
            --judge-max-connections x            | --judge-max-connections: 'x' does not fit
            --rpm 0                              | --rpm: '0' does not fit
            --judge-tpm lots                     | --judge-tpm: 'lots' does not fit
            --max-retries -1                     | --max-retries: '-1' does not fit. Give a whole number from 0 to 100.
            --timeout soon                       | --timeout: 'soon' does not fit. Write 90s, 2m or 1h.
            --window 0                           | --window: '0' does not fit
            --port 70000                         | --port: '70000' does not fit. Give a whole number from 0 to 65535.
            --captions no.json                   | --captions: there is no file
            --categories no.csv                  | --categories: there is no file
            --protocol nopack                    | Protocol pack:
            --scoring strict                     | --scoring: there is no 'strict'. There are corrected, reference.
            --by row                             | --by: there is no 'row'. There are split, category.
            --judge-base-url http://localhost:1  | --judge-base-url: there is no --judge that it could be for
            --url nonsense                       | --url: is no address. Write http://host:port.
            """)
    void is_told_which_flag_of_eval_does_not_fit(String flags, String message) {
        refuses(EVAL + flags, message);
    }

    @ParameterizedTest
    @CsvSource({
            "https://user:hunter2@host/v1", "https://host/v1?api_key=hunter2", "https://host/v1?token=hunter2",
            "http://hunter2@host/v1",
            "hunter2 is no url", "ftp://hunter2/v1", "https://host/v1#hunter2"
    })
    void a_base_url_with_a_key_in_it_is_refused_and_never_repeated(String url) {
        int code = rig.run("eval", "--model", "openai/x", "--dataset", "data", "--model-base-url", url);

        assertThat(code).isEqualTo(2);
        assertThat(rig.err()).contains("--model-base-url").doesNotContain("hunter2");
        assertThat(rig.platforms.orders).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            eval --model sim/x --dataset data                | --model-base-url
            eval --model sim/x --judge sim/j --dataset data  | --judge-base-url
            eval --resume 01JDPAUSED                         | --model-base-url
            score 01JDFAILED --judge sim/judge               | --judge-base-url
            retry 01JDFAILED                                 | --model-base-url
            retry 01JDFAILED                                 | --judge-base-url
            """)
    void an_address_is_refused_by_every_command_that_finds_a_platform_running(String arguments, String flag) {
        rig.platforms.running = true;
        rig.platforms.runs.put("01JDPAUSED", SampleRuns.run("01JDPAUSED", "sim/x", "paused"));
        rig.platforms.runs.put("01JDFAILED", SampleRuns.run("01JDFAILED", "sim/x", "incomplete", null,
                Map.of("turn", Map.of("provider_error", 1L)), List.of()));

        refuses(arguments + " " + flag + " http://localhost:1/v1", flag + ": the platform at ");

        assertThat(rig.err())
                .contains("calls only the providers it was started with. Leave the flag out, or use another --home.");
        assertThat(rig.platforms.work).isNull();
    }

    @Test
    void a_platform_address_with_a_password_is_refused_and_never_repeated() {
        assertThat(rig.run("list", "--url", "https://me:hunter2@host")).isEqualTo(2);
        assertThat(rig.err()).contains("--url").doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OPENAI_API_KEY_FILE         | hunter2secretkey            | eval --model openai/x --dataset data
            OPENAI_API_KEY              | hunter2 secretkey           | eval --model openai/x --dataset data
            OPENAI_BASE_URL             | https://me:hunter2@host     | eval --model openai/x --dataset data
            TURNSTREAM_PROVIDER_SIM_API | hunter2secretkey            | eval --model sim/x --dataset data
            TURNSTREAM_DATASET          | https://me:hunter2@host/x   | eval --model sim/x
            TURNSTREAM_CAPTIONS         | https://me:hunter2@host/x   | eval --model sim/x --dataset data
            TURNSTREAM_TOKEN            | hunter2 secrettoken         | list --url http://127.0.0.1:1
            TURNSTREAM_URL              | https://me:hunter2@host     | list
            TURNSTREAM_PUBLIC_KEY       | hunter2secretkey            | verify last
            HF_TOKEN                    | hunter2secretkey            | show hunter2secretkey
            """)
    void a_key_is_not_repeated_wherever_it_was_put(String variable, String value, String arguments) {
        rig.environment.put("TURNSTREAM_PROVIDER_SIM_BASE_URL", "http://127.0.0.1:1/v1");
        rig.environment.put(variable, value);

        assertThat(rig.run(arguments.split(" "))).isEqualTo(2);
        assertThat(rig.err()).startsWith("turnstream: ").doesNotContain("hunter2");
        assertThat(rig.platforms.orders).isEmpty();
    }

    @Test
    void a_variable_that_does_not_fit_is_named() {
        rig.environment.put("TURNSTREAM_JSON", "perhaps");

        refuses("list", "TURNSTREAM_JSON: is neither true nor false");
    }

    @Test
    void an_unknown_run_is_named_with_the_way_to_those_there_are() {
        refuses("show 01XYZ", "RUN: there is no run '01XYZ' in ");
        assertThat(rig.err()).contains("'turnstream list' shows those there are.");
    }

    @Test
    void last_in_an_empty_home_points_to_the_demo() {
        refuses("show last", "there is no run yet. Start one with 'turnstream eval', or try 'turnstream demo'.");
    }

    @Test
    void no_command_at_all_shows_the_help_and_is_wrong_usage() {
        assertThat(rig.run()).isEqualTo(2);
        assertThat(rig.out()).contains("Usage: turnstream").contains("demo");
    }

    private void refuses(String arguments, String message) {
        List<String> words = Arrays.asList(arguments.strip().split("\\s+"));

        int code = rig.run(words.toArray(String[]::new));

        assertThat(code).as(rig.err()).isEqualTo(2);
        assertThat(rig.err()).startsWith("turnstream: ").contains(message).doesNotContain("\tat ")
                .doesNotContain("Exception");
        assertThat(rig.out()).isEmpty();
        assertThat(rig.platforms.orders).isEmpty();
    }
}
