package io.turnstream.loader.planning;

import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.events.EventDigests;
import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RawRow.RawMcq;
import io.turnstream.loader.reading.RawRow.RawSide;
import io.turnstream.loader.reading.RawRow.RawTf;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// The digest of the rows a run was planned from: the same rows have the same digest, in whatever format, files and
/// order they stand.
///
/// It is the SHA-256 over `turnstream-dataset-1` and, for each planned row in the order of (split, id), the SHA-256 of
/// the row. A row's bytes are its fields one after the other: whole numbers in 4 bytes, big-endian; texts as their
/// length in UTF-8 bytes and these bytes; lists as their length and their elements:
///
/// ```
/// text "turnstream-row-1", text split, int id, text SHA-256 (hex) of the image, list of texts SHA-256 (hex) of the variants,
/// text unsafe_intent, then for multimodal and unimodal each:
///   text r1, unsafe_r1, safe_r1, r2, r3, unsafe_r3, safe_r3
///   list of (text question, text question_type, list of texts options, text ground_truth)
///   list of (text question, text "true", "false" or "" where it is neither)
/// ```
///
/// All fields enter, whatever modalities and intents are run; variants only where they were read (`--variants`), since
/// reading them for their digest alone would make planning four times as long. Rows outside the selection and rejected
/// rows do not enter. Held by a fixed vector in `DatasetDigestTest`. Needs 40 bytes of memory for each row.
public final class DatasetDigest {

    private final List<RowDigest> rows = new ArrayList<>();

    private record RowDigest(Split split, int id, byte[] sha256) {}

    /// Adds a row. Rows are told apart by split and id.
    void add(Split split, int id, String imageSha256, RawRow row) {
        rows.add(new RowDigest(split, id,
                HexFormat.of().parseHex(EventDigests.sha256Hex(bytesOf(split, id, imageSha256, row)))));
    }

    /// The digest (hex) of all rows added so far.
    String value() {
        List<RowDigest> ordered = new ArrayList<>(rows);
        ordered.sort(Comparator.comparing(RowDigest::split).thenComparing(RowDigest::id));
        ByteArrayOutputStream all = new ByteArrayOutputStream(32 * (ordered.size() + 1));
        all.writeBytes("turnstream-dataset-1".getBytes(StandardCharsets.UTF_8));
        ordered.forEach(row -> all.writeBytes(row.sha256()));
        return EventDigests.sha256Hex(all.toByteArray());
    }

    private static byte[] bytesOf(Split split, int id, String imageSha256, RawRow row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            text(out, "turnstream-row-1");
            text(out, split.wireName());
            out.writeInt(id);
            text(out, imageSha256);
            out.writeInt(row.variantImages().size());
            for (RawImage variant : row.variantImages()) {
                text(out, variant.bytes() == null ? "" : EventDigests.sha256Hex(variant.bytes()));
            }
            text(out, row.unsafeIntent());
            side(out, row.sides().get(Modality.MULTIMODAL));
            side(out, row.sides().get(Modality.UNIMODAL));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void side(DataOutputStream out, RawSide side) throws IOException {
        for (String field : RawRow.TURN_FIELDS) {
            text(out, side.turn(field));
        }
        out.writeInt(side.mcq().size());
        for (RawMcq question : side.mcq()) {
            text(out, question.question());
            text(out, question.questionType());
            out.writeInt(question.options().size());
            for (String option : question.options()) {
                text(out, option);
            }
            text(out, question.groundTruth());
        }
        out.writeInt(side.tf().size());
        for (RawTf statement : side.tf()) {
            text(out, statement.question());
            text(out, statement.groundTruth() == null ? "" : statement.groundTruth().toString());
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }
}
