package io.turnstream.loader.reading.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RawRow.RawMcq;
import io.turnstream.loader.reading.RawRow.RawSide;
import io.turnstream.loader.reading.RawRow.RawTf;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.SourceFile;
import io.turnstream.protocol.Modality;
import io.turnstream.protocol.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One line of a JSON-lines file, read field by field.
record JsonRow(JsonNode json, SourceFile file, RowRejection.Place place) {

    /// Largest image file that is read, in bytes. The validation has a limit of its own; this one spares the memory.
    private static final long LARGEST_IMAGE = 64L * 1024 * 1024;

    private static final String REMEDY = "write the field in the layout of the public data set";

    /// The first field that is missing or has another type than the data set's, as a rejection of the row.
    Optional<RowRejection> mismatch() {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("id", json.path("id"), json.path("id").canConvertToInt() && json.path("id").isIntegralNumber(),
                "int32"));
        checks.add(new Check("image", json.path("image"), json.path("image").isTextual(), "path relative to the file"));
        for (Modality modality : Modality.values()) {
            String name = modality.wireName();
            checks.add(new Check(name + "_dialogue", json.path(name + "_dialogue"),
                    json.path(name + "_dialogue").isObject(), "object with r1, r2, r3 and their safe and unsafe forms"));
            checks.add(new Check(name + "_mcq", json.path(name + "_mcq"), json.path(name + "_mcq").isArray(),
                    "array of objects with question, question_type, options, ground_truth"));
            checks.add(new Check(name + "_tf", json.path(name + "_tf"), json.path(name + "_tf").isArray(),
                    "array of objects with question, ground_truth"));
        }
        return checks.stream()
                .filter(check -> !check.holds())
                .findFirst()
                .map(check -> new RowRejection.Place(place.file(), split(), place.row(), id())
                        .rejectRow(check.field(), check.found(), check.expected(), REMEDY));
    }

    RawRow toRow(boolean variants) {
        Map<Modality, RawSide> sides = new EnumMap<>(Modality.class);
        for (Modality modality : Modality.values()) {
            sides.put(modality, side(modality.wireName()));
        }
        List<RawImage> variantImages = new ArrayList<>();
        if (variants) {
            json.path("variant_images").forEach(path -> variantImages.add(image(path.asText())));
        }
        return new RawRow(file.name(), place.row(), split(), id(), image(json.path("image").asText()), variantImages,
                text(json, "unsafe_intent"), sides);
    }

    private @Nullable Integer id() {
        JsonNode id = json.path("id");
        return id.isIntegralNumber() && id.canConvertToInt() ? id.intValue() : null;
    }

    private @Nullable Split split() {
        return file.splitOf(json.path("split").asText(""));
    }

    private RawSide side(String modality) {
        Map<String, String> turns = new LinkedHashMap<>();
        RawRow.TURN_FIELDS.forEach(field -> turns.put(field, text(json.path(modality + "_dialogue"), field)));
        List<RawMcq> mcq = new ArrayList<>();
        for (JsonNode question : json.path(modality + "_mcq")) {
            List<String> options = new ArrayList<>();
            question.path("options").forEach(option -> options.add(option.isTextual() ? option.asText() : ""));
            mcq.add(new RawMcq(text(question, "question"), text(question, "question_type"), options,
                    text(question, "ground_truth")));
        }
        List<RawTf> tf = new ArrayList<>();
        for (JsonNode statement : json.path(modality + "_tf")) {
            JsonNode truth = statement.path("ground_truth");
            tf.add(new RawTf(text(statement, "question"), truth.isBoolean() ? truth.booleanValue() : null));
        }
        return new RawSide(turns, mcq, tf);
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).isTextual() ? node.path(field).textValue() : "";
    }

    /// Images stand inside the data set: a row that came from elsewhere must not make the loader read other files.
    private RawImage image(String path) {
        try {
            Path folder = file.path().toAbsolutePath().getParent();
            Path image = folder.resolve(path).normalize();
            if (Path.of(path).isAbsolute() || !image.startsWith(file.root().toAbsolutePath().normalize())) {
                return RawImage.unreadable("its path leads out of the data set's folder", path);
            }
            if (Files.size(image) > LARGEST_IMAGE) {
                return RawImage.unreadable("the file has " + Files.size(image) + " bytes", path);
            }
            return RawImage.of(Files.readAllBytes(image), path);
        } catch (NoSuchFileException e) {
            return RawImage.unreadable("there is no such file", path);
        } catch (InvalidPathException | IOException e) {
            return RawImage.unreadable("the file cannot be read (" + e.getMessage() + ")", path);
        }
    }

    private record Check(String field, JsonNode node, boolean holds, String expected) {

        private String found() {
            return node.isMissingNode()
                    ? "the field is missing"
                    : "the field is a JSON " + node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
