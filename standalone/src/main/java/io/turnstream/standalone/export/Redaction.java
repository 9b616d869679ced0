package io.turnstream.standalone.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/// Takes out of a document what an archive withholds: prompts, answers, explanations and what providers said. Nulls stand in their places.
final class Redaction {

    private static final Set<String> OF_DIALOGUES = Set.of("userTurns", "caption", "text", "firstText", "options", "prompt", "explanation", "error",
            "reasoning");
    private static final String REASON = "reason";

    private Redaction() {}

    /// A dialogue without its texts.
    static JsonNode ofDialogue(JsonNode dialogue) {
        withhold(dialogue, OF_DIALOGUES);
        return dialogue;
    }

    /// A report without what its states quote.
    static JsonNode ofReport(JsonNode report) {
        withhold(report, Set.of(REASON));
        return report;
    }

    private static void withhold(JsonNode node, Set<String> names) {
        switch (node) {
            case ObjectNode object -> object.properties().forEach(field -> {
                if (!names.contains(field.getKey())) {
                    withhold(field.getValue(), names);
                } else if (field.getValue() instanceof ArrayNode texts) {
                    for (int i = 0; i < texts.size(); i++) {
                        texts.setNull(i);
                    }
                } else {
                    field.setValue(object.nullNode());
                }
            });
            case ArrayNode array -> array.forEach(element -> withhold(element, names));
            default -> { /* holds nothing else */ }
        }
    }
}
