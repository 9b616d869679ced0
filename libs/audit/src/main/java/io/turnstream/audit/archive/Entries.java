package io.turnstream.audit.archive;

import io.turnstream.audit.RunEvents;
import io.turnstream.events.Topics;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The names of the files in an archive:
///
/// ```
/// events/turnstream.runs/0.jsonl          a partition's events of the run, one per line
/// schemas/<SHA-256 fingerprint>.avsc      the schemas they were written with
/// images/<SHA-256>                        the prepared images that were sent
/// packs/<digest>/<path>                   the protocol packs
/// manifest.json                           what the archive is, and the SHA-256 of every other file; the last
/// ```
///
/// Any other name is refused. Nothing is ever unpacked under the name that an archive gives it.
final class Entries {

    static final String MANIFEST = "manifest.json";

    private static final Pattern EVENTS = Pattern
            .compile("events/(turnstream\\.[a-z-]{1,40})/(0|[1-9]\\d{0,4})\\.jsonl");
    private static final Pattern SCHEMA = Pattern.compile("schemas/([0-9a-f]{64})\\.avsc");
    private static final Pattern IMAGE = Pattern.compile("images/([0-9a-f]{64})");
    private static final Pattern PACK = Pattern
            .compile("packs/([0-9a-f]{64})/((?:[A-Za-z0-9_-][A-Za-z0-9._-]*/){0,6}[A-Za-z0-9_-][A-Za-z0-9._-]*)");

    private Entries() {}

    /// A file of a protocol pack.
    record PackFile(String digest, String path) {}

    static String events(Topics topic, int partition) {
        return "events/" + topic.topicName() + '/' + partition + ".jsonl";
    }

    static String schema(String fingerprint) {
        return "schemas/" + fingerprint + ".avsc";
    }

    static String image(String sha256) {
        return "images/" + sha256;
    }

    static String packFile(String digest, String path) {
        return "packs/" + digest + '/' + path;
    }

    static boolean isKnown(String name) {
        return name.equals(MANIFEST) || isEvents(name) || SCHEMA.matcher(name).matches() || imageIn(name) != null
                || packFileIn(name).isPresent();
    }

    private static boolean isEvents(String name) {
        Matcher events = EVENTS.matcher(name);
        return events.matches() && topicNamed(events.group(1)).isPresent();
    }

    /// The partition whose events a file holds; -1 if it holds none of a topic keyed by dialogue.
    static int partitionOfDialoguesIn(String name) {
        Matcher events = EVENTS.matcher(name);
        boolean ofDialogues = events.matches()
                && topicNamed(events.group(1)).filter(topic -> topic.keyed() != Topics.Keyed.BY_RUN).isPresent();
        return ofDialogues ? Integer.parseInt(events.group(2)) : -1;
    }

    static @Nullable String schemaIn(String name) {
        Matcher schema = SCHEMA.matcher(name);
        return schema.matches() ? schema.group(1) : null;
    }

    static @Nullable String imageIn(String name) {
        Matcher image = IMAGE.matcher(name);
        return image.matches() ? image.group(1) : null;
    }

    static Optional<PackFile> packFileIn(String name) {
        Matcher file = PACK.matcher(name);
        return file.matches() ? Optional.of(new PackFile(file.group(1), file.group(2))) : Optional.empty();
    }

    static Optional<Topics> topicNamed(String topicName) {
        return Stream.concat(RunEvents.BY_RUN.stream(), RunEvents.BY_DIALOGUE.stream())
                .filter(topic -> topic.topicName().equals(topicName))
                .findFirst();
    }
}
