package io.turnstream.importer.reading;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import java.util.Comparator;

/// Which dialogue of a recorded run.
public record DialogueKey(Split split, int rowId, Modality modality, Intent intent) implements Comparable<DialogueKey> {

    private static final Comparator<DialogueKey> ORDER = Comparator.comparing(DialogueKey::split)
            .thenComparing(DialogueKey::rowId)
            .thenComparing(DialogueKey::modality)
            .thenComparing(DialogueKey::intent);

    @Override
    public int compareTo(DialogueKey other) {
        return ORDER.compare(this, other);
    }

    /// `type_a/12/multimodal/unsafe`
    @Override
    public String toString() {
        return split.wireName() + '/' + rowId + '/' + modality.wireName() + '/' + intent.wireName();
    }
}
