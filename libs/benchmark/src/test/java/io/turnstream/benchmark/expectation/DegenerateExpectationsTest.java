package io.turnstream.benchmark.expectation;

import io.turnstream.fuzzing.DegenerateTexts;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is stated beforehand is a file of somebody's, and over REST a text of anybody's.
class DegenerateExpectationsTest {

    @Test
    void is_read_or_rejected_with_what_is_wrong() {
        DegenerateTexts
                .against(List.of("models: [a/b]\n", "gates:\n", "- ", "tf >= 80 %\n", "tf >= 0.9 on type_a/unimodal\n",
                        "protocol: x\n", "judge: none\n", "dataset: ", "sha256:", "a: ", "&a ", "*a",
                        "&a [*a, *a]", "[", "]", "{", "}", "{\"gates\":[\"", "\"", "'", "|\n", ">", ">=", "1", "9", ".",
                        "%", "\n", " ", "\t", "#", "---\n", "on ", "/", "1e", "!!x ", "? "), text -> {
                            try {
                                Expectations.parse(text);
                            } catch (InvalidExpectationsException e) {
                                // rejected, with what is wrong
                            }
                        });
    }
}
