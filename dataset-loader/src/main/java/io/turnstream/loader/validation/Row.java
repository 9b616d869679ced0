package io.turnstream.loader.validation;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RowRejection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A row that can be run.
///
/// @param place where it stands, for messages
/// @param image the row's own image, with bytes
/// @param variantImages its usable variants by their number in the data set, 1..; empty unless they were asked for
/// @param sides what is run of it, by modality
public record Row(
        RowRejection.Place place,
        Split split,
        int id,
        RawImage image,
        SortedMap<Integer, RawImage> variantImages,
        Map<Modality, Side> sides) {

    public Row {
        variantImages = Collections.unmodifiableSortedMap(new TreeMap<>(variantImages));
        sides = Map.copyOf(sides);
    }

    @Override
    public String toString() {
        return "Row[" + split.wireName() + "/" + id + "]";
    }

    /// One modality of a row.
    ///
    /// @param turns the three user turns, by intent
    /// @param questions in the order of the data set, of all intents that are run
    public record Side(Map<Intent, List<String>> turns, List<Question> questions) {

        /// User turns of a dialogue.
        public static final int TURNS = 3;

        public Side {
            turns = Map.copyOf(turns);
            questions = List.copyOf(questions);
            turns.forEach((intent, texts) -> {
                if (texts.size() != TURNS) {
                    throw new IllegalArgumentException(intent + " dialogue with " + texts.size() + " turns");
                }
            });
        }

        @Override
        public String toString() {
            return "Side[" + turns.keySet() + ", " + questions.size() + " questions]";
        }
    }
}
