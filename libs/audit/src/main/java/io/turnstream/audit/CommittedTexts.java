package io.turnstream.audit;

import io.turnstream.audit.Difference.Kind;
import io.turnstream.contracts.Text;
import io.turnstream.events.Texts;
import io.turnstream.messaging.EventHeaders;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/// Every [Text] of an event, wherever it stands in it.
final class CommittedTexts {

    private static final String TEXT = Text.getClassSchema().getFullName();

    private CommittedTexts() {}

    /// Checks that each text is what its commitment says.
    static void check(LoggedEvent event, Tally tally) {
        tally.countEvent(event.type());
        forEach(event.written(), record -> {
            Text text = textOf(record);
            if (text.getText() == null && text.getSalt() == null) {
                tally.count(Tally.WITHHELD);
                requireMark(event, text, tally);
                return;
            }
            tally.count(Tally.TEXTS);
            if (!Texts.holds(text)) {
                throw new DifferenceFound(Kind.CHANGED, event.place(),
                        "a text of this " + event.type() + " is not the one it was committed to",
                        "a text with the commitment " + text.getCommitment(),
                        "another text of " + length(text) + " characters");
            }
        });
    }

    private static void requireMark(LoggedEvent event, Text text, Tally tally) {
        if (EventHeaders.isRedacted(event.headers())) {
            return;
        }
        if (!EventHeaders.isImported(event.headers())) {
            throw new DifferenceFound(Kind.CHANGED, event.place(),
                    "a text of this " + event.type() + " is withheld, but the record is not marked redacted",
                    "the text with the commitment " + text.getCommitment(), "none");
        }
        tally.countUnmarked();
    }

    /// Takes every text and its salt out of an event, in place; the commitments, and so the event's digest, stay.
    static void withhold(GenericRecord event) {
        forEach(event, record -> {
            record.put("salt", null);
            record.put("text", null);
        });
    }

    private static void forEach(Object value, Consumer<GenericRecord> reader) {
        switch (value) {
            case GenericRecord record when record.getSchema().getFullName().equals(TEXT) -> reader.accept(record);
            case GenericRecord record -> {
                for (Schema.Field field : record.getSchema().getFields()) {
                    forEach(record.get(field.pos()), reader);
                }
            }
            case Collection<?> items -> items.forEach(item -> forEach(item, reader));
            case null, default -> {
                /* nothing that holds a text */ }
        }
    }

    private static Text textOf(GenericRecord record) {
        Object text = record.get("text");
        return new Text(record.get("commitment").toString(), (ByteBuffer) record.get("salt"),
                text == null ? null : text.toString());
    }

    private static int length(Text text) {
        return text.getText() == null ? 0 : text.getText().length();
    }
}
