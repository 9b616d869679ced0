package io.turnstream.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvidersTest {

    private static final String SECRET = "planted-secret-0123456789";

    @Test
    void modelNamesMayContainSlashesAfterTheProvider() {
        assertThat(ModelName.parse("vllm/Qwen/Qwen3-VL-8B")).isEqualTo(new ModelName("vllm", "Qwen/Qwen3-VL-8B"));
        assertThat(ModelName.parse("sim/contextual@2")).hasToString("sim/contextual@2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpt-5-mini", "/gpt", "openai/", "/"})
    void textThatNamesNoModelSaysWhatIsExpected(String text) {
        assertThatThrownBy(() -> ModelName.parse(text)).hasMessageContaining("expected provider/name");
    }

    @Test
    void keyAndUrlOfOpenAiComeFromItsUsualVariables() {
        ProviderSettings openAi = Providers.fromEnvironment(
                Map.of("OPENAI_API_KEY", SECRET, "OPENAI_BASE_URL", "https://models.example.org/v1/")).named("openai");

        assertThat(openAi.baseUrl()).hasToString("https://models.example.org/v1");
        assertThat(openAi.apiKey()).contains(SECRET);
        assertThat(openAi.toString()).doesNotContain(SECRET);
    }

    @Test
    void nobodyCanTakeTheNameThatStandsForRecordedAnswers() {
        assertThatThrownBy(() -> Providers
                .fromEnvironment(Map.of("TURNSTREAM_PROVIDER_RECORDED_BASE_URL", "http://localhost:1/v1")))
                .isInstanceOf(InvalidProviderException.class)
                .hasMessageContaining("'recorded' stands for recorded answers");
    }

    @Test
    void missingKeyNamesTheVariable() {
        assertThatThrownBy(() -> Providers.fromEnvironment(Map.of()).named("openai"))
                .isInstanceOf(InvalidProviderException.class)
                .hasMessage(
                        "Provider 'openai' needs a key: set OPENAI_API_KEY (or OPENAI_API_KEY_FILE, a file with the key in "
                                + "it)");
    }

    @Test
    void serverOnThisMachineAndTheSimulatorNeedNoKey() {
        Providers providers = Providers.fromEnvironment(Map.of(
                "OPENAI_BASE_URL", "http://127.0.0.1:8000/v1",
                "TURNSTREAM_PROVIDER_SIM_BASE_URL", "http://model-simulator:8080/v1"));

        assertThat(providers.named("openai").apiKey()).isEmpty();
        assertThat(providers.named("sim").apiKey()).isEmpty();
    }

    @Test
    void furtherProvidersComeFromTheirOwnVariables(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), SECRET + "\n");
        Providers providers = Providers.fromEnvironment(Map.of(
                "TURNSTREAM_PROVIDER_MY_VLLM_BASE_URL", "https://vllm.example.org/v1",
                "TURNSTREAM_PROVIDER_MY_VLLM_API_KEY_FILE", file.toString()));

        assertThat(providers.named("my-vllm").apiKey()).contains(SECRET);
        assertThat(providers.names()).containsExactly("my-vllm", "openai");
    }

    @Test
    void keyFileThatCannotBeReadIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> Providers.fromEnvironment(Map.of("OPENAI_API_KEY_FILE", folder.toString())))
                .hasMessageContaining("OPENAI_API_KEY_FILE names " + folder);
    }

    @Test
    void keyFileInAnotherEncodingIsNamedAndAMarkBeforeTheKeyIsPassedOver(@TempDir Path folder) throws IOException {
        Path marked = Files.writeString(folder.resolve("marked"), "\uFEFF" + SECRET + "\r\n");
        assertThat(Providers.fromEnvironment(Map.of("OPENAI_API_KEY_FILE", marked.toString())).named("openai").apiKey())
                .contains(SECRET);

        for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
            Path wide = Files.write(folder.resolve("wide"), ("\uFEFF" + SECRET).getBytes(charset));
            assertThatThrownBy(() -> Providers.fromEnvironment(Map.of("OPENAI_API_KEY_FILE", wide.toString())))
                    .as("%s", charset)
                    .hasMessageContaining("OPENAI_API_KEY_FILE").hasMessageContaining("UTF-8").message()
                    .doesNotContain(SECRET);
        }
        Path large = Files.write(folder.resolve("large"), new byte[1 << 20]);
        assertThatThrownBy(() -> Providers.fromEnvironment(Map.of("OPENAI_API_KEY_FILE", large.toString())))
                .hasMessageContaining("larger than a key");
    }

    @Test
    void keyInPlaceOfItsFileOrOfTheApiIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> Providers.fromEnvironment(Map.of("OPENAI_API_KEY_FILE", SECRET)))
                .hasMessageContaining("OPENAI_API_KEY_FILE must name a file").message().doesNotContain(SECRET);
        assertThatThrownBy(() -> Providers.fromEnvironment(
                Map.of("TURNSTREAM_PROVIDER_X_BASE_URL", "http://localhost/v1", "TURNSTREAM_PROVIDER_X_API", SECRET)))
                .hasMessageContaining("a key belongs in ..._API_KEY").message().doesNotContain(SECRET);
    }

    @Test
    void unknownProviderIsNamedWithTheKnownOnes() {
        assertThatThrownBy(() -> Providers.fromEnvironment(Map.of("TURNSTREAM_PROVIDER_SIM_BASE_URL", "http://sim/v1"))
                .named("opneai"))
                .isInstanceOf(UnknownProviderException.class)
                .hasMessage("There is no provider 'opneai'; known are openai, sim");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "https://user:" + SECRET + "@models.example.org/v1",
            "https://" + SECRET + "@models.example.org/v1",
            "https://a:" + SECRET + "@b_c/v1",
            "https://models.example.org/v1?api_key=" + SECRET,
            "https://models.example.org/v1?key=" + SECRET,
            "https://models.example.org/v1?x=1&access%5Ftoken=" + SECRET,
            "https://models.example.org/v1?sig=" + SECRET,
            "https://models.example.org/v1?x=" + SECRET,
            "https://models.example.org/v1#" + SECRET,
            "ftp://models.example.org/" + SECRET,
            "models.example.org/" + SECRET,
            "https:///" + SECRET,
            "https://models example/" + SECRET,
    })
    void urlThatIsNoneOrHoldsACredentialIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> new ProviderSettings("test", ChatApi.OPENAI, url, null))
                .isInstanceOf(InvalidProviderException.class)
                .hasMessageContaining("base URL of provider 'test'")
                .message().doesNotContain(SECRET);
    }

    @Test
    void keyWithWhiteSpaceInItIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> new ProviderSettings("test", ChatApi.OPENAI, "http://localhost/v1", SECRET + " x\ny"))
                .hasMessageContaining("Provider 'test' with its key").message().doesNotContain(SECRET);
    }

    @Test
    void redactorTakesOutKnownKeysAndWhatLooksLikeOne() {
        Redactor redactor = Providers.fromEnvironment(Map.of("OPENAI_API_KEY", "abc+/" + SECRET)).redactor();

        assertThat(redactor
                .line("bad key abc+/" + SECRET + ", url-encoded abc%2B%2F" + SECRET + "\nsk-proj-aaaaaaaaaaaaaaaa "
                        + "Bearer abcdefgh https://me:pw@host/v1 step"))
                .isEqualTo("bad key [redacted], url-encoded [redacted] [redacted] Bearer [redacted] "
                        + "https://[redacted]@host/v1 step");
        assertThat(redactor.line("x".repeat(1000))).hasSize(400);
    }

    @Test
    void wordThatStandsForNoKeyIsTakenOutOfMessagesAndNotOfAnswers() {
        Redactor redactor = Providers.fromEnvironment(Map.of("OPENAI_API_KEY", "test")).redactor();

        assertThat(redactor.withoutKeys("The latest test says so.")).isEqualTo("The latest test says so.");
        assertThat(redactor.line("wrong key: test")).isEqualTo("wrong key: [redacted]");
    }

    @Test
    void keyInThePathOfAnAddressIsTakenOutAndTheNameOfADeploymentIsNot() {
        Redactor redactor = Providers.fromEnvironment(Map.of(
                "OPENAI_API_KEY", SECRET, "OPENAI_BASE_URL",
                "https://gateway.example.org/v1/0123456789abcdef/gpt-4o-2024-08-06-of-ours")).redactor();

        assertThat(
                redactor.line("nothing answers POST /v1/0123456789abcdef/gpt-4o-2024-08-06-of-ours/chat/completions"))
                .isEqualTo("nothing answers POST /v1/[redacted]/gpt-4o-2024-08-06-of-ours/chat/completions");
    }
}
