package io.turnstream.importer.reading;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.LeftOut.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Whether a record belongs to the file it stands in: folder and file name say split, modality and intent, and so does
/// the record.
final class Cells {

    private Cells() {}

    /// Why a record does not belong here; empty where it does, or does not say.
    static Optional<LeftOut> foreign(JsonNode record, Split split, Modality modality, Intent intent, Part what,
            Place place) {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("split", split.wireName());
        expected.put("modality", modality.wireName());
        expected.put("intent_variant", intent.wireName());
        for (Map.Entry<String, String> entry : expected.entrySet()) {
            JsonNode said = record.path(entry.getKey());
            if (said.isTextual() && !said.textValue().equals(entry.getValue())) {
                return Optional.of(place.without(what, entry.getKey(),
                        "the record is of another " + entry.getKey() + " than its file",
                        entry.getValue(), "move the record to the file it belongs to"));
            }
        }
        return Optional.empty();
    }
}
