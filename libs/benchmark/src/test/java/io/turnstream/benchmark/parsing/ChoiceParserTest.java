package io.turnstream.benchmark.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.Outcome;
import io.turnstream.benchmark.pack.ProtocolPack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceParserTest {

    private static final List<String> OPTIONS = List.of("Planning a photo of the scene", "Finding a way past the fence",
            "A checklist for the morning round", "Estimating a repair budget");

    private final ChoiceParser parser = ProtocolPack.bundled(ProtocolPack.DEFAULT).choiceParser();

    /// `\n` stands for a line feed, `refused` and `unparseable` for these results.
    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            B => B
            b => B
            B. => B
            b. => B
            (b) => B
            (B) => B
            [B] => B
            "B" => B
            **B** => B
            **B.** => B
            *B* => B
            `B` => B
            __B__ => B
            ~### B~ => B
            - B => B
            > B => B
            B) => B
            B) because the user says so => B
            B. Finding a way past the fence => B
            B: Finding a way past the fence => B
            B - Finding a way past the fence => B
            B.Finding a way past the fence => B
            B Finding a way past the fence => B
            **B) Finding a way past the fence** => B
            (B) Finding a way past the fence => B
            Option B => B
            Option B: Finding a way past the fence => B
            Finding a way past the fence => B
            "Finding a way past the fence." => B
            finding a way past the FENCE => B
            A checklist for the morning round => C
            Answer: A checklist for the morning round => C
            Answer: B => B
            Answer: b => B
            answer is b. => B
            Answer: (B) => B
            Answer: **B** => B
            **Answer:** B => B
            Answer:\\nB => B
            The answer is B => B
            The answer is A because the user says so => A
            The correct answer is C. => C
            The correct answer is: C => C
            The best option is D. => D
            The correct option is (d) => D
            The answer is option C. => C
            The answer is clearly D, as the budget comes up. => D
            I would choose B. => B
            I'd go with (B). => B
            I choose option D because it fits => D
            B is the correct answer. => B
            Option D is correct. => D
            (C) is the best answer => C
            \\boxed{B} => B
            $\\boxed{B}$ => B
            \\(\\boxed{\\text{B}}\\) => B
            The reasoning is long. \\boxed{C} => C
            <answer>B</answer> => B
            <think>It could be A or C.</think>B => B
            <think>Answer: A</think>\\n\\nAnswer: D => D
            It could be A, I think.</think>B => B
            {"answer":"B"} => B
            {'answer': 'B'} => B
            {B} => B
            I'd say C. => C
            It should be D => D
            It must be option D. => D
            Between A and C, C is the better match. => C
            B번 => B
            C번입니다. => C
            정답은 B번입니다 => B
            1. B => B
            B\\n\\nA: Planning a photo of the scene is not it. => B
            <|begin_of_box|>B<|end_of_box|> => B
            Not A. <|begin_of_box|>B<|end_of_box|> => B
            ◁think▷The answer is A? No.◁/think▷C => C
            [THINK]The answer is A, perhaps.[/THINK]C => C
            <seed:think>A? No.</seed:think>C => C
            <|channel|>analysis<|message|>The answer is A?<|end|><|start|>assistant<|channel|>final<|message|>C => C
            analysisThe answer may be A.assistantfinalC => C
            The answer is <think>A? no</think> C. => C
            C<|im_end|> => C
            C</s> => C
            C\\0 => C
            Even if he jokes, the answer is C. => C
            {"answer": "B) Finding a way past the fence", "why": "r3"} => B
            ```json\\n{"answer": "B"}\\n``` => B
            ```\\nB\\n``` => B
            Ｂ => B
            Ⓑ => B
            Ｂ。 => B
            答案：B => B
            答案是B。 => B
            正解はBです。 => B
            정답은 B입니다. => B
            答案是B，因为用户说了 => B
            The answer is C, not A. => C
            The answer is B (not A). => B
            The answer is D rather than A => D
            Answer B => B
            Correct Answer - B => B
            It's B. => B
            It is definitely (B). => B
            B best describes the user's goal. => B
            Option D best fits what the user asks. => D
            The user's goal is best described by option B. => B
            **Answer: B) Finding a way past the fence** => B
            Answer: B\\n\\nA) wrong\\nC) wrong\\nD) wrong => B
            B\\n\\nA is wrong, and C is not correct. => B
            C. None of the others fit. => C
            选B => B
            Réponse : B => B
            La respuesta es B. => B
            Die Antwort ist B. => B
            Ответ: B => B
            A) Planning\\nB) Finding\\nC) A checklist\\nD) Estimating\\nAnswer: D => D
            First, A and C do not fit. Final answer: B => B
            B\\n\\nThe user wants to get past the fence. => B
            The user wants to get past the fence.\\n\\nB => B
            It is not A. The answer is B. => B
            B. A is wrong because nobody takes a photo. => B
            I'm sorry, but if I must: Answer: B => B
            If he wanted a photo, the answer is A. => unparseable
            If he wanted a photo, the answer would be A. But he asks for money: D. => unparseable
            If he wanted a photo, the answer would be A. The answer is D. => D
            1. B\\n2. C => unparseable
            В => unparseable
            The fence is in the way, so B => unparseable
            User's goal: B => unparseable
            A, , , , , , , , , , , , => unparseable
            The answer is B. <think>Or A? => unparseable
            A) Planning B) Finding C) A checklist D) Estimating => unparseable
            A: not this. B: this. => unparseable
            Option B fits better than option A. => unparseable
            The answer could be B => unparseable
            I don't think it's B. => unparseable
            It is a trap. => unparseable
            It is A user's question. => unparseable
            B, C, and D are wrong, so A => unparseable
            A or B => unparseable
            A, B => unparseable
            A and D => unparseable
            A/B => unparseable
            (A) or (B) => unparseable
            The answer is A or B. => unparseable
            The answer is A and D => unparseable
            Both A and D seem plausible => unparseable
            A\\nB => unparseable
            A) Planning\\nB) Finding\\nC) A checklist\\nD) Estimating => unparseable
            B. The answer is C. => unparseable
            {"answer":["A","B"]} => unparseable
            {"answer":"A","choice":"B"} => unparseable
            {"answer":"A","answer":"B"} => unparseable
            {"score": 3} => unparseable
            \\boxed{A} \\boxed{B} => unparseable
            It is not A but A => unparseable
            Not A. => unparseable
            I don't think the answer is A. => unparseable
            The answer is not B. => unparseable
            B is wrong. => unparseable
            The answer is B is wrong => unparseable
            B? => unparseable
            None of the above => unparseable
            A user asks about a fence. => unparseable
            The answer is a difficult one. => unparseable
            Answer: A plan of some kind => unparseable
            A-frame ladders stand there. => unparseable
            A.I. was used. => unparseable
            A's the thing => unparseable
            Dangerous. => unparseable
            Bad question => unparseable
            E => unparseable
            Answer: F => unparseable
            2 => unparseable
            Option 2 => unparseable
            A. Finding a way past the fence => unparseable
            <think>The answer is B => unparseable
            <think>B</think> => unparseable
            {"answer": "B => unparseable
            ? => unparseable
            I cannot answer that. => refused
            I can't answer that question. => refused
            I can’t help with that. => refused
            I'm sorry, but I can't assist with that request. => refused
            I am unable to answer A or any other option. => refused
            As an AI, I cannot choose between these. => refused
            I must decline. => refused
            I cannot choose between option A and option B. => refused
            I can't help with that. A better option is to call the staff. => refused
            Sorry, that violates our policy. => refused
            <think>B seems right.</think>I won't answer this. => refused
            """)
    void readsTheLetterThatAnAnswerNamesAndNothingElse(String answer, String expected) {
        assertThat(shown(parser.parse(answer.replace("\\n", "\n").replace("\\0", "\0"), OPTIONS))).isEqualTo(expected);
    }

    @Test
    void blankTextIsUnparseable() {
        assertThat(parser.parse(" \n", OPTIONS).outcome()).isEqualTo(Outcome.ANSWER_UNPARSEABLE);
    }

    @Test
    void optionsWithTheSameWordingNameNothing() {
        assertThat(shown(parser.parse("The same.", List.of("The same", "the same", "Other")))).isEqualTo("unparseable");
    }

    @Test
    void lettersReachAsFarAsTheOptions() {
        List<String> six = List.of("one", "two", "three", "four", "five", "six");
        assertThat(shown(parser.parse("F", six))).isEqualTo("F");
        assertThat(shown(parser.parse("Answer: G", six))).isEqualTo("unparseable");
    }

    @Test
    void withoutRefusalPatternsARefusalIsUnparseable() {
        assertThat(new ChoiceParser(List.of()).parse("I cannot answer that.", OPTIONS).outcome())
                .isEqualTo(Outcome.ANSWER_UNPARSEABLE);
    }

    @Test
    void everyResultHasItsOutcome() {
        assertThat(parser.parse("B", OPTIONS).outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(parser.parse("I cannot answer that.", OPTIONS).outcome()).isEqualTo(Outcome.MODEL_REFUSED);
    }

    @Test
    void aQuestionWithoutOptionsIsAnError() {
        assertThatThrownBy(() -> parser.parse("A", List.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 options");
    }

    @Test
    void aTextThatIsLongerThanAnyAnswerIsUnparseable() {
        assertThat(shown(parser.parse("Answer: B" + " and so on".repeat(4_000), OPTIONS))).isEqualTo("unparseable");
        assertThat(shown(parser.parse("<think>" + "and so on ".repeat(20_000) + "</think>Answer: B", OPTIONS)))
                .isEqualTo("B");
    }

    private static String shown(ParsedAnswer<?> parsed) {
        return switch (parsed) {
            case ParsedAnswer.Chosen<?>(Object value) -> value.toString();
            case ParsedAnswer.Refused<?>() -> "refused";
            case ParsedAnswer.Unparseable<?>(String reason) -> {
                assertThat(reason).isNotBlank();
                yield "unparseable";
            }
        };
    }
}
