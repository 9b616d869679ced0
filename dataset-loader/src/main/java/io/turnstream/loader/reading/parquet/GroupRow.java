package io.turnstream.loader.reading.parquet;

import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RawRow.RawMcq;
import io.turnstream.loader.reading.RawRow.RawSide;
import io.turnstream.loader.reading.RawRow.RawTf;
import io.turnstream.loader.reading.SourceFile;
import io.turnstream.protocol.Modality;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// Turns an assembled record into a row. Every field may be null in the file.
final class GroupRow {

    private GroupRow() {}

    static RawRow toRow(Group record, SourceFile file, long position) {
        Map<Modality, RawSide> sides = new EnumMap<>(Modality.class);
        for (Modality modality : Modality.values()) {
            sides.put(modality, side(record, modality.wireName()));
        }
        return new RawRow(file.name(), position, file.splitOf(record.getType().containsField("split") ? text(record, "split") : ""), id(record), image(record, "image"),
                variants(record), text(record, "unsafe_intent"), sides);
    }

    private static RawSide side(Group record, String modality) {
        Map<String, String> turns = new LinkedHashMap<>();
        Group dialogue = group(record, modality + "_dialogue");
        for (String field : RawRow.TURN_FIELDS) {
            turns.put(field, dialogue == null ? "" : text(dialogue, field));
        }
        List<RawMcq> mcq = new ArrayList<>();
        for (Group question : elements(record, modality + "_mcq")) {
            mcq.add(new RawMcq(text(question, "question"), text(question, "question_type"), texts(question, "options"),
                    text(question, "ground_truth")));
        }
        List<RawTf> tf = new ArrayList<>();
        for (Group statement : elements(record, modality + "_tf")) {
            tf.add(new RawTf(text(statement, "question"), truth(statement)));
        }
        return new RawSide(turns, mcq, tf);
    }

    private static @Nullable Boolean truth(Group statement) {
        return has(statement, "ground_truth") ? statement.getBoolean("ground_truth", 0) : null;
    }

    private static @Nullable Integer id(Group record) {
        if (!has(record, "id")) {
            return null;
        }
        boolean isLong =
                record.getType().getType("id").asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
        long id = isLong ? record.getLong("id", 0) : record.getInteger("id", 0);
        return id == (int) id ? (int) id : null;
    }

    private static @Nullable RawImage image(Group record, String field) {
        Group image = group(record, field);
        return image == null ? null : toImage(image);
    }

    private static List<RawImage> variants(Group record) {
        return elements(record, "variant_images").stream().map(GroupRow::toImage).toList();
    }

    private static RawImage toImage(Group image) {
        String path = text(image, "path");
        return has(image, "bytes")
                ? RawImage.of(image.getBinary("bytes", 0).getBytes(), path)
                : RawImage.unreadable("its bytes are not in the file", path);
    }

    private static List<Group> elements(Group record, String field) {
        Group list = group(record, field);
        List<Group> elements = new ArrayList<>();
        if (list != null) {
            for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
                Group entry = list.getGroup(0, i);
                if (entry.getFieldRepetitionCount(0) > 0) {
                    elements.add(entry.getGroup(0, 0));
                }
            }
        }
        return elements;
    }

    private static List<String> texts(Group record, String field) {
        Group list = group(record, field);
        List<String> texts = new ArrayList<>();
        if (list != null) {
            for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
                Group entry = list.getGroup(0, i);
                texts.add(entry.getFieldRepetitionCount(0) > 0 ? entry.getBinary(0, 0).toStringUsingUTF8() : "");
            }
        }
        return texts;
    }

    private static @Nullable Group group(Group record, String field) {
        return record.getType().containsField(field) && has(record, field) ? record.getGroup(field, 0) : null;
    }

    private static String text(Group record, String field) {
        return has(record, field) ? record.getBinary(field, 0).toStringUsingUTF8() : "";
    }

    private static boolean has(Group record, String field) {
        return record.getFieldRepetitionCount(field) > 0;
    }
}
