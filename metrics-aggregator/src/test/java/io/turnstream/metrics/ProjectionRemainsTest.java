package io.turnstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectionRemainsTest {

    @ParameterizedTest
    @CsvSource({
            "turnstream.score-rows, 1",
            "turnstream.score-cells, 1",
            "turnstream.score-rows-2, 2",
            "turnstream.score-cells-17, 17",
            "turnstream-metrics-aggregator, 1",
            "turnstream-metrics-aggregator-2, 2",
            "turnstream-metrics-aggregator-turnstream.runs, 1",
            "turnstream-metrics-aggregator-2-turnstream.score-rows-2, 2",
            "turnstream-metrics-aggregator-score-row-versions-changelog, 1",
            "turnstream-metrics-aggregator-12-rows-by-cell-repartition, 12",
            "turnstream.dialogue-events, 0",
            "turnstream.runs, 0",
            "turnstream-turn-dispatcher-run-progress-changelog, 0",
            "turnstream.score-rows-old, 0"
    })
    void a_topic_or_group_belongs_to_the_generation_in_its_name(String name, int generation) {
        assertThat(ProjectionRemains.generationOf(name)).isEqualTo(generation);
    }
}
