package io.turnstream.benchmark.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.turnstream.benchmark.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidPackTest {

    @ParameterizedTest
    @ValueSource(strings = {"@hunter2", "a: 1\n  hunter2\n b", "\u0001hunter2", "{\"a\": hunter2", "%hunter2",
            "hunter2: 1\nhunter2: 2"})
    void nothingOfAFileThatIsNoYamlIsRepeated(String yaml) {
        SortedMap<String, byte[]> files = ProtocolPack.bundled("mtmcs-v2").files();
        files.put("pack.yaml", yaml.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> ProtocolPack.of(files)).isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining("pack.yaml").message()
                .doesNotContain("hunter2").doesNotContain("token").doesNotContain("alias").doesNotContain("anchor")
                .doesNotContain("special characters");
    }

    @Test
    void aLinkThatLeadsOutOfThePackIsNotFollowed(@TempDir Path folder) throws IOException {
        Path pack = Files.createDirectory(folder.resolve("pack"));
        for (Map.Entry<String, byte[]> file : ProtocolPack.bundled("mtmcs-v2").files().entrySet()) {
            Files.createDirectories(pack.resolve(file.getKey()).getParent());
            Files.write(pack.resolve(file.getKey()), file.getValue());
        }
        Files.move(pack.resolve("templates/tf.md"), folder.resolve("key"));
        Files.createSymbolicLink(pack.resolve("templates/tf.md"), folder.resolve("key"));

        assertThatThrownBy(() -> ProtocolPack.load(pack)).isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining("templates/tf.md").hasMessageContaining("link");
    }

    @ParameterizedTest(name = "[{index}] {3}: {4}")
    @CsvSource(delimiterString = " ; ", quoteCharacter = '~', textBlock = """
            pack.yaml ; format: 1 ; format: 2 ; format ; expected 1
            pack.yaml ; format: 1 ; form: 1 ; form ; is not a known field
            pack.yaml ; name: mtmcs-v2 ; name: My Pack ; name ; lower-case
            pack.yaml ; name: mtmcs-v2 ; name: 7 ; name ; is 7, expected a text
            pack.yaml ; name: mtmcs-v2 ; name: [ ; line 4 ; is not valid YAML
            pack.yaml ; name: mtmcs-v2 ; name: a\\nname: b ; line 4 ; is not valid YAML
            pack.yaml ; dialogue: {temperature: 0.1 ; dialogue: {temperature: 3.5 ; calls.dialogue.temperature ; is 3.5, expected a number from 0.0 to 2.0
            pack.yaml ; dialogue: {temperature: 0.1 ; dialogue: {temperature: -0.1 ; calls.dialogue.temperature ; expected a number
            pack.yaml ; dialogue: {temperature: 0.1 ; dialogue: {temperature: .nan ; line 9 ; is not valid YAML
            pack.yaml ; dialogue: {temperature: 0.1 ; dialogue: {temperature: warm ; calls.dialogue.temperature ; is "warm", expected a number
            pack.yaml ; dialogue: {temperature: 0.1, ; dialogue: { ; calls.dialogue.temperature ; is missing
            pack.yaml ; tf: {temperature: 0.1, max-tokens: 32} ; tf: {temperature: 0.1, max-tokens: 0} ; calls.tf.max-tokens ; is 0, expected a whole number from 1
            pack.yaml ; tf: {temperature: 0.1, max-tokens: 32} ; tf: {temperature: 0.1, max-tokens: 1.5} ; calls.tf.max-tokens ; is 1.5
            pack.yaml ; tf: {temperature: 0.1, max-tokens: 32} ; tf: 32 ; calls.tf ; expected a mapping
            pack.yaml ; mcq: {temperature ; mcq: {top-p: 1, temperature ; calls.mcq.top-p ; is not a known field
            pack.yaml ; longest-side: 1568 ; longest-side: 1 ; images.longest-side ; from 16 to 8192
            pack.yaml ; quality: 90 ; quality: 101 ; images.quality ; from 1 to 100
            pack.yaml ; encoding: jpeg, ; encoding: webp, ; images.encoding ; jpeg or original
            pack.yaml ; encoding: jpeg, ; encoding: original, ; images.longest-side ; has no meaning
            pack.yaml ; image-placement: first_user_turn ; image-placement: last ; image-placement ; one of first_user_turn, every_user_turn
            pack.yaml ; history: chat ; history: none ; history ; one of chat, transcript
            pack.yaml ; history: chat ; history: transcript ; {{transcript}} ; missing placeholder
            pack.yaml ; system-prompt: null ; system-prompt: "" ; system-prompt ; not blank
            pack.yaml ; parser: strict-v2 ; parser: lenient ; parser ; expected strict-v2
            pack.yaml ; no-picture: ; no-image: ; texts.no-image ; is not a known field
            pack.yaml ; - \\\\bi\\\\s+(?:don't ; - (i\\\\s+(?:don't ; refusals.question[4] ; is no regular expression
            templates/mcq.md ; {{question}} ; the question ; {{question}} ; missing placeholder
            templates/mcq.md ; {{question}} ; {{question}} {{row}} ; {{row}} ; unknown placeholder
            templates/tf.md ; {{statement}} ; {{question}} ; {{question}} ; This template knows {{statement}}, {{transcript}}
            templates/judge.md ; {{caption}} ; {{caption} ; {{caption}} ; missing placeholder
            templates/judge.md ; Picture: ; Picture {{: ; {{ ; not closed
            templates/dialogue.md ; {{user_turn}} ; ~ ~ ; ~~ ; is empty
            """)
    void namesTheFileTheFieldAndWhatWasExpected(String file, String from, String to, String field, String problem) {
        Map<String, byte[]> files = PackTesting.changed(file, from.replace("\\\\", "\\"),
                to.replace("\\\\", "\\").replace("\\n", "\n"));
        InvalidProtocolException thrown = catchThrowableOfType(InvalidProtocolException.class,
                () -> ProtocolPack.of(files));
        assertThat(thrown).isNotNull().hasMessageContaining(problem).hasMessageStartingWith("Protocol pack: ");
        boolean dialogueTemplate = problem.equals("missing placeholder") && file.equals("pack.yaml");
        assertThat(thrown.file()).isEqualTo(dialogueTemplate ? "templates/dialogue.md" : file);
        assertThat(thrown.field()).isEqualTo(field);
    }

    /// What can only be searched for by trying can take for ever on a model's text.
    @ParameterizedTest
    @ValueSource(strings = {"(?=sorry)", "(?<!not )sorry", "(a)\\1", "a++", "(?:a{1000}){1000}"})
    void namesARefusalPatternThatIsNotLinear(String expression) {
        Map<String, byte[]> files = PackTesting.changed("pack.yaml", "refusals:\n  question:\n",
                "refusals:\n  question:\n    - '" + expression + "'\n");
        assertThatThrownBy(() -> ProtocolPack.of(files)).isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining("pack.yaml, refusals.question[0]: cannot be searched for in bounded time")
                .hasMessageContaining("look-around");
    }

    @Test
    void aPackOfBeforeKeepsItsPatternsAndBeginsNoNewRun() {
        Map<String, byte[]> files = PackTesting.formerFiles();
        files.put("pack.yaml", new String(files.get("pack.yaml"), StandardCharsets.UTF_8)
                .replace("refusals:\n  question:\n",
                        "refusals:\n  question:\n    - '(?<!not )my way'\n    - '(x+x+)+y'\n")
                .getBytes(StandardCharsets.UTF_8));
        ProtocolPack former = ProtocolPack.of(files);
        assertThat(former.trueFalseParser().parse("I go my way.").outcome()).isEqualTo(Outcome.MODEL_REFUSED);
        assertThat(former.trueFalseParser().parse("I go not my way.").outcome()).isEqualTo(Outcome.ANSWER_UNPARSEABLE);
        assertThat(former.trueFalseParser().parse("x".repeat(5_000)).outcome()).isEqualTo(Outcome.ANSWER_UNPARSEABLE);
        assertThatThrownBy(former::requireCurrent).isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining("pack.yaml, parser: is strict-v1").hasMessageContaining("'parser: strict-v2'");
        assertThat(ProtocolPack.bundled(ProtocolPack.DEFAULT).requireCurrent()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pack.yaml", "templates/judge.md", "rubrics/sa-type_b-unimodal.md",
            "rubrics/hs-multimodal.md"})
    void namesAFileThatIsMissing(String path) {
        SortedMap<String, byte[]> files = PackTesting.bundledFiles();
        files.remove(path);
        assertThatThrownBy(() -> ProtocolPack.of(files)).isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining(path + ": is missing. A pack consists of pack.yaml");
    }

    @Test
    void namesAFileThatBelongsToNoPack() {
        SortedMap<String, byte[]> files = PackTesting.bundledFiles();
        files.put("rubrics/sa-type-a-unimodal.md", new byte[] {'x'});
        assertThatThrownBy(() -> ProtocolPack.of(files)).isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining("rubrics/sa-type-a-unimodal.md: is not a file of a pack");
    }

    @Test
    void namesAFileThatIsNoUtf8() {
        SortedMap<String, byte[]> files = PackTesting.bundledFiles();
        files.put("rubrics/hs-unimodal.md", "r\u00E9sum\u00E9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ProtocolPack.of(files))
                .hasMessageContaining("rubrics/hs-unimodal.md: is not valid UTF-8");
    }

    @Test
    void namesAYamlDocumentThatIsNoMapping() {
        SortedMap<String, byte[]> files = PackTesting.bundledFiles();
        files.put("pack.yaml", "- a list".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ProtocolPack.of(files)).hasMessageContaining("pack.yaml: is not a YAML mapping");
    }

    @Test
    void namesAFolderThatIsNotThere(@TempDir Path folder) {
        assertThatThrownBy(() -> ProtocolPack.load(folder.resolve("nowhere")))
                .isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining("is not a folder").hasMessageContaining("pack.yaml");
    }

    @Test
    void namesAFileThatIsFarTooLarge(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("pack.yaml"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> ProtocolPack.load(folder)).isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining("pack.yaml: is larger than 1048576 bytes");
    }

    @Test
    void namesThePacksThatAreBundled() {
        assertThatThrownBy(() -> ProtocolPack.bundled("mtmcs-v9")).isInstanceOf(InvalidProtocolException.class)
                .hasMessageContaining("mtmcs-v9").hasMessageContaining("Bundled: mtmcs-v2");
    }
}
