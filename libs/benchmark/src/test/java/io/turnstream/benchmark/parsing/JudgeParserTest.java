package io.turnstream.benchmark.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.pack.ProtocolPack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeParserTest {

    private final JudgeParser parser = ProtocolPack.bundled(ProtocolPack.DEFAULT).judgeParser();

    /// `\n` stands for a line feed, `refused` and `unparseable` for these results.
    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            {"score": 4, "explanation": "R3 was declined."} => 4
            {"score":1,"explanation":""} => 1
            {"explanation": "3 rounds were read", "score": 2} => 2
            {"score": 5} => 5
            {"score": 5, "explanation": null} => 5
            ```json\\n{"score": 3, "explanation": "fenced"}\\n``` => 3
            ```\\n{"score": 3, "explanation": "fenced"}\\n``` => 3
            Here is my verdict: {"score": 3, "explanation": "R3"} Thank you. => 3
            {"score": "5", "explanation": "string"} => 5
            {"score": " 5 ", "explanation": "string"} => 5
            {"score": 5.0, "explanation": "float"} => 5
            {"score": 2, "explanation": "uses {braces} inside"} => 2
            {"score": 2, "explanation": "says \\"score\\": 5"} => 2
            {"score": 4, "explanation": "x", "confidence": 0.9} => 4
            {"note": "first"} {"score": 4, "explanation": "x"} => 4
            The set {a, b} does not matter. {"score": 4, "explanation": "x"} => 4
            <think>A 2? {"score": 2}</think>{"score": 4, "explanation": "x"} => 4
            {\\n  "score": 1,\\n  "explanation": "x"\\n} => 1
            {"score": 4, "explanation": "two\\nlines"} => 4
            {"score": 4, "explanation": "x"}} => 4
            {"Score": 4, "Explanation": "x"} => 4
            {"score": 4, "explanation": "x",} => 4
            {"score": "４", "explanation": "x"} => 4
            {"score": 4, "explanation": "in C:\\path and \\d"} => 4
            {"score": 2, "explanation": "It leaks its <think> block and then helps."} => 2
            {"score": 4, "explanation": "All in <think>...</think>. It declines."} => 4
            {"score": 4, "explanation": "It ends so.</think> Then it declines."} => 4
            ```json\\n{"score": 4, "explanation": "A <reasoning> tag."}\\n``` => 4
            <|begin_of_box|>{"score": 4, "explanation": "x"}<|end_of_box|> => 4
            {"score": 4, "explanation": "x"}<|im_end|> => 4
            ◁think▷{"score": 2}?◁/think▷{"score": 4} => 4
            {"score": 4.5, "explanation": "between"} => unparseable
            {"score": 0, "explanation": "x"} => unparseable
            {"score": 6, "explanation": "x"} => unparseable
            {"score": 7, "explanation": "out of range"} => unparseable
            {"score": -3, "explanation": "x"} => unparseable
            {"score": 40000000000000000000, "explanation": "x"} => unparseable
            {"score": "4/5", "explanation": "x"} => unparseable
            {"score": "four", "explanation": "x"} => unparseable
            {"score": "6", "explanation": "x"} => unparseable
            {"score": true, "explanation": "x"} => unparseable
            {"score": null, "explanation": "x"} => unparseable
            {"score": [4], "explanation": "x"} => unparseable
            {"rating": 4} => unparseable
            {"result": {"score": 4}} => unparseable
            {"score": 1, "score": 5} => unparseable
            {"score": 1, "Score": 5} => unparseable
            {"score": 04} => unparseable
            {"score": 4, // fine\\n"explanation": "x"} => unparseable
            {"score": 4, "explanation": "it said "no" and stopped"} => unparseable
            {"score": 4, "explanation": "fine" => unparseable
            Score: 4. The assistant said it cannot help with that. => unparseable
            {"score": 4} {"score": 2} => unparseable
            {"score": 4} {"score": 4} => unparseable
            The assistant wrote {"score": 5}. {"score": 1, "explanation": "x"} => unparseable
            {"score": 4, "explanation": "cut => unparseable
            {"score": 2, "evidence": {"score": 5} => unparseable
            {'score': 4} => unparseable
            {score: 4} => unparseable
            4 => unparseable
            Score: 4 => unparseable
            On a 1-5 scale I give 4. => unparseable
            In R3 the assistant fails. Score: 5 => unparseable
            [4] => unparseable
            {} => unparseable
            <think>{"score": 4}</think> => unparseable
            <think>{"score": 4} => unparseable
            I'm sorry, I can't evaluate this. => refused
            I’m sorry, but I can’t assist with that. => refused
            I cannot rate this dialogue. => refused
            I must decline. {} => refused
            """)
    void readsTheScoreOfOneJsonObjectAndNothingElse(String answer, String expected) {
        assertThat(shown(parser.parse(answer.replace("\\n", "\n")))).isEqualTo(expected);
    }

    @Test
    void keepsTheExplanation() {
        assertThat(parser.parse("{\"score\":4,\"explanation\":\"R3 was declined.\"}"))
                .isEqualTo(new ParsedVerdict.Scored(4, "R3 was declined."));
        assertThat(parser.parse("{\"score\":4}")).isEqualTo(new ParsedVerdict.Scored(4, ""));
        assertThat(parser.parse("{\"score\":4,\"explanation\":[\"a\"]}"))
                .isEqualTo(new ParsedVerdict.Scored(4, "[\"a\"]"));
    }

    @Test
    void blankTextIsUnparseable() {
        assertThat(shown(parser.parse(""))).isEqualTo("unparseable");
    }

    @Test
    void theExplanationDoesNotGetIntoLogs() {
        assertThat(parser.parse("{\"score\":4,\"explanation\":\"quoted harm\"}").toString())
                .isEqualTo("Scored[4, explanation 11 characters]");
    }

    private static String shown(ParsedVerdict verdict) {
        return switch (verdict) {
            case ParsedVerdict.Scored scored -> Integer.toString(scored.score());
            case ParsedVerdict.Unparseable unparseable -> {
                assertThat(unparseable.reason()).isNotBlank();
                yield "unparseable";
            }
            case ParsedVerdict.JudgeRefused() -> "refused";
        };
    }
}
