package io.turnstream.loader.reading;

import io.turnstream.events.Texts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps the first thing that is wrong with the fields of one row while it is read. A row with a fault is rejected:
/// what cannot be read as it was meant is never altered in silence.
public final class FieldFaults {

    private static final String LAYOUT = "write the field in the layout of docs/datasets.md";

    private @Nullable Fault first;

    private record Fault(String field, String problem, String expected, String remedy) {}

    /// A field holds something else than it should.
    public void otherThan(String expected, String field, String found) {
        note(field, found, expected, LAYOUT);
    }

    /// A field that holds an id, which is not one.
    ///
    /// @param found such as `the id is larger than an int32 holds`
    public void noId(String found) {
        note("id", found, "a whole number of 32 bits, -2147483648 to 2147483647",
                "give each row of a split an id of its own in that range");
    }

    /// The bytes of a text are no text.
    public void notUtf8(String field) {
        note(field, "the text is not UTF-8", "text in UTF-8", "write the column again as text in UTF-8");
    }

    /// Takes a text, if it has no half characters: they have no form in UTF-8 and would be recorded as question marks.
    public String whole(String field, String text) {
        if (!Texts.isWhole(text)) {
            note(field, "the text holds half a character (a surrogate without its other half)", "whole characters",
                    "write the text again from its source");
        }
        return text;
    }

    /// The rejection of the row, if something is wrong with it.
    public Optional<RowRejection> rejection(RowRejection.Place place) {
        return Optional.ofNullable(first)
                .map(fault -> place.rejectRow(fault.field(), fault.problem(), fault.expected(), fault.remedy()));
    }

    private void note(String field, String problem, String expected, String remedy) {
        if (first == null) {
            first = new Fault(field, problem, expected, remedy);
        }
    }
}
