package io.turnstream.benchmark.parsing;

import com.google.re2j.PatternSyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A regular expression of a protocol pack, searched for in what a model wrote, without regard to case. Both are other
/// people's: the expression must not be able to make the search last, nor the text.
public sealed interface RefusalPattern {

    /// Whether it is found anywhere in a text.
    boolean isIn(String text);

    /// An expression that is searched for in time that grows with the text's length only.
    ///
    /// @param expression RE2's syntax: Java's without look-around, back references and possessive quantifiers
    /// @throws IllegalArgumentException if it is not written so, with what is wrong
    static RefusalPattern linear(String expression) {
        return Linear.of(expression);
    }

    /// Any expression of Java's, as packs could hold them before: given up as not found once the search takes too many
    /// steps or goes too deep.
    ///
    /// @throws java.util.regex.PatternSyntaxException if it is none
    static RefusalPattern bounded(String expression) {
        return new Bounded(Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
    }

    /// Searched for by an automaton.
    record Linear(com.google.re2j.Pattern pattern) implements RefusalPattern {

        /// An automaton has this many states for each character of its expression, repetitions written out.
        private static final long MOST_REPETITIONS = 20_000;
        private static final Pattern COUNTED = Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

        static Linear of(String expression) {
            long repetitions = 1;
            for (Matcher counted = COUNTED.matcher(expression); counted.find();) {
                String most = counted.group(2) == null || counted.group(2).isEmpty()
                        ? counted.group(1)
                        : counted.group(2);
                repetitions = Math.min(repetitions * Math.max(1, Long.parseLong(most)), MOST_REPETITIONS + 1);
            }
            if (repetitions > MOST_REPETITIONS) {
                throw new IllegalArgumentException("its repetitions multiply to more than " + MOST_REPETITIONS);
            }
            try {
                return new Linear(
                        com.google.re2j.Pattern.compile(expression, com.google.re2j.Pattern.CASE_INSENSITIVE));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(e.getDescription() + ": " + e.getPattern(), e);
            }
        }

        @Override
        public boolean isIn(String text) {
            return pattern.matcher(text).find();
        }
    }

    /// Searched for by trying, step by step.
    record Bounded(Pattern pattern) implements RefusalPattern {

        private static final int MOST_STEPS = 2_000_000;
        private static final int LONGEST = 2_000;

        @Override
        public boolean isIn(String text) {
            try {
                return pattern.matcher(new Counted(text.substring(0, Math.min(text.length(), LONGEST)), new int[1]))
                        .find();
            } catch (TooManySteps | StackOverflowError e) {
                // how deep a search goes is its expression's doing, too
                return false;
            }
        }

        private record Counted(String text, int[] steps) implements CharSequence {

            @Override
            public char charAt(int index) {
                if (++steps[0] > MOST_STEPS) {
                    throw new TooManySteps();
                }
                return text.charAt(index);
            }

            @Override
            public int length() {
                return text.length();
            }

            @Override
            public CharSequence subSequence(int start, int end) {
                return new Counted(text.substring(start, end), steps);
            }

            /// As a text has it: patterns with groups ask for it.
            @Override
            public String toString() {
                return text;
            }
        }

        private static final class TooManySteps extends RuntimeException {

            private static final long serialVersionUID = 1L;

            TooManySteps() {
                super("too many steps", null, false, false);
            }
        }
    }
}
