package io.turnstream.benchmark.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.fuzzing.DegenerateTexts;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Models end in repetitions without end; no parser may take for ever over one, or break.
class DegenerateTextsTest {

    private static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);
    private static final List<String> OPTIONS = List.of("Planning a photo of the scene", "Finding a way past the fence",
            "A checklist for the morning round", "Estimating a repair budget");

    private static final List<String> PROSE = List.of("=", ",", "A", "B ", "a", "b.", " ", "\n", "\n\n", "\u2028",
            "\u00a0", "\t", ".", "?", ":", ";", "-", "\u2014",
            "(", ")", "((", "[", "]", "\"", "'", "`", "```\n", "*", "**", "_", "_a", "#", "> ", "$", "{", "}", "\\",
            "\\boxed{", "\\text{", "\\text{B}", "<answer>",
            "</answer>", "I choose ", "I'd say ", "answer is ", "the answer is ", "Answer: ", "Answer:", "Final answer",
            "final ", "option ", "option B ", "or ", "and ", "A or B ",
            "A, ", "not ", "n't ", "if ", "it's ", "it is ", "B is ", "B is correct ", "is ", "to this question ", "答案",
            "是", "은", "번", "true ", "false ", "True", "False.",
            "True? ", "true or ", "no: ", "the statement is ", "the statement \"", "statement ", "that's ", "because ",
            "T", "1. ", "A) ", "B: ",
            "Planning a photo of the scene", "Finding ", "I can't ", "I'm sorry ", "cannot x x x ", "as an ai ",
            "\u0301", "\ufb03", "\ud83d", "\u200b");
    private static final List<String> MARKERS = List.of("<think>", "</think>", "<think>a</think>", "\u25c1think\u25b7",
            "\u25c1/think\u25b7", "[THINK]", "[/THINK]",
            "<|channel|>analysis<|message|>", "<|end|>", "<|start|>assistant", "<|channel|>final<|message|>",
            "<|begin_of_box|>", "<|end_of_box|>", "<|im_end|>",
            "</s>", "<s>", "<|", "<", "analysis", "assistantfinal", "<reasoning>", "</reasoning>", "<response>",
            "</response>", ".</think>", " </think> ", "\0");
    private static final List<String> JSON = List.of("{\"score\": 4}", "{\"score\":", "{\"a\":", "{", "}", "[", "]",
            "{}", "{\"", "\"", "\\", "\\\"", "\\u", ",", ":", "4", "0", "9", ".",
            "1e9", "-", "true", "null", "{ ", "{\n", "{score:", "\"score\"", "score: ", "score ", "rating_", "//", "/*",
            "{\"answer\":", "{'answer':'B'}");

    @Test
    void choices() {
        ChoiceParser parser = PACK.choiceParser();
        DegenerateTexts.against(both(PROSE, MARKERS), text -> assertThat(parser.parse(text, OPTIONS)).isNotNull());
    }

    @Test
    void statements() {
        TrueFalseParser parser = PACK.trueFalseParser();
        DegenerateTexts.against(both(PROSE, MARKERS), text -> assertThat(parser.parse(text)).isNotNull());
    }

    @Test
    void verdicts() {
        JudgeParser parser = PACK.judgeParser();
        DegenerateTexts.against(both(JSON, MARKERS), text -> assertThat(parser.parse(text)).isNotNull());
    }

    @Test
    void objects_for_answers() {
        DegenerateTexts.against(JSON, text -> {
            assertThat(PACK.choiceParser().parse(text, OPTIONS)).isNotNull();
            assertThat(PACK.trueFalseParser().parse('{' + text + '}')).isNotNull();
        });
    }

    @Test
    void reasoning() {
        DegenerateTexts.against(both(MARKERS, List.of("a", "A. ", "\n", "`", "{")), text -> {
            ReasonedText taken = ReasonedText.of(text);
            assertThat(taken.text().length()).isLessThanOrEqualTo(text.length());
            assertThat(taken.outsideBlocks()).isNotNull();
        });
    }

    @Test
    void published_parsers() {
        DegenerateTexts.against(both(JSON, PROSE), text -> {
            ReferenceParsers.choice(text);
            ReferenceParsers.trueFalse(text);
            ReferenceParsers.judgeScore(text);
        });
    }

    /// Those that were seen to break the parsers of before.
    @Test
    void repetitions_that_once_broke_the_parsers() {
        for (String text : List.of("Answer:" + "=".repeat(1_200), "A" + ",".repeat(2_000), "I choose ".repeat(7_000),
                "I choose ".repeat(40_000))) {
            DegenerateTexts.with(text, broken -> assertThat(PACK.choiceParser().parse(broken, OPTIONS))
                    .isInstanceOf(ParsedAnswer.Unparseable.class));
            DegenerateTexts.with(text, broken -> assertThat(PACK.trueFalseParser().parse(broken))
                    .isInstanceOf(ParsedAnswer.Unparseable.class));
        }
    }

    private static List<String> both(List<String> one, List<String> other) {
        return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
    }
}
