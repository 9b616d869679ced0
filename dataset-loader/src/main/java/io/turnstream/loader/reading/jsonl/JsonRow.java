package io.turnstream.loader.reading.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.loader.reading.FieldFaults;
import io.turnstream.loader.reading.JsonFault;
import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RawRow.RawMcq;
import io.turnstream.loader.reading.RawRow.RawSide;
import io.turnstream.loader.reading.RawRow.RawTf;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One row of a JSON-lines file, read field by field.
final class JsonRow {

    /// Largest image file that is read, in bytes. The validation has a limit of its own; this one spares the memory.
    private static final long LARGEST_IMAGE = 64L * 1024 * 1024;

    private final JsonNode json;
    private final SourceFile file;
    private final long position;
    private final FieldFaults faults = new FieldFaults();

    JsonRow(JsonNode json, SourceFile file, long position) {
        this.json = json;
        this.file = file;
        this.position = position;
    }

    /// Why the row, once it was read, cannot be used: the first field that is missing or holds something else than it
    /// should.
    Optional<RowRejection> rejection() {
        return faults.rejection(new RowRejection.Place(file.name(), split(), position, id()));
    }

    RawRow toRow(boolean variants) {
        require("id", JsonNode::isIntegralNumber, "a whole number");
        require("image", JsonNode::isTextual, "a path relative to the file");
        if (id() == null) {
            faults.noId("the id is beyond 32 bits");
        }
        Map<Modality, RawSide> sides = new EnumMap<>(Modality.class);
        for (Modality modality : Modality.values()) {
            sides.put(modality, side(modality.wireName()));
        }
        String intent = text(json, "", "unsafe_intent");
        List<RawImage> variantImages = new ArrayList<>();
        if (variants) {
            json.path("variant_images").forEach(path -> variantImages.add(image(path.asText())));
        }
        return new RawRow(file.name(), position, split(), id(), image(json.path("image").asText()), variantImages,
                intent, sides);
    }

    private void require(String field, Predicate<JsonNode> holds, String expected) {
        JsonNode node = json.path(field);
        if (!holds.test(node)) {
            String found = node.isMissingNode() ? "the field is missing" : "the field is " + JsonFault.kind(node);
            if (field.equals("id")) {
                faults.noId(found);
            } else {
                faults.otherThan(expected, field, found);
            }
        }
    }

    private @Nullable Integer id() {
        JsonNode id = json.path("id");
        return id.isIntegralNumber() && id.canConvertToInt() ? id.intValue() : null;
    }

    private @Nullable Split split() {
        return file.splitOf(json.path("split").asText(""));
    }

    private RawSide side(String modality) {
        String dialogue = modality + "_dialogue";
        require(dialogue, JsonNode::isObject, "an object with r1, r2, r3 and their safe and unsafe forms");
        require(modality + "_mcq", JsonNode::isArray,
                "an array of objects with question, question_type, options, ground_truth");
        require(modality + "_tf", JsonNode::isArray, "an array of objects with question, ground_truth");
        Map<String, String> turns = new LinkedHashMap<>();
        RawRow.TURN_FIELDS.forEach(field -> turns.put(field, text(json.path(dialogue), dialogue + ".", field)));
        List<RawMcq> mcq = new ArrayList<>();
        for (JsonNode question : json.path(modality + "_mcq")) {
            mcq.add(mcq(question, modality + "_mcq[" + mcq.size() + "]."));
        }
        List<RawTf> tf = new ArrayList<>();
        for (JsonNode statement : json.path(modality + "_tf")) {
            JsonNode truth = statement.path("ground_truth");
            String text = partText(statement.path("question"), modality + "_tf[" + tf.size() + "].question");
            tf.add(new RawTf(text, truth.isBoolean() ? truth.booleanValue() : null));
        }
        return new RawSide(turns, mcq, tf);
    }

    private RawMcq mcq(JsonNode question, String path) {
        List<String> options = new ArrayList<>();
        for (JsonNode option : question.path("options")) {
            options.add(partText(option, path + "options[" + options.size() + "]"));
        }
        return new RawMcq(partText(question.path("question"), path + "question"),
                partText(question.path("question_type"), path + "question_type"), options,
                partText(question.path("ground_truth"), path + "ground_truth"));
    }

    /// A text of the row itself: where it is something else, the row is not what it was meant to be. Missing and null
    /// are empty.
    private String text(JsonNode of, String path, String field) {
        JsonNode node = of.path(field);
        if (!node.isTextual() && !node.isMissingNode() && !node.isNull()) {
            faults.otherThan("a text", path + field, "the field is " + JsonFault.kind(node));
        }
        return partText(node, path + field);
    }

    /// A text of a question: where it is something else it counts as empty, which leaves out that question alone.
    private String partText(JsonNode node, String field) {
        return node.isTextual() ? faults.whole(field, node.textValue()) : "";
    }

    /// Images stand inside the data set: a row that came from elsewhere must not make the loader read other files.
    private RawImage image(String path) {
        try {
            Path folder = file.path().toAbsolutePath().getParent();
            Path image = folder.resolve(path).normalize();
            if (Path.of(path).isAbsolute() || !image.startsWith(file.root().toAbsolutePath().normalize())) {
                return RawImage.unreadable("its path leads out of the data set's folder", path);
            }
            if (!Files.exists(image)) {
                return RawImage.unreadable("there is no such file", path);
            }
            if (!Files.isRegularFile(image)) {
                return RawImage.unreadable("it is no file on a disk", path);
            }
            if (!image.toRealPath().startsWith(file.realRoot())) {
                return RawImage.unreadable("it is a link that leads out of the data set's folder", path);
            }
            if (Files.size(image) > LARGEST_IMAGE) {
                return RawImage.unreadable("the file has " + Files.size(image) + " bytes", path);
            }
            return RawImage.of(Files.readAllBytes(image), path);
        } catch (InvalidPathException | IOException e) {
            return RawImage.unreadable("the file cannot be read", path);
        }
    }
}
