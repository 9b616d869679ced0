package io.turnstream.benchmark.pack;

import io.turnstream.fuzzing.DegenerateTexts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// Packs are other people's files: each is read, or rejected with what is wrong.
class DegeneratePackTest {

    @Test
    void parameters() {
        DegenerateTexts.against(
                List.of("format: 1\n", "name: x\n", "a: ", "a:\n", "&a ", "*a", "- ", "-", "[", "]", "{", "}", "{a: ",
                        ",", ":", "\"", "'", "|", ">\n", "%", "!!", "!!x ",
                        "? ", "<<: ", "#", "\\", "  ", "\n", "\t", "---\n", "...\n", "refusals: {question: [",
                        "&a [*a, *a]", "\ufeff", "1", "0x", "1_0", "~"),
                text -> read(PackFields.FILE, text));
    }

    @Test
    void templates() {
        DegenerateTexts.against(List.of("{{", "}}", "{", "}", " ", "\n", "{{question}}", "{{ question }}",
                "{{transcript}}", "{{options}}", "{{x", "x"), text -> read(PackReader.MCQ, text));
    }

    /// An expression of a pack, over a text of a model.
    @Test
    void refusal_patterns() {
        DegenerateTexts.against(List.of("a", "(", ")", "(a+)+", "(a|a)*", "(.*)*", "a{2}", "{100}", "{9,}", "+", "*",
                "?", "??", "++", "|", "[a-z]", "[^", "]", "\\b", "\\w+", "\\s*", "$", "^", ".",
                "(?=", "(?<!", "\\1", "(?i)", "\\p{L}", "\\Q", "x*x*x*", "&&"), text -> {
                    String expression = text.substring(0, Math.min(text.length(), 60)).replace("'", "");
                    try {
                        PackFields.top(new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode().set("q",
                                new com.fasterxml.jackson.databind.ObjectMapper().createArrayNode().add(expression)),
                                java.util.Set.of("q"))
                                .patterns("q", text.length() % 2 == 0)
                                .forEach(pattern -> pattern.isIn("a".repeat(1_500) + "!" + " x".repeat(1_500)));
                    } catch (InvalidProtocolException e) {
                        // rejected, with what is wrong
                    }
                });
    }

    private static void read(String file, String text) {
        SortedMap<String, byte[]> files = PackTesting.bundledFiles();
        files.put(file, text.substring(0, Math.min(text.length(), 100_000)).getBytes(StandardCharsets.UTF_8));
        try {
            ProtocolPack.of(files);
        } catch (InvalidProtocolException e) {
            // rejected, with what is wrong
        }
    }
}
