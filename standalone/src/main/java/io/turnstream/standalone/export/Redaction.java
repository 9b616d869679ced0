package io.turnstream.standalone.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.events.ForeignNames;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes out of a document what an archive withholds: prompts, answers, explanations and what providers said. Nulls
/// stand in their places, and in those of texts that an earlier version took for names.
final class Redaction {

    private static final Set<String> OF_DIALOGUES = Set.of("userTurns", "caption", "text", "firstText", "options",
            "prompt", "explanation", "error",
            "reasoning");
    private static final String REASON = "reason";
    private static final Set<String> NAMES = Set.of("finishReason", "servedModel", "systemFingerprint", "modelsServed",
            "judgesServed", "questionType");

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

    /// A rejection that quotes nothing but names.
    static JsonNode ofRejection(JsonNode rejection) {
        if (rejection instanceof ObjectNode object && !ForeignNames.quotesNamesAlone(object.path("problem").asText())) {
            object.putNull("problem");
        }
        return rejection;
    }

    /// A name as it is; null for a text in the place of one.
    static @Nullable String name(@Nullable String said) {
        return said == null || said.isEmpty() || ForeignNames.isAdmitted(said) ? said : null;
    }

    private static void withhold(JsonNode node, Set<String> names) {
        switch (node) {
            case ObjectNode object -> object.properties().forEach(field -> {
                if (NAMES.contains(field.getKey())) {
                    field.setValue(named(field.getValue(), object));
                } else if (!names.contains(field.getKey())) {
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
            default -> {
                /* holds nothing else */ }
        }
    }

    private static JsonNode named(JsonNode said, ObjectNode within) {
        if (said instanceof ArrayNode all) {
            ArrayNode names = within.arrayNode();
            all.forEach(one -> names.add(name(one.textValue())));
            return names;
        }
        return said.isTextual() && name(said.textValue()) == null ? within.nullNode() : said;
    }
}
