package io.turnstream.projection.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.PlannedSteps;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.document.ScoredStep.Contribution;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochSpreadTest {

    private final ReportTable table = new ReportTable(
            List.of(new PlannedSteps("type_a", "unimodal", "safe", "Drugs", "mcq", 12)), null);

    private void answers(int epoch, int... values) {
        for (int row = 0; row < values.length; row++) {
            String dialogue = "RUN/type_a/" + row + "/e" + epoch;
            table.add(new ScoredStep(dialogue + "#mcq-0", 1,
                    new DialogueSubject("RUN", dialogue, "type_a", row, "unimodal", "safe", 0, epoch, "Drugs",
                            "image-" + row),
                    "mcq-0", "mcq", null, "answered", new Contribution(true, values[row]),
                    new Contribution(true, values[row]), 1, 10, 2, null));
        }
    }

    private ReportCell cell() {
        return table.cells().stream().filter(cell -> cell.split().equals("type_a") && cell.modality().equals("unimodal")
                && cell.category().equals(ReportCell.ALL) && cell.scoring().equals("corrected")).findFirst()
                .orElseThrow();
    }

    @Test
    void tellsHowMuchAValueDiffersBetweenEpochs() {
        // Given three epochs of four images, with 1/4, 2/4 and 3/4 right
        answers(1, 1, 0, 0, 0);
        answers(2, 1, 1, 0, 0);
        answers(3, 1, 1, 1, 0);

        // Then the mean is 1/2, and the standard deviation sqrt((1/16 + 0 + 1/16) / 2) = 1/4
        assertThat(cell().value()).isEqualTo(0.5);
        EpochSpread spread = cell().epochs();
        assertThat(spread).isNotNull();
        assertThat(spread.values()).containsExactly(0.25, 0.5, 0.75);
        assertThat(spread.standardDeviation()).isEqualTo(0.25, within(1e-12));
        assertThat(spread.min()).isEqualTo(0.25);
        assertThat(spread.max()).isEqualTo(0.75);
    }

    @Test
    void epochsOfAnImageAreOneClusterOfTheInterval() {
        // Given one epoch of four images
        answers(1, 1, 1, 0, 0);
        ReportCell one = cell();

        // When two more say just the same
        answers(2, 1, 1, 0, 0);
        answers(3, 1, 1, 0, 0);

        // Then nothing is known that was not known before
        assertThat(cell().n()).isEqualTo(12);
        assertThat(cell().ciLow()).isEqualTo(one.ciLow(), within(1e-9));
        assertThat(cell().ciHigh()).isEqualTo(one.ciHigh(), within(1e-9));
        assertThat(cell().epochs()).isEqualTo(new EpochSpread(List.of(0.5, 0.5, 0.5), 0, 0.5, 0.5));
    }

    @Test
    void oneEpochHasNoSpread() {
        answers(1, 1, 0);

        assertThat(cell().epochs()).isNull();
    }
}
