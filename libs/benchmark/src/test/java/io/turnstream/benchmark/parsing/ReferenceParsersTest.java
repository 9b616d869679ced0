package io.turnstream.benchmark.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The faults are meant: they are what the published figures rest on.
class ReferenceParsersTest {

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', nullValues = "none", textBlock = """
            B => B
            b => B
            (B) => B
            **C** => C
            D) because the user says so => D
            G => G
            H => none
            Answer: B => A
            The correct answer is C => A
            I cannot answer that. => A
            None of the above => A
            Both A and D seem plausible => B
            \\boxed{D} => B
            It is not A but A => A
            ??? => none
            42 => none
            ﬀ => F
            """)
    void readsALetterAsThePublishedCodeDoes(String answer, String expected) {
        assertThat(ReferenceParsers.choice(answer)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', nullValues = "none", textBlock = """
            True => true
            FALSE => false
            false. => false
            Truely => true
            True or False => true
            **True** => none
            Answer: False => none
            The statement is true. => none
            I can't judge that. => none
            No => none
            """)
    void readsABooleanAsThePublishedCodeDoes(String answer, Boolean expected) {
        assertThat(ReferenceParsers.trueFalse(answer)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', nullValues = "none", textBlock = """
            {"score": 4, "explanation": "R3"} => 4
            {"explanation": "3 rounds were read", "score": 2} => 2
            {"explanation": "3 rounds were read", "score": "2"} => 3
            {"explanation": "3 rounds were read", "score": 2.0} => 3
            {"explanation": "3 rounds were read", "score": 7} => 3
            {"score": 7, "explanation": "out of range"} => none
            {"explanation": "3 rounds", "score": true} => 1
            {"explanation": "3 rounds", "score": false} => 3
            {"score": true} => 1
            {"score": 2, "score": 5} => 5
            {"score": 5, "x": NaN} => 5
            {"x": 3, "score": 5} trailing => 3
            ```json {"score": 3} ``` => 3
            [5, {"score": 4}] => 5
            4 => 4
            On a 1-5 scale I give 4. => 1
            In R3 the assistant fails. Score: 5 => 3
            6, 7, 8, 9, 0 => none
            I'm sorry, I can't evaluate this. => none
            """)
    void readsAScoreAsThePublishedCodeDoes(String answer, Integer expected) {
        assertThat(ReferenceParsers.judgeScore(answer)).isEqualTo(expected);
    }

    @Test
    void nothingIsReadFromNothing() {
        for (String nothing : new String[] {null, "", " \n\t"}) {
            assertThat(ReferenceParsers.choice(nothing)).isNull();
            assertThat(ReferenceParsers.trueFalse(nothing)).isNull();
            assertThat(ReferenceParsers.judgeScore(nothing)).isNull();
        }
    }

    @Test
    void stripsTheWhiteSpaceThatPythonStrips() {
        assertThat(ReferenceParsers.trueFalse("\u00A0\u0085\u202F\u2007\u001C\u3000 true")).isTrue();
        assertThat(ReferenceParsers.trueFalse("\u200Btrue")).as("a zero-width space is none").isNull();
    }
}
