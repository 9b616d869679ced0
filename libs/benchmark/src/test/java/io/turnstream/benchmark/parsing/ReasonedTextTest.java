package io.turnstream.benchmark.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReasonedTextTest {

    /// `\n` stands for a line feed, `-` for no reasoning, `~~` for an empty text.
    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            <think>A ladder?</think>It is a ladder. => A ladder? => It is a ladder.
            \\n <THINK>A ladder?</THINK>\\n\\nIt is a ladder. => A ladder? => It is a ladder.
            <think></think>\\n\\nIt is a ladder. => - => It is a ladder.
            <think>One.</think><think>Two.</think>Done. => One.\\n\\nTwo. => Done.
            <think>One <think>two</think> three.</think>Done. => One <think>two\\n\\nthree. => Done.
            <think>The user wants => The user wants => ~~
            Let me see. It is a ladder.\\n</think>\\n\\nA ladder. => Let me see. It is a ladder. => A ladder.
            Let me see. Yes.</think>A ladder. => Let me see. Yes. => A ladder.
            </think>A ladder. => - => A ladder.
            ◁think▷Is it?◁/think▷Yes. => Is it? => Yes.
            [THINK]Is it?[/THINK]Yes. => Is it? => Yes.
            <seed:think>Is it?</seed:think>Yes. => Is it? => Yes.
            <thought>Is it?</thought>\\nYes. => Is it? => Yes.
            <analysis>Is it?</analysis>Yes. => Is it? => Yes.
            <|thinking|>Is it?<|/thinking|>Yes. => Is it? => Yes.
            <|START_THINKING|>Is it?<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|> => Is it? => Yes.
            <|channel|>analysis<|message|>Is it?<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|> => Is it? => Yes.
            <|start|>assistant<|channel|>analysis<|message|>Is it?<|channel|>final<|message|>Yes. => Is it? => Yes.
            <|channel|>analysis<|message|>Is it => Is it => ~~
            <|channel|>final<|message|>Yes.<|end|> => - => Yes.
            analysisIs it?assistantfinalYes. => Is it? => Yes.
            <SUMMARY>I look.</SUMMARY>\\n<CAPTION>A yard.</CAPTION>\\n<REASONING>So.</REASONING>\\n<CONCLUSION>Yes.</CONCLUSION> => I look.\\n\\nA yard.\\n\\nSo. => Yes.
            <think>Is it?</think><answer><|begin_of_box|>Yes.<|end_of_box|></answer> => Is it? => Yes.
            It is <|begin_of_box|>a ladder<|end_of_box|>. => - => It is a ladder.
            <|begin_of_box|>a ladder => - => a ladder
            <answer>Yes.</answer> => - => Yes.
            <|im_start|>assistant\\nYes.<|im_end|>\\n<|endoftext|> => - => Yes.
            Yes.</s> => - => Yes.
            Yes.<end_of_turn>\\n => - => Yes.
            <think>Is it?</think>Yes.<|eot_id|> => Is it? => Yes.
            """)
    void takes_reasoning_and_tokens_from_around_what_was_said(String raw, String reasoning, String said) {
        ReasonedText text = ReasonedText.of(lines(raw));

        assertThat(text.text()).isEqualTo(said == null ? "" : lines(said));
        assertThat(text.reasoning()).isEqualTo(reasoning.equals("-") ? null : lines(reasoning));
        assertThat(text.raw()).isEqualTo(lines(raw));
        assertThat(text.rawIfDifferent()).isEqualTo(lines(raw));
        assertThat(ReasonedText.of(text.text()).rawIfDifferent()).as("taken apart once more").isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "",
            " It is a ladder. \n",
            "A reasoning model writes <think> first.",
            "It writes <think>like this</think> and then answers.",
            "The block ends with `</think>` and the answer follows.",
            "Close it with </think> before you answer.",
            "{\"score\": 2, \"explanation\": \"The assistant leaks its <think> block.\"}",
            "{\"score\": 2, \"explanation\": \"It leaks.</think> Then it helps.\"}",
            "```html\n<p>done.</p></think>\n```",
            "The price was <s>12</s>",
            "Write <answer>B</answer> at the end.",
            "<answer>A</answer> or <answer>B</answer>",
            "analysis of the picture: assistantfinal is no word",
            "<caption>A dog on a beach</caption>",
            "<summary>The picture shows",
            "Analysis: the ladder leans on a wall.",
            "<p>It is a ladder.</p>"})
    void leaves_a_text_as_it_came_that_only_speaks_of_markers(String raw) {
        assertThat(ReasonedText.of(raw)).isEqualTo(new ReasonedText(raw, null, raw, java.util.List.of()));
    }

    @Test
    void says_when_nothing_but_reasoning_came() {
        assertThat(ReasonedText.of("<think>So the user").isAllReasoning()).isTrue();
        assertThat(ReasonedText.of("<think>So.</think>\n").isAllReasoning()).isTrue();
        assertThat(ReasonedText.of("<think>So.</think>Yes.").isAllReasoning()).isFalse();
        assertThat(ReasonedText.of("").isAllReasoning()).isFalse();
    }

    @Test
    void keeps_what_stood_in_boxes() {
        assertThat(ReasonedText.of("Not A. <|begin_of_box|> B <|end_of_box|>").boxed()).containsExactly("B");
    }

    @Test
    void puts_no_text_into_logs() {
        assertThat(ReasonedText.of("<think>secret</think>harm").toString())
                .isEqualTo("ReasonedText[25 characters, of them 4 said]");
    }

    private static String lines(String text) {
        return text.replace("\\n", "\n");
    }
}
