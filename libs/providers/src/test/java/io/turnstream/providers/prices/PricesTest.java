package io.turnstream.providers.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.contracts.TokenPrice;
import io.turnstream.events.Costs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {

    @TempDir
    private Path folder;

    private Prices prices(String text) throws IOException {
        return Prices.of(Files.writeString(folder.resolve("prices.yaml"), text));
    }

    private static Long cost(Prices prices, String model, long input, long output) {
        TokenPrice price = prices.of(model);
        return price == null ? null : (Long) Costs.nanoUsd(price, input, output);
    }

    @Test
    void tokensCostWhatTheListSays() {
        // 1,000 at 2.50 and 100 at 10.00 USD for a million: 0.0025 + 0.001 = 0.0035 USD
        assertThat(cost(Prices.bundled(), "openai/gpt-4o", 1000, 100)).isEqualTo(3_500_000L);
        assertThat(cost(Prices.bundled(), "openai/gpt-4o-2024-08-06", 1000, 100)).isEqualTo(3_500_000L);
        assertThat(cost(Prices.bundled(), "openai/gpt-4o-mini", 1000, 100)).isEqualTo(210_000L);
    }

    @Test
    void simulatorAsksForNoMoney() {
        assertThat(cost(Prices.bundled(), "sim/contextual@2", 1000, 100)).isZero();
    }

    @Test
    void unknownModelHasAnUnknownPriceAndNotNone() {
        assertThat(cost(Prices.bundled(), "openai/gpt-4o-audio", 1000, 100)).isNull();
    }

    @Test
    void personsFileGoesFirstAndAnExactNameBeforeAPrefix() throws IOException {
        Prices prices = prices("""
            openai/gpt-4o: {input: 1, output: 2}
            vllm/*: {input: 0, output: 0}
            vllm/big*: {input: 3, output: 3}
            "vllm/big-one": {"input": 4, "output": 4}
            """);

        assertThat(cost(prices, "openai/gpt-4o", 1_000_000, 0)).isEqualTo(1_000_000_000L);
        assertThat(cost(prices, "openai/gpt-4o-mini", 1_000_000, 0)).isEqualTo(150_000_000L);
        assertThat(cost(prices, "vllm/Qwen/Qwen3-VL", 1_000_000, 0)).isZero();
        assertThat(cost(prices, "vllm/bigger", 1_000_000, 0)).isEqualTo(3_000_000_000L);
        assertThat(cost(prices, "vllm/big-one", 1_000_000, 0)).isEqualTo(4_000_000_000L);
    }

    @Test
    void fractionsOfANanoAreRoundedUp() throws IOException {
        // 0.0375 USD for a million is 37.5 nano-USD a token
        assertThat(cost(prices("a/b: {input: 0.0375, output: 0}"), "a/b", 1, 0)).isEqualTo(38L);
        assertThat(cost(prices("a/b: {input: 0.0375, output: 0}"), "a/b", 2, 0)).isEqualTo(75L);
    }

    @Test
    void emptyFileAddsNothing() throws IOException {
        assertThat(cost(prices("# nothing yet\n"), "sim/x", 1, 1)).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "a/b: {input: 1}                          | entry 'a/b': expected two numbers",
            "a/b: {input: x, output: 1}               | entry 'a/b': expected two numbers",
            "a/b: 3                                   | entry 'a/b': expected two numbers",
            "a/b: {input: -1, output: 1}              | -1 is no price",
            "a/b: {input: 1, output: 1, cached: 1}    | unknown field 'cached'",
            "gpt: {input: 1, output: 1}               | expected provider/name",
            "[1, 2]                                   | expected one entry a model",
            "a/b: {input: 1                           | neither YAML nor JSON",
    })
    void wrongFileNamesTheEntryAndWhatIsExpected(String text, String expected) {
        assertThatThrownBy(() -> prices(text)).isInstanceOf(InvalidPricesException.class)
                .hasMessageContaining("prices.yaml").hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"@hunter2", "hunter2: &a [*b, *hunter2]", "a: 1\n  hunter2\n b", "\u0000\u0001hunter2",
            "hunter2", "hunter2: 3", "{\"a\": hunter2"})
    void nothingOfAFileThatWasNamedByMistakeIsRepeatedAndNoWordOfAParser(String text) {
        assertThatThrownBy(() -> prices(text)).isInstanceOf(InvalidPricesException.class)
                .hasMessageContaining("prices.yaml").message()
                .doesNotContain("hunter2").doesNotContain("token").doesNotContain("Source").doesNotContain("anchor")
                .doesNotContain("special characters");
    }

    @Test
    void aFileThatIsNoTextIsNamedWithWhatItShouldBe() throws IOException {
        for (byte[] bytes : List.of("a/b: {input: 1, output: 2}".getBytes(StandardCharsets.UTF_16),
                new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xFF, 0})) {
            assertThatThrownBy(() -> Prices.of(Files.write(folder.resolve("prices.yaml"), bytes)))
                    .isInstanceOf(InvalidPricesException.class)
                    .hasMessageContaining("no text in UTF-8");
        }
        assertThatThrownBy(() -> Prices.of(folder)).isInstanceOf(InvalidPricesException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> Prices.of(folder.resolve("none.yaml")))
                .hasMessageContaining("none.yaml").hasMessageContaining("does not exist");
    }
}
