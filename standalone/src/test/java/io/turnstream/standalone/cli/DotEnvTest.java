package io.turnstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DotEnvTest {

    @TempDir
    private Path folder;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void a_mark_before_an_env_file_is_passed_over_and_all_line_ends_are_known() throws IOException {
        assertThat(read("\uFEFFOPENAI_API_KEY=a\r\nX=1\rY='b' # why\n"))
                .isEqualTo(Map.of("OPENAI_API_KEY", "a", "X", "1", "Y", "b"));
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UTF-16     | OPENAI_API_KEY=sk-secret          | is not UTF-8 text
            UTF-16LE   | OPENAI_API_KEY=sk-secret          | is not UTF-8 text
            ISO-8859-1 | OPENAI_API_KEY=sk-secretü         | line 1: is not UTF-8 text
            UTF-8      | OPENAI_API_KEY="sk-secret         | line 1: the quote before the value does not end
            UTF-8      | TURNSTREAM_TOKEN="sk-secret"x     | line 1: something stands behind the closing quote
            UTF-8      | OPENAI_API_KEY: sk-secret         | line 1: is not NAME=value
            UTF-8      | setenv OPENAI_BASE_URL sk-secret  | line 1: is not NAME=value
            UTF-8      | $env:OPENAI_API_KEY_FILE='sk-secret' | line 1: is not NAME=value
            UTF-8      | TURNSTREAM_PROVIDER_ACME_API_KEY sk-secret | line 1: is not NAME=value
            """)
    void a_variable_of_ours_that_cannot_be_read_as_it_was_meant_stops_the_command(String charset, String text,
            String message) throws IOException {
        Files.write(folder.resolve(".env"), text.getBytes(charset));

        assertThatThrownBy(this::read).isInstanceOf(UsageException.class).hasMessageContaining(".env")
                .hasMessageContaining(message)
                .message().doesNotContain("sk-secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-secret", "if [ -f sk-secret ]; then", "alias x=$OPENAI_API_KEY", "export OTHER",
            "other: sk-secret", "OTHER=\"sk-secret",
            "OTHER='sk-secret' 'more'", "my-name=sk-secret", "run ${TURNSTREAM_TOKEN} sk-secret", "[section]"})
    void a_line_of_another_program_is_passed_over_with_one_warning(String line) throws IOException {
        assertThat(read("# two programs\n" + line + "\nTURNSTREAM_HOME=here\n")).containsEntry("TURNSTREAM_HOME",
                "here");
        assertThat(warnings).singleElement().asString().startsWith(folder.resolve(".env") + ", line 2: ")
                .doesNotContain("sk-secret").doesNotContain("OTHER");
    }

    @Test
    void a_value_of_another_program_that_goes_on_over_several_lines_is_passed_over_as_a_whole() throws IOException {
        assertThat(read("PRIVATE=\"-----BEGIN\nMIIabc==\nX=1\n-----END\"\nTURNSTREAM_HOME=here\n"))
                .isEqualTo(Map.of("TURNSTREAM_HOME", "here"));
        assertThat(warnings).hasSize(1);
    }

    @Test
    void a_quote_that_was_forgotten_swallows_no_variable_of_ours() throws IOException {
        assertThat(read("OTHER=\"one\nTURNSTREAM_HOME=\"here\"\n")).isEqualTo(Map.of("TURNSTREAM_HOME", "here"));
        assertThat(warnings).hasSize(1);
    }

    @Test
    void a_comment_or_a_value_in_another_charset_concerns_its_line_alone() throws IOException {
        Files.write(folder.resolve(".env"),
                "# für alle\nOTHER=grün\nTURNSTREAM_HOME=here\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(read()).isEqualTo(Map.of("TURNSTREAM_HOME", "here"));
        assertThat(warnings).singleElement().asString().contains(".env, line 2: is not UTF-8 text");
    }

    @Test
    void a_file_that_holds_nothing_of_ours_stops_nothing() throws IOException {
        Files.write(folder.resolve(".env"), "OTHER=1".getBytes(StandardCharsets.UTF_16));
        assertThat(read()).isEmpty();
        assertThat(read("x\n".repeat(1 << 20))).isEmpty();
        assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("none of it is read"));
    }

    @Test
    void many_lines_are_told_in_a_few() throws IOException {
        assertThat(read("nothing here\n".repeat(1000))).isEmpty();
        assertThat(warnings).hasSize(6).last().asString().endsWith("995 more lines are passed over.");
    }

    private Map<String, String> read(String text) throws IOException {
        Files.writeString(folder.resolve(".env"), text);
        return read();
    }

    private Map<String, String> read() {
        return DotEnv.over(Map.of(), folder, warnings::add);
    }
}
