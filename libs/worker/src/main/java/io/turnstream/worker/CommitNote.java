package io.turnstream.worker;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a worker writes beside a committed offset, for whoever has the partition next.
///
/// @param answersFrom the offset in the partition of answers before which nothing answers a request that is not
///        committed; -1 where that is not known
/// @param calling how far behind the committed offset those requests stand whose calls an owner had under way when it
///        gave the partition away, and goes on with
record CommitNote(long answersFrom, Set<Long> calling) {

    /// What is known where nothing was written, or by an older version.
    static final CommitNote NONE = new CommitNote(-1, Set.of());

    /// A broker refuses more than 4,096 bytes (`offset.metadata.max.bytes`). A call that is not named is made again.
    private static final int MOST_CHARACTERS = 4_000;
    private static final Pattern FORM = Pattern.compile("1 answers=(\\d{1,18})(?: calling=([\\d,-]+))?");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    CommitNote {
        calling = Set.copyOf(calling);
    }

    /// Reads what [#text] wrote; of anything else nothing is known.
    static CommitNote of(@Nullable String text) {
        Matcher form = FORM.matcher(text == null ? "" : text);
        if (!form.matches()) {
            return NONE;
        }
        Set<Long> calling = new HashSet<>();
        Matcher range = RANGE.matcher(form.group(2) == null ? "" : form.group(2));
        while (range.find()) {
            long first = Long.parseLong(range.group(1));
            long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
            for (long offset = first; offset <= last && calling.size() < MOST_CHARACTERS; offset++) {
                calling.add(offset);
            }
        }
        return new CommitNote(Long.parseLong(form.group(1)), calling);
    }

    /// One line, short enough for a broker: `1 answers=120 calling=0-7,12`.
    String text() {
        if (answersFrom < 0) {
            return "";
        }
        StringBuilder text = new StringBuilder("1 answers=").append(answersFrom);
        String between = " calling=";
        Iterator<Long> offsets = new TreeSet<>(calling).iterator();
        Long next = offsets.hasNext() ? offsets.next() : null;
        while (next != null && text.length() < MOST_CHARACTERS) {
            long first = next;
            long last = first;
            next = offsets.hasNext() ? offsets.next() : null;
            while (next != null && next == last + 1) {
                last = next;
                next = offsets.hasNext() ? offsets.next() : null;
            }
            text.append(between).append(first);
            if (last > first) {
                text.append('-').append(last);
            }
            between = ",";
        }
        return text.toString();
    }
}
