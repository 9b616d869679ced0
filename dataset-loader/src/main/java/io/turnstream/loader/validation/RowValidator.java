package io.turnstream.loader.validation;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.StepKind;
import io.turnstream.events.AnswerBounds;
import io.turnstream.events.ForeignNames;
import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RawRow.RawMcq;
import io.turnstream.loader.reading.RawRow.RawSide;
import io.turnstream.loader.reading.RawRow.RawTf;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowRejection.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decides whether a row can be run.
///
/// A row is rejected as a whole if it has no id, split or image, or if a turn that the selection needs is empty, so
/// that twins and modalities stay balanced. A bad question is rejected alone: the rest of its row runs. Only what the
/// selection needs is looked at. Whether an image can be decoded shows when it is prepared.
public final class RowValidator {

    private static final int FEWEST_OPTIONS = 2;
    private static final int MOST_OPTIONS = 7;
    /// Most characters of a side's questions together: with the dialogue's turns and answers they travel in one record.
    private static final int MOST_QUESTION_CHARACTERS = 1 << 20;
    private static final String MOST_BYTES = "at most " + AnswerBounds.MOST_BYTES + " bytes of UTF-8";
    private static final String SHORTEN = "shorten it, or leave it out of the data set";
    private static final String COMPLETE = "complete the row, or leave it out of the data set";
    private static final String CORRECT = "correct the question, or leave it out of the data set";

    private final Set<Modality> modalities;
    private final Set<Intent> intents;

    /// @param modalities those that are run
    /// @param intents those that are run
    public RowValidator(Set<Modality> modalities, Set<Intent> intents) {
        this.modalities = Set.copyOf(modalities);
        this.intents = Set.copyOf(intents);
    }

    /// The row, if it can be run.
    ///
    /// @param rejections takes the reason if it cannot be run, and what is left out of it if it can
    public Optional<Row> validate(RawRow raw, Consumer<RowRejection> rejections) {
        Place place = raw.place();
        Integer id = raw.id();
        Split split = raw.split();
        RawImage image = raw.image();
        if (id == null) {
            rejections.accept(place.rejectRow("id", "the id is missing or no int32", "a whole number", COMPLETE));
            return Optional.empty();
        }
        if (split == null) {
            rejections.accept(place.rejectRow("split",
                    "the split is missing or unknown, or the row says another one than its file's name",
                    splitNames(), "name the file type_a*.. or type_b*.., or add a field split"));
            return Optional.empty();
        }
        if (image == null || image.bytes() == null || image.bytes().length == 0) {
            rejections.accept(place.rejectRow("image", problemOf("the image", image), "a PNG or JPEG image", COMPLETE));
            return Optional.empty();
        }
        List<RowRejection> ofParts = new ArrayList<>();
        Map<Modality, Row.Side> sides = new EnumMap<>(Modality.class);
        for (Modality modality : modalities) {
            RawSide side = raw.sides().get(modality);
            Map<Intent, List<String>> turns = new EnumMap<>(Intent.class);
            for (Intent intent : intents) {
                Turns found = Turns.of(side, intent);
                if (found.missingField() != null) {
                    rejections.accept(place.rejectRow(modality.wireName() + "_dialogue." + found.missingField(),
                            "the user turn is empty", found.expected(), COMPLETE));
                    return Optional.empty();
                }
                if (found.texts().stream().anyMatch(AnswerBounds::exceeds)) {
                    rejections.accept(place.rejectRow(modality.wireName() + "_dialogue", "a user turn is too long",
                            MOST_BYTES, SHORTEN));
                    return Optional.empty();
                }
                turns.put(intent, found.texts());
            }
            List<Question> questions = questions(side, modality.wireName(), place, ofParts);
            if (questions.stream().mapToLong(RowValidator::characters).sum() > MOST_QUESTION_CHARACTERS) {
                rejections.accept(place.rejectRow(modality.wireName() + "_mcq", "the questions are too long together",
                        "at most " + MOST_QUESTION_CHARACTERS + " characters in all questions and options", SHORTEN));
                return Optional.empty();
            }
            sides.put(modality, new Row.Side(turns, questions));
        }
        SortedMap<Integer, RawImage> variants = variants(raw, place, ofParts);
        ofParts.forEach(rejections);
        return Optional.of(new Row(place, split, id, image, variants, sides));
    }

    /// The three user turns of a dialogue: where the safe or unsafe form of r1 or r3 is empty, r1 or r3 itself stands
    /// in.
    private record Turns(List<String> texts, @Nullable String missingField, String expected) {

        private static Turns of(RawSide side, Intent intent) {
            List<String> texts = new ArrayList<>();
            for (String round : List.of("r1", "r2", "r3")) {
                boolean hasForms = !round.equals("r2");
                String field = hasForms ? intent.wireName() + "_" + round : round;
                String text = side.turn(field).isBlank() ? side.turn(round) : side.turn(field);
                if (text.isBlank()) {
                    return new Turns(List.of(), field,
                            hasForms ? "a text in " + field + ", or in " + round + " for both intents" : "a text");
                }
                texts.add(text);
            }
            return new Turns(List.copyOf(texts), null, "");
        }
    }

    private List<Question> questions(RawSide side, String modality, Place place, List<RowRejection> rejections) {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < side.mcq().size(); i++) {
            String field = modality + "_mcq[" + i + "]";
            mcq(side.mcq().get(i), i, field, place, rejections)
                    .filter(question -> intents.contains(question.intent()))
                    .ifPresent(questions::add);
        }
        // True/false statements are asked about the unsafe dialogue.
        if (intents.contains(Intent.UNSAFE)) {
            for (int i = 0; i < side.tf().size(); i++) {
                tf(side.tf().get(i), i, modality + "_tf[" + i + "]", place, rejections).ifPresent(questions::add);
            }
        }
        return questions;
    }

    private static Optional<Question> mcq(RawMcq raw, int index, String field, Place place,
            List<RowRejection> rejections) {
        Optional<Intent> intent = intentOf(raw.questionType());
        int options = raw.options().size();
        if (intent.isEmpty() || !ForeignNames.isName(raw.questionType())) {
            return reject(rejections, place.rejectQuestion(field + ".question_type",
                    "the question type is " + word(raw.questionType()),
                    "one word that begins with safe or unsafe", CORRECT));
        }
        if (raw.question().isBlank()) {
            return reject(rejections,
                    place.rejectQuestion(field + ".question", "the question is empty", "a text", CORRECT));
        }
        if (options < FEWEST_OPTIONS || options > MOST_OPTIONS) {
            return reject(rejections, place.rejectQuestion(field + ".options", "there are " + options + " options",
                    FEWEST_OPTIONS + " to " + MOST_OPTIONS + " options", CORRECT));
        }
        if (raw.options().stream().anyMatch(String::isBlank)) {
            return reject(rejections,
                    place.rejectQuestion(field + ".options", "an option is empty", "a text for each option", CORRECT));
        }
        if (AnswerBounds.exceeds(raw.question()) || raw.options().stream().anyMatch(AnswerBounds::exceeds)) {
            return reject(rejections,
                    place.rejectQuestion(field, "the question or an option is too long", MOST_BYTES, SHORTEN));
        }
        String letters = "ABCDEFG".substring(0, options);
        if (raw.groundTruth().length() != 1 || !letters.contains(raw.groundTruth())) {
            return reject(rejections, place.rejectQuestion(field + ".ground_truth",
                    "the ground truth is " + word(raw.groundTruth()),
                    "the letter of an option, A to " + letters.charAt(options - 1), CORRECT));
        }
        return Optional.of(new Question("mcq-" + index, StepKind.MCQ, intent.get(), raw.questionType(), raw.question(),
                raw.options(), raw.groundTruth()));
    }

    private static Optional<Question> tf(RawTf raw, int index, String field, Place place,
            List<RowRejection> rejections) {
        Boolean truth = raw.groundTruth();
        if (raw.question().isBlank()) {
            return reject(rejections,
                    place.rejectQuestion(field + ".question", "the statement is empty", "a text", CORRECT));
        }
        if (AnswerBounds.exceeds(raw.question())) {
            return reject(rejections,
                    place.rejectQuestion(field + ".question", "the statement is too long", MOST_BYTES, SHORTEN));
        }
        if (truth == null) {
            return reject(rejections, place.rejectQuestion(
                    field + ".ground_truth", "the ground truth is missing or no boolean", "true or false", CORRECT));
        }
        return Optional.of(new Question("tf-" + index, StepKind.TF, Intent.UNSAFE, "tf", raw.question(), List.of(),
                truth.toString()));
    }

    private static long characters(Question question) {
        return question.text().length() + question.options().stream().mapToLong(String::length).sum();
    }

    private static Optional<Intent> intentOf(String questionType) {
        return Arrays.stream(Intent.values())
                .filter(intent -> questionType.startsWith(intent.wireName()))
                .findFirst();
    }

    private static Optional<Question> reject(List<RowRejection> rejections, RowRejection rejection) {
        rejections.add(rejection);
        return Optional.empty();
    }

    private static SortedMap<Integer, RawImage> variants(RawRow raw, Place place, List<RowRejection> rejections) {
        SortedMap<Integer, RawImage> usable = new TreeMap<>();
        for (int i = 0; i < raw.variantImages().size(); i++) {
            RawImage variant = raw.variantImages().get(i);
            if (variant.bytes() == null || variant.bytes().length == 0) {
                rejections.add(place.warn("variant_images[" + i + "]",
                        problemOf("the variant image", variant) + ": this variant is left out", "a PNG or JPEG image",
                        COMPLETE));
            } else {
                usable.put(i + 1, variant);
            }
        }
        return usable;
    }

    private static String problemOf(String what, @Nullable RawImage image) {
        if (image == null) {
            return what + " is missing";
        }
        return what + pathOf(image) + (image.problem() == null ? " is empty" : " cannot be used: " + image.problem());
    }

    /// The path, where it is one: a field that holds something else than it should can hold any text of the data set.
    private static String pathOf(RawImage image) {
        String path = image.path();
        return path.isEmpty()
                ? ""
                : ForeignNames.isName(path) ? " '" + path + "'" : " (a path of " + path.length() + " characters)";
    }

    /// A value as it stands, if it is a word. What is longer can be a prompt or an answer in the wrong place, and is
    /// not repeated: what is wrong with a row is told where texts are withheld, too.
    private static String word(String value) {
        return value.matches("[\\p{Alnum}\\p{Punct}]{0,16}")
                ? "'" + value + "'"
                : "a text of " + value.length() + " characters";
    }

    private static String splitNames() {
        return Arrays.stream(Split.values()).map(Split::wireName).collect(Collectors.joining(" or "));
    }
}
