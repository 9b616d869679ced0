package io.turnstream.loader.reading.parquet;

import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.loader.reading.FieldFaults;
import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RawRow.RawMcq;
import io.turnstream.loader.reading.RawRow.RawSide;
import io.turnstream.loader.reading.RawRow.RawTf;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.SourceFile;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// One assembled record, read field by field. Every field may be null in the file.
final class GroupRow {

    private final Group record;
    private final SourceFile file;
    private final long position;
    private final FieldFaults faults = new FieldFaults();

    GroupRow(Group record, SourceFile file, long position) {
        this.record = record;
        this.file = file;
        this.position = position;
    }

    /// @param rejection why the row cannot be used: the first field that holds something else than it should
    record Read(RawRow row, Optional<RowRejection> rejection) {}

    Read read() {
        RawRow row = row();
        return new Read(row, faults.rejection(row.place()));
    }

    private RawRow row() {
        Integer id = id();
        if (id == null) {
            faults.noId(
                    has(record, "id") ? "the id is " + wideId() + ", which 32 bits do not hold" : "the id is missing");
        }
        Map<Modality, RawSide> sides = new EnumMap<>(Modality.class);
        for (Modality modality : Modality.values()) {
            sides.put(modality, side(modality.wireName()));
        }
        return new RawRow(file.name(), position, split(), id, image("image"), variants(),
                text(record, "", "unsafe_intent"), sides);
    }

    private @Nullable Split split() {
        return file.splitOf(record.getType().containsField("split") ? text(record, "", "split") : "");
    }

    private RawSide side(String modality) {
        Map<String, String> turns = new LinkedHashMap<>();
        Group dialogue = group(record, modality + "_dialogue");
        for (String field : RawRow.TURN_FIELDS) {
            turns.put(field, text(dialogue, modality + "_dialogue.", field));
        }
        List<RawMcq> mcq = new ArrayList<>();
        for (Group question : elements(modality + "_mcq")) {
            String path = modality + "_mcq[" + mcq.size() + "].";
            mcq.add(new RawMcq(text(question, path, "question"), text(question, path, "question_type"),
                    options(question, path),
                    text(question, path, "ground_truth")));
        }
        List<RawTf> tf = new ArrayList<>();
        for (Group statement : elements(modality + "_tf")) {
            tf.add(new RawTf(text(statement, modality + "_tf[" + tf.size() + "].", "question"), truth(statement)));
        }
        return new RawSide(turns, mcq, tf);
    }

    private static @Nullable Boolean truth(@Nullable Group statement) {
        return statement != null && has(statement, "ground_truth") ? statement.getBoolean("ground_truth", 0) : null;
    }

    private @Nullable Integer id() {
        if (!has(record, "id")) {
            return null;
        }
        BigInteger id = wideId();
        return id.bitLength() < Integer.SIZE ? id.intValue() : null;
    }

    /// The id as the column's type means it: unsigned numbers are stored in the bits of signed ones.
    private BigInteger wideId() {
        PrimitiveType type = record.getType().getType("id").asPrimitiveType();
        boolean isLong = type.getPrimitiveTypeName() == PrimitiveTypeName.INT64;
        long bits = isLong ? record.getLong("id", 0) : record.getInteger("id", 0);
        if (type.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation whole && !whole.isSigned()) {
            return isLong
                    ? new BigInteger(Long.toUnsignedString(bits))
                    : BigInteger.valueOf(Integer.toUnsignedLong((int) bits));
        }
        return BigInteger.valueOf(bits);
    }

    private @Nullable RawImage image(String field) {
        Group image = group(record, field);
        return image == null ? null : toImage(image);
    }

    private List<RawImage> variants() {
        return elements("variant_images").stream().map(GroupRow::toImage).toList();
    }

    private static RawImage toImage(@Nullable Group image) {
        if (image == null) {
            return RawImage.unreadable("it is null", "");
        }
        String path = has(image, "path") ? image.getBinary("path", 0).toStringUsingUTF8() : "";
        return has(image, "bytes")
                ? RawImage.of(image.getBinary("bytes", 0).getBytes(), path)
                : RawImage.unreadable("its bytes are not in the file", path);
    }

    /// The elements of a list; null for those that are, so that each keeps its place.
    private List<@Nullable Group> elements(String field) {
        Group list = group(record, field);
        List<@Nullable Group> elements = new ArrayList<>();
        for (int i = 0; list != null && i < list.getFieldRepetitionCount(0); i++) {
            Group entry = list.getGroup(0, i);
            elements.add(entry.getFieldRepetitionCount(0) > 0 ? entry.getGroup(0, 0) : null);
        }
        return elements;
    }

    private List<String> options(@Nullable Group question, String path) {
        Group list = question == null ? null : group(question, "options");
        List<String> texts = new ArrayList<>();
        for (int i = 0; list != null && i < list.getFieldRepetitionCount(0); i++) {
            Group entry = list.getGroup(0, i);
            texts.add(entry.getFieldRepetitionCount(0) > 0
                    ? decoded(entry.getBinary(0, 0), path + "options[" + i + "]")
                    : "");
        }
        return texts;
    }

    private static @Nullable Group group(Group record, String field) {
        return record.getType().containsField(field) && has(record, field) ? record.getGroup(field, 0) : null;
    }

    private String text(@Nullable Group of, String path, String field) {
        return of != null && has(of, field) ? decoded(of.getBinary(field, 0), path + field) : "";
    }

    /// The library's own decoding puts other characters where the bytes are no text.
    private String decoded(Binary bytes, String field) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.toByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            faults.notUtf8(field);
            return "";
        }
    }

    private static boolean has(Group record, String field) {
        return record.getFieldRepetitionCount(field) > 0;
    }
}
