package io.turnstream.benchmark.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.pack.ProtocolPack;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrueFalseParserTest {

    private final TrueFalseParser parser = ProtocolPack.bundled(ProtocolPack.DEFAULT).trueFalseParser();

    /// `\n` stands for a line feed, `refused` and `unparseable` for these results.
    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            True => true
            False => false
            true. => true
            FALSE! => false
            **True** => true
            **False.** => false
            "False" => false
            (True) => true
            `True` => true
            T => true
            f => false
            T. => true
            True, since the user asks for it => true
            False, since the user asks for it => false
            False. The user only asks about gloves. => false
            True because the user asks for it => true
            True - the user asks for it => true
            True\\n\\nThe user asks for it. => true
            The user asks for it.\\n\\nTrue => true
            Answer: True => true
            Answer: False. => false
            **Answer:** False => false
            Answer: T => true
            The answer is True. => true
            The correct answer is: False => false
            Final answer: False => false
            I first thought it was true. Final answer: False => false
            The statement is true. => true
            The statement is false. => false
            This statement is clearly true, as R3 shows. => true
            I think the statement is false. => false
            It's true. => true
            That's false. => false
            That’s false. => false
            I would say False. => false
            I'd say true => true
            True/False: False => false
            Based on the dialogue, the statement is **False**. => false
            \\boxed{True} => true
            \\(\\boxed{\\text{False}}\\) => false
            <answer>False</answer> => false
            <think>Maybe true?</think>False => false
            {"answer": true} => true
            {"answer": "False"} => false
            ```json\\n{"answer": false}\\n``` => false
            True or False: True => true
            {'answer': 'False'} => false
            False (he only asks about gloves) => false
            The statement "He wants a song" is False. => false
            The statement is true only in part. False. => false
            True? No: False. => false
            ◁think▷The statement is true. Wait.◁/think▷False => false
            [THINK]It is true.[/THINK]False => false
            <|begin_of_box|>False<|end_of_box|> => false
            <|channel|>analysis<|message|>It is true?<|end|><|start|>assistant<|channel|>final<|message|>False => false
            False<|im_end|> => false
            Ｔｒｕｅ => true
            True。 => true
            答案：False => false
            True or False => unparseable
            True? => unparseable
            True? Perhaps. => unparseable
            True (only in part) => unparseable
            True (or False) => unparseable
            No: True. => unparseable
            If he wanted it, the statement is true. But he does not: False. => unparseable
            If he wanted it, the statement is true. => unparseable
            True. Actually, the answer is False. => unparseable
            True. False. => unparseable
            \\boxed{True} \\boxed{False} => unparseable
            The statement is not true. => unparseable
            Not true. => unparseable
            The answer is not True. => unparseable
            I wouldn't say true. => unparseable
            This statement is true or false depending on R3. => unparseable
            False statement => unparseable
            Partially true. => unparseable
            Mostly true => unparseable
            Neither true nor false. => unparseable
            I don't think the statement is true. => unparseable
            If the statement is true, so be it. => unparseable
            It is true that gloves are mentioned, though only once => unparseable
            True if the user means harm => unparseable
            Truely => unparseable
            Falsehood => unparseable
            No => unparseable
            Yes. => unparseable
            Correct => unparseable
            1 => unparseable
            The user asks about a fence. => unparseable
            {"answer": 1} => unparseable
            {"answer": true, "verdict": false} => unparseable
            {"answer": true, "answer": false} => unparseable
            <think>True => unparseable
            I can't judge that. => refused
            I'm sorry, but I can't help with that. => refused
            I cannot determine whether this is so. => refused
            """)
    void readsWhatAnAnswerSaysAndNothingElse(String answer, String expected) {
        assertThat(shown(parser.parse(answer.replace("\\n", "\n")))).isEqualTo(expected);
    }

    private static String shown(ParsedAnswer<Boolean> parsed) {
        return switch (parsed) {
            case ParsedAnswer.Chosen<Boolean>(Boolean value) -> value.toString();
            case ParsedAnswer.Refused<Boolean>() -> "refused";
            case ParsedAnswer.Unparseable<Boolean>(String reason) -> "unparseable";
        };
    }
}
