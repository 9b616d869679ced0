package io.turnstream.audit;

import java.util.Locale;

/// Something in a log that is not as it must be.
///
/// @param kind what kind of difference it is
/// @param place the record that is wrong or, where one is missing, the record that proves it
/// @param problem what is wrong
/// @param expected what would be right
/// @param found what is there instead
public record Difference(Kind kind, Place place, String problem, String expected, String found) {

    /// Kinds of differences, with what each means to somebody who relies on the run and what is to be done.
    public enum Kind {
        /// A record holds something else than was recorded.
        CHANGED("A record holds something else than what was recorded: it was edited, or its disk is damaged.",
                Kind.COMPARE),
        /// A record is gone.
        MISSING("A record that must be there is gone: it was deleted, or the log was cut off or restored from an older copy.",
                Kind.COMPARE),
        /// A record is there that nothing led to, or that stands there twice.
        ADDED("A record is there that the platform did not write at that place: somebody added or repeated it.",
                Kind.COMPARE),
        /// Records stand in an order in which they cannot have been written.
        MOVED("Records stand in an order in which they cannot have been written: somebody moved them.", Kind.COMPARE),
        /// Two records say different things about the same.
        CONTRADICTION(
                "Two records that agree in every untouched log do not: one of them was edited, added or replaced.",
                Kind.COMPARE),
        /// A seal is not over what was accepted.
        SEAL("The seal was made over something else than what the log holds: accepted events, or the seal, were replaced.",
                Kind.COMPARE),
        /// A seal's signature is missing, broken or another's.
        SIGNATURE(
                "The seal is not what the operator signed: it was made anew without the operator's key, or the key is not the one that "
                        + "this run was signed with.",
                "Make sure that the public key is the operator's and was in use when the run ended. If it was, rely on nothing in this log."),
        /// No seal has the root that was kept elsewhere.
        ROOT("The log is consistent in itself, but it is not the one whose root was kept: all of it was written anew with its seals, or the "
                + "root is that of another run.",
                "Make sure that the root belongs to this run. If it does, rely on nothing in this log; a backup or an archive with that root holds "
                        + "what was recorded."),
        /// There is no seal that anything could be proven against.
        UNSEALED("There is no seal that this could be proven against: runs are sealed when they end.",
                "Wait until the run has ended. If it had, its seal was deleted."),
        /// A record is no event.
        UNREADABLE(
                "A record cannot be read: its bytes were damaged or replaced, or a newer version of Turnstream wrote it.",
                Kind.COMPARE);

        private static final String COMPARE = "Do not rely on the run's figures. Leave the log as it is, and compare it with a backup or an archive of "
                + "the run: there the record is as it was.";

        private final String meaning;
        private final String remedy;

        Kind(String meaning, String remedy) {
            this.meaning = meaning;
            this.remedy = remedy;
        }

        /// What a difference of this kind means, for people.
        public String meaning() {
            return meaning;
        }

        /// What is to be done about it, for people.
        public String remedy() {
            return remedy;
        }

        /// The name in JSON, such as `changed`.
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return place + ": " + problem + " (expected " + expected + ", found " + found + ')';
    }
}
