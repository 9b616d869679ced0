package io.turnstream.loader;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/// Small data sets in JSON lines with one thing or another wrong with them.
public final class DatasetFixture {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private DatasetFixture() {}

    /// A row in which nothing is wrong: 2 unsafe and 2 safe MCQs and 2 statements in each modality.
    public static ObjectNode row(int id, String image) {
        ObjectNode row = JSON.createObjectNode().put("id", id).put("image", image).put("unsafe_intent", "goal " + id);
        row.putArray("variant_images");
        for (String modality : List.of("multimodal", "unimodal")) {
            row.putObject(modality + "_dialogue")
                    .put("r1", modality + " one " + id).put("unsafe_r1", "").put("safe_r1", "")
                    .put("r2", modality + " two " + id)
                    .put("r3", "").put("unsafe_r3", modality + " bad three " + id)
                    .put("safe_r3", modality + " good three " + id);
            ArrayNode mcq = row.putArray(modality + "_mcq");
            for (String type : List.of("unsafe_intent", "safe_intent", "unsafe_intent", "safe_intent")) {
                ObjectNode question = mcq.addObject().put("question", "Which?").put("question_type", type);
                question.putArray("options").add("one").add("two").add("three").add("four");
                question.put("ground_truth", "C");
            }
            ArrayNode tf = row.putArray(modality + "_tf");
            tf.addObject().put("question", "True or false: this.").put("ground_truth", true);
            tf.addObject().put("question", "True or false: that.").put("ground_truth", false);
        }
        return row;
    }

    /// One modality's dialogue of a row.
    public static ObjectNode dialogue(ObjectNode row, String modality) {
        return (ObjectNode) row.get(modality + "_dialogue");
    }

    /// One multiple-choice question of a row.
    public static ObjectNode mcq(ObjectNode row, String modality, int index) {
        return (ObjectNode) row.get(modality + "_mcq").get(index);
    }

    /// Writes rows as a file with one JSON object a line.
    public static Path write(Path file, ObjectNode... rows) {
        return writeLines(file, Arrays.stream(rows).map(ObjectNode::toString).toArray(String[]::new));
    }

    /// Writes lines as they are.
    public static Path writeLines(Path file, String... lines) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, Arrays.stream(lines).map(line -> line + "\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes a picture of one colour.
    public static byte[] writePng(Path file, int width, int height, Color color) {
        byte[] png = png(picture(width, height, color));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png;
    }

    /// A picture of one colour.
    public static BufferedImage picture(int width, int height, Color color) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return image;
    }

    /// A picture as PNG.
    public static byte[] png(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
