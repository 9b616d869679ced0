package io.turnstream.messaging;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The records that no service could read or handle, for people: which there are, what one holds, and sending one back.
public interface DeadLetterDesk {

    /// A dead letter. Copies of it, which repeated deliveries leave, count as one.
    ///
    /// @param id names it: the offset of its first copy among the dead letters
    /// @param topic where the record stands
    /// @param offset its offset there
    /// @param at when it was laid aside
    /// @param service who could not read or handle it
    /// @param reason why
    /// @param key the record's key
    /// @param bytes how long its value is; -1 for a tombstone
    /// @param copies how often it was laid aside
    /// @param replays where and when it was sent back
    record Letter(
            long id, String topic, int partition, long offset, Instant at, String service, String reason,
            @Nullable String key, int bytes,
            int copies, List<Replay> replays) {

        public Letter {
            replays = List.copyOf(replays);
        }

        /// `topic[partition]@offset`.
        public String place() {
            return topic + '[' + partition + "]@" + offset;
        }

        /// With every text of it passed through something that takes secrets out.
        public Letter scrubbed(UnaryOperator<String> scrub) {
            return new Letter(id, scrub.apply(topic), partition, offset, at, scrub.apply(service), scrub.apply(reason),
                    key == null ? null : scrub.apply(key), bytes, copies, replays);
        }
    }

    /// One sending back.
    ///
    /// @param offset of the new record, in the topic and partition of the old one
    record Replay(Instant at, long offset) {}

    /// A dead letter with what it holds, in characters that do no harm in a terminal.
    ///
    /// @param headers the record's own, by name
    /// @param event full name of the event, where the value could be read so far
    /// @param value the event as JSON, or else its characters; the beginning of long ones
    /// @param hex the first bytes of a value that is no event
    record Opened(Letter letter, Map<String, String> headers, @Nullable String event, @Nullable String value,
            @Nullable String hex) {

        public Opened {
            headers = Map.copyOf(headers);
        }

        /// With every text of it passed through something that takes secrets out.
        public Opened scrubbed(UnaryOperator<String> scrub) {
            Map<String, String> clean = new TreeMap<>();
            headers.forEach((name, header) -> clean.put(scrub.apply(name), scrub.apply(header)));
            String text = value == null ? null : scrub.apply(value);
            // bytes whose characters hold a secret would show it as well
            return new Opened(letter.scrubbed(scrub), clean, event, text, Objects.equals(text, value) ? hex : null);
        }
    }

    /// It cannot be sent back, or not without a word more: what stands in the way and what to do.
    final class ReplayRefusedException extends RuntimeException {

        private final String what;
        private final String remedy;

        ReplayRefusedException(String what, String remedy) {
            super(what + ". " + remedy);
            this.what = what;
            this.remedy = remedy;
        }

        public String what() {
            return what;
        }

        public String remedy() {
            return remedy;
        }
    }

    /// All of them, the oldest first.
    List<Letter> letters();

    /// One of them.
    ///
    /// @return empty if there is none of that id
    Optional<Opened> open(long id);

    /// Sends the record back to where it came from: same partition, key, bytes and headers, as a new record that its
    /// readers read anew.
    ///
    /// @param again whether it may have been sent back before
    /// @return the letter with this replay; empty if there is none of that id
    /// @throws ReplayRefusedException if it was sent back before, or its reader takes no second record
    Optional<Letter> replay(long id, boolean again);
}
