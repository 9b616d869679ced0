package io.turnstream.loader.planning;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.loader.reading.RawImage;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RawRow.RawMcq;
import io.turnstream.loader.reading.RawRow.RawSide;
import io.turnstream.loader.reading.RawRow.RawTf;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatasetDigestTest {

    private static final String IMAGE_SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void aFixedRowHasAFixedDigest() {
        // Computed apart from this code, field by field, with Python's hashlib and struct
        assertThat(digest(row(1, "goal"))).isEqualTo(
                "de16193f6b3327f2d09c3f7a20e0f8f0805c23bd8d9172abf9610e46165a9f4c");
    }

    @Test
    void theOrderOfRowsDoesNotCount() {
        assertThat(digest(row(1, "goal"), row(2, "other"))).isEqualTo(digest(row(2, "other"), row(1, "goal")));
    }

    @Test
    void everythingThatIsSaidInARowCounts() {
        assertThat(digest(row(1, "goal"))).isNotEqualTo(digest(row(2, "goal")));
        assertThat(digest(row(1, "goal"))).isNotEqualTo(digest(row(1, "goal ")));
    }

    private static String digest(RawRow... rows) {
        DatasetDigest digest = new DatasetDigest();
        for (RawRow row : rows) {
            digest.add(Split.TYPE_A, row.id(), IMAGE_SHA, row);
        }
        return digest.value();
    }

    private static RawRow row(int id, String intent) {
        RawSide side = new RawSide(Map.of("r1", "eins", "r2", "zwei", "unsafe_r3", "böse"),
                List.of(new RawMcq("Which?", "safe_intent", List.of("x", "y"), "B")),
                List.of(new RawTf("True?", true), new RawTf("Else?", null)));
        return new RawRow("type_a.jsonl", 0, Split.TYPE_A, id, RawImage.of(new byte[] {1}, "1.png"),
                List.of(RawImage.of(new byte[] {'a', 'b', 'c'}, "v.png")), intent,
                Map.of(Modality.MULTIMODAL, side, Modality.UNIMODAL, side));
    }
}
