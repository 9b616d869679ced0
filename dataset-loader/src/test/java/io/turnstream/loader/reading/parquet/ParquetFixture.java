package io.turnstream.loader.reading.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// Writes small Parquet files in the data set's layout, or nearly.
final class ParquetFixture {

    private static final String DIALOGUE = """
              optional group %s_dialogue {
                optional binary r1 (STRING); optional binary unsafe_r1 (STRING); optional binary safe_r1 (STRING);
                optional binary r2 (STRING); optional binary r3 (STRING);
                optional binary unsafe_r3 (STRING); optional binary safe_r3 (STRING);
              }
              optional group %s_mcq (LIST) { repeated group list { optional group element {
                optional binary question (STRING); optional binary question_type (STRING);
                optional group options (LIST) { repeated group list { optional binary element (STRING); } }
                optional binary ground_truth (STRING);
              } } }
              optional group %s_tf (LIST) { repeated group list { optional group element {
                optional binary question (STRING); optional boolean ground_truth;
              } } }
            """;

    static final String SCHEMA = """
            message rows {
              optional int32 id (INTEGER(32,true));
              optional group image { optional binary bytes; optional binary path (STRING); }
              optional group variant_images (LIST) { repeated group list { optional group element {
                optional binary bytes; optional binary path (STRING);
              } } }
              optional binary unsafe_intent (STRING);
            """
            + DIALOGUE.replace("%s", "multimodal") + DIALOGUE.replace("%s", "unimodal") + "}";

    private ParquetFixture() {}

    /// Writes rows with ids 0.. and images of so many bytes.
    ///
    /// @param schema changes the schema's text before it is used
    static Path write(Path file, int rows, int imageBytes, int rowGroupBytes, UnaryOperator<String> schema)
            throws IOException {
        return write(file, rows, imageBytes, rowGroupBytes, schema, row -> { /* as it is */ });
    }

    /// @param change changes each row before it is written
    static Path write(Path file, int rows, int imageBytes, int rowGroupBytes, UnaryOperator<String> schema,
            Consumer<Group> change)
            throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(schema.apply(SCHEMA));
        SimpleGroupFactory groups = new SimpleGroupFactory(type);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withRowGroupSize((long) rowGroupBytes)
                .withMinRowCountForPageSizeCheck(1)
                .withMaxRowCountForPageSizeCheck(1)
                .build()) {
            for (int id = 0; id < rows; id++) {
                Group row = row(groups, type, id, imageBytes);
                change.accept(row);
                writer.write(row);
            }
        }
        return file;
    }

    /// Noise, so that no encoding makes it smaller.
    private static Binary image(int seed, int bytes) {
        byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        return Binary.fromConstantByteArray(noise);
    }

    private static Group row(SimpleGroupFactory groups, MessageType type, int id, int imageBytes) {
        Group row = groups.newGroup();
        if (type.getType("id").asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64) {
            row.append("id", (long) id);
        } else {
            row.append("id", id);
        }
        row.addGroup("image")
                .append("bytes", image(id, imageBytes))
                .append("path", id + ".png");
        if (type.containsField("variant_images")) {
            row.addGroup("variant_images").addGroup(0).addGroup(0)
                    .append("bytes", image(id, imageBytes));
        }
        for (String modality : List.of("multimodal", "unimodal")) {
            row.addGroup(modality + "_dialogue").append("r1", "one").append("r2", "two").append("unsafe_r3", "bad");
            Group question = row.addGroup(modality + "_mcq").addGroup(0).addGroup(0)
                    .append("question", "Which?").append("question_type", "safe_intent").append("ground_truth", "B");
            Group options = question.addGroup("options");
            options.addGroup(0).append("element", "first");
            options.addGroup(0).append("element", "second");
            row.addGroup(modality + "_tf").addGroup(0).addGroup(0).append("question", "True?").append("ground_truth",
                    true);
        }
        return row;
    }
}
