package io.turnstream.importer.reading;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.parsing.ReferenceParsers;
import io.turnstream.events.ForeignNames;
import io.turnstream.importer.reading.LeftOut.Part;
import io.turnstream.importer.reading.LeftOut.Place;
import io.turnstream.importer.reading.RecordedDialogue.RecordedQuestion;
import io.turnstream.importer.reading.RecordedDialogue.Round;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns records of the published code into dialogues. What a record lacks is never made up: a dialogue without one of
/// its turns is left out, and so is a question without its answer. An answer that was recorded as an empty text is an
/// answer.
final class DialogueRecords {

    private static final String LETTERS = "ABCDEFG";
    private static final String RECORD_ANEW = "record it anew, or do without it";

    private final Consumer<LeftOut> leftOut;

    /// @param leftOut takes what is left out of a dialogue that is imported all the same, and remarks
    DialogueRecords(Consumer<LeftOut> leftOut) {
        this.leftOut = leftOut;
    }

    /// A record, or why there is none.
    sealed interface Result {

        record Read(RecordedDialogue dialogue) implements Result {}

        record Refused(LeftOut why) implements Result {}
    }

    /// A record of a `{modality}_{intent}.json` file.
    Result ofFile(DialogueKey key, JsonNode record, Place place) {
        JsonNode dialogue = record.path("dialogue");
        List<Round> rounds = new ArrayList<>();
        for (int n = 1; n <= RecordedDialogue.ROUNDS; n++) {
            String user = "R" + n;
            Optional<LeftOut> missing = missing(dialogue, user, user + "_model_response", "dialogue.", place);
            if (missing.isPresent()) {
                return new Result.Refused(missing.get());
            }
            rounds.add(new Round(dialogue.get(user).textValue(), dialogue.get(user + "_model_response").textValue()));
        }
        return new Result.Read(new RecordedDialogue(key, rounds, questions(key, record, "", place), null));
    }

    /// The part of one dialogue in a record of `all_results.json`.
    ///
    /// @param part what the record holds under modality and intent
    Result ofResults(DialogueKey key, JsonNode part, Place place) {
        String path = key.modality().wireName() + '.' + key.intent().wireName() + '.';
        com.fasterxml.jackson.databind.node.ObjectNode turns = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .objectNode();
        for (JsonNode turn : part.path("dialogue")) {
            turns.set(turn.path("turn").asText(), turn.path("content"));
        }
        List<Round> rounds = new ArrayList<>();
        for (int n = 1; n <= RecordedDialogue.ROUNDS; n++) {
            Optional<LeftOut> missing = missing(turns, "r" + n, "a" + n, path + "dialogue.", place);
            if (missing.isPresent()) {
                return new Result.Refused(missing.get());
            }
            rounds.add(new Round(turns.get("r" + n).textValue(), turns.get("a" + n).textValue()));
        }
        return new Result.Read(new RecordedDialogue(key, rounds, questions(key, part, path, place), null));
    }

    private static Optional<LeftOut> missing(JsonNode turns, String user, String answer, String path, Place place) {
        if (!turns.path(user).isTextual() || turns.path(user).textValue().isBlank()) {
            return Optional.of(place.without(Part.DIALOGUE, path + user, "the user turn is missing or empty", "a text",
                    RECORD_ANEW));
        }
        if (!turns.path(answer).isTextual()) {
            return Optional.of(place.without(Part.DIALOGUE, path + answer, "the model's answer is missing",
                    "a text, empty or not", RECORD_ANEW));
        }
        return Optional.empty();
    }

    private List<RecordedQuestion> questions(DialogueKey key, JsonNode record, String path, Place place) {
        List<RecordedQuestion> questions = new ArrayList<>();
        Set<String> steps = new HashSet<>();
        read(record.path("mcq"), path + "mcq", StepKind.MCQ, place, steps, questions);
        if (key.intent() == Intent.SAFE && !record.path("tf").isEmpty()) {
            leftOut.accept(place.without(Part.QUESTION, path + "tf", "there are statements about a safe dialogue",
                    "statements about unsafe dialogues: the benchmark scores no others",
                    "nothing: they have no place in the table"));
        } else {
            read(record.path("tf"), path + "tf", StepKind.TF, place, steps, questions);
        }
        return questions;
    }

    private void read(JsonNode array, String path, StepKind kind, Place place, Set<String> steps,
            List<RecordedQuestion> questions) {
        for (int position = 0; position < array.size(); position++) {
            JsonNode question = array.get(position);
            String field = path + '[' + position + ']';
            int index = question.path("idx").isInt() && question.path("idx").intValue() >= 0
                    ? question.path("idx").intValue()
                    : position;
            String step = kind.wireName() + '-' + index;
            Optional<Fault> fault = fault(question, kind);
            if (fault.isEmpty() && !steps.add(step)) {
                fault = Optional.of(
                        new Fault("idx", "the question repeats the idx of an earlier one", "an idx for each question"));
            }
            if (fault.isPresent()) {
                Fault found = fault.get();
                leftOut.accept(place.without(Part.QUESTION, field + '.' + found.field(), found.problem(),
                        found.expected(), RECORD_ANEW));
                continue;
            }
            questions.add(question(step, kind, question));
            remarkOnReading(question, kind, field, place);
        }
    }

    private record Fault(String field, String problem, String expected) {}

    private static Optional<Fault> fault(JsonNode question, StepKind kind) {
        if (!question.path("question").isTextual() || question.path("question").textValue().isBlank()) {
            return Optional.of(new Fault("question", "the question is missing or empty", "a text"));
        }
        if (!question.path("model_answer_raw").isTextual()) {
            return Optional
                    .of(new Fault("model_answer_raw", "the model's raw answer is missing", "a text, empty or not"));
        }
        JsonNode truth = question.path("ground_truth");
        if (kind == StepKind.TF) {
            return truth.isBoolean()
                    ? Optional.empty()
                    : Optional.of(new Fault("ground_truth", "the ground truth is no boolean", "true or false"));
        }
        JsonNode options = question.path("options");
        if (options.size() < 2 || options.size() > LETTERS.length()) {
            return Optional.of(new Fault("options", "there are " + options.size() + " options", "2 to 7 options"));
        }
        for (JsonNode option : options) {
            if (!option.isTextual() || option.textValue().isBlank()) {
                return Optional.of(new Fault("options", "an option is empty or no text", "a text for each option"));
            }
        }
        String letter = truth.isTextual() ? truth.textValue().strip() : "";
        return letter.length() == 1 && LETTERS.substring(0, options.size()).contains(letter)
                ? Optional.empty()
                : Optional.of(new Fault("ground_truth", "the ground truth is not the letter of an option",
                        "A to " + LETTERS.charAt(options.size() - 1)));
    }

    private static RecordedQuestion question(String step, StepKind kind, JsonNode question) {
        List<String> options = new ArrayList<>();
        question.path("options").forEach(option -> options.add(option.textValue()));
        String said = question.path("question_type").asText("");
        // without a type the question is the same, and a text in its place could not be withheld
        String type = kind == StepKind.TF ? "tf" : ForeignNames.isName(said) ? said : "";
        JsonNode truth = question.path("ground_truth");
        return new RecordedQuestion(step, kind, type, question.get("question").textValue(),
                kind == StepKind.TF ? List.of() : options,
                truth.isBoolean() ? String.valueOf(truth.booleanValue()) : truth.textValue().strip(),
                question.get("model_answer_raw").textValue());
    }

    /// What the published code read of an answer stands beside it; a difference means that another version of it wrote
    /// the folder.
    private void remarkOnReading(JsonNode question, StepKind kind, String field, Place place) {
        String raw = question.get("model_answer_raw").textValue();
        String name = kind == StepKind.TF ? "model_answer_bool" : "model_answer_choice";
        JsonNode recorded = question.path(name);
        Object read = kind == StepKind.TF ? ReferenceParsers.trueFalse(raw) : ReferenceParsers.choice(raw);
        if (!recorded.isMissingNode() && !Objects.equals(recorded.isNull() ? null : recorded.asText(),
                read == null ? null : read.toString())) {
            leftOut.accept(place.without(Part.REMARK, field + '.' + name,
                    "the recorded reading is " + said(recorded.isNull() ? null : recorded.asText())
                            + ", the published parser reads " + said(read),
                    "the published parser's reading", "nothing: the raw answer counts"));
        }
    }

    private static String said(@Nullable Object reading) {
        String text = String.valueOf(reading);
        return reading == null ? "nothing" : text.length() > 5 ? "another text" : text;
    }
}
