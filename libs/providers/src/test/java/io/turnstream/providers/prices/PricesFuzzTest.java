package io.turnstream.providers.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.TokenPrice;
import io.turnstream.fuzzing.DegenerateTexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A price file of any text is read, or refused in words that name it.
class PricesFuzzTest {

    @TempDir
    private Path folder;

    @Test
    void a_price_file_of_any_text_is_read_or_refused() {
        DegenerateTexts.against(List.of("openai/gpt-5-mini", "openai/*", "a/b: ", "{input: 2.50, output: 10.00}",
                "input", "output", ": ", ":\n", "{", "}", "[", "]", "&a ", "*a",
                "[*a, *a]", "<<: ", "!!binary ", "!!x ", "? ", "- ", "|", ">\n", "---\n", "...\n", "%YAML 9\n", "#",
                "\"", "'", "\\", "\n", "  ", "\t", ",", "1e999", "1e-999",
                "1e999999999", "-1", "0x1F", ".inf", ".nan", "~", "1_000", "\uFEFF", "\0", "9"), this::read);
    }

    private void read(String text) {
        try {
            Path file = Files.writeString(folder.resolve("my-prices.yaml"), text.replaceAll("[\ud800-\udfff]", "?"));
            TokenPrice price = Prices.of(file).of("openai/gpt-5-mini");
            assertThat(price).isNotNull();
        } catch (InvalidPricesException e) {
            assertThat(e.getMessage()).contains("my-prices.yaml").doesNotContain("Source:", "com.fasterxml",
                    "snakeyaml");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
