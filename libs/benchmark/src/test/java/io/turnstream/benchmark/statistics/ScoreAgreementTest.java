package io.turnstream.benchmark.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoreAgreementTest {

    private final ScoreAgreement agreement = new ScoreAgreement();

    @Test
    void kappaIsOneLessObservedOverExpectedSquares() {
        // observed: one pair of five is one point apart, 1/5 = 0.2
        // expected: sum of (i - j)^2 over all 25 pairs = 5*55 + 5*46 - 2*15*14 = 85, 85/25 = 3.4
        add(new int[][] {{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 4}});

        assertThat(agreement.exact()).isEqualTo(0.8);
        assertThat(agreement.withinOne()).isEqualTo(1.0);
        assertThat(agreement.kappa()).isCloseTo(1 - 0.2 / 3.4, within(1e-12));
    }

    @Test
    void judgesThatContradictEachOtherAreBelowChance() {
        // observed: 16 each; expected: half of the pairs 16, half 0
        add(new int[][] {{1, 5}, {5, 1}});

        assertThat(agreement.kappa()).isEqualTo(-1.0);
        assertThat(agreement.exact()).isZero();
        assertThat(agreement.withinOne()).isZero();
    }

    @Test
    void independentScoresAreWhatChanceGives() {
        for (int i = 1; i <= 5; i++) {
            for (int j = 1; j <= 5; j++) {
                agreement.add(i, j);
            }
        }

        assertThat(agreement.kappa()).isCloseTo(0, within(1e-12));
        assertThat(agreement.exact()).isEqualTo(0.2);
        assertThat(agreement.withinOne()).as("5 of 25 equal, 8 one apart").isEqualTo(13 / 25.0);
    }

    @Test
    void whereBothAlwaysSayTheSameThereIsNoKappa() {
        assertThat(agreement.kappa()).isNull();
        assertThat(agreement.exact()).isNull();
        add(new int[][] {{5, 5}, {5, 5}});

        assertThat(agreement.kappa()).isNull();
        assertThat(agreement.exact()).isEqualTo(1.0);
        assertThat(agreement.count(5, 5)).isEqualTo(2);
    }

    @Test
    void anythingButAScoreIsRefused() {
        assertThatThrownBy(() -> agreement.add(0, 1)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> agreement.add(1, 6)).hasMessageContaining("not 6");
    }

    private void add(int[][] pairs) {
        for (int[] pair : pairs) {
            agreement.add(pair[0], pair[1]);
        }
    }
}
