package io.turnstream.metrics.scoring;

import io.turnstream.contracts.ScoreCell;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventSerde;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/// Scores as tables:
///
/// ```
///  dialogue-events ─► score-steps ─► score-rows ═► (table by rowId) ─► rows by cell ─► score-cells
///                     (versions)     compacted        add new, take back old            compacted
/// ```
///
/// `score-rows` is the table itself: its topic is its changelog. A row that replaces another is taken from its cell and
/// added to it in one step, so a cell never shows half a retry. Rows lie in the partition of their dialogue.
public final class AggregatorTopology {

    /// This service, as in `ce_source`.
    public static final String SOURCE = "metrics-aggregator";

    static final String ROWS = "score-rows";
    static final String CELLS = "score-cells";

    private static final String ROWS_BY_CELL = "rows-by-cell";

    private AggregatorTopology() {}

    /// Builds the topology.
    ///
    /// @param rowsTopic where its rows stand, see [Topics#SCORE_ROWS]
    /// @param cellsTopic where its cells stand, see [Topics#SCORE_CELLS]
    public static Topology build(EventSerde events, String rowsTopic, String cellsTopic) {
        return build(events, rowsTopic, cellsTopic, Stores::persistentTimestampedKeyValueStore);
    }

    /// @param stores makes the tables' stores by name
    static Topology build(EventSerde events, String rowsTopic, String cellsTopic,
            Function<String, KeyValueBytesStoreSupplier> stores) {
        Serde<String> keys = Serdes.String();
        Serde<ScoreRow> rowSerde = new TypedSerde<>(events, ScoreRow.class);
        Serde<ScoreCell> cellSerde = new TypedSerde<>(events, ScoreCell.class);
        StreamsBuilder builder = new StreamsBuilder();

        builder.stream(Topics.DIALOGUE_EVENTS.topicName(), Consumed.with(keys, events).withName("from-dialogue-events"))
                .process(ScoreStepProcessor.supplier(stores.apply(ScoreStepProcessor.VERSIONS)),
                        Named.as("score-steps"))
                .to(rowsTopic, Produced.<String, ScoreRow>as("to-score-rows").withKeySerde(keys)
                        .withValueSerde(rowSerde)
                        .withStreamPartitioner(
                                (topic, rowId, row, partitions) -> Optional.of(Set.of(partition(row, partitions)))));

        // Every change counts in a cell's version: without a cache, a rebuild counts the same.
        KTable<String, ScoreRow> rows = builder.table(rowsTopic,
                Consumed.with(keys, rowSerde).withName("from-score-rows"),
                Materialized.<String, ScoreRow>as(stores.apply(ROWS)).withKeySerde(keys).withValueSerde(rowSerde)
                        .withCachingDisabled());

        // Rows are re-keyed by cell, because the rows of a cell come from dialogues of all partitions.
        rows.groupBy((rowId, row) -> KeyValue.pair(ScoreCells.cellId(row), row),
                Grouped.<String, ScoreRow>as(ROWS_BY_CELL).withKeySerde(keys).withValueSerde(rowSerde))
                .aggregate(ScoreCells::empty, ScoreCells::plus, ScoreCells::minus, Named.as("fold-cells"),
                        Materialized.<String, ScoreCell>as(stores.apply(CELLS)).withKeySerde(keys)
                                .withValueSerde(cellSerde))
                .toStream(Named.as("cell-changes"))
                .processValues(WithHeaders::new, Named.as("cell-headers"))
                .to(cellsTopic,
                        Produced.<String, ScoreCell>as("to-score-cells").withKeySerde(keys).withValueSerde(cellSerde));

        Properties optimized = new Properties();
        optimized.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        return builder.build(optimized);
    }

    /// The internal topic on which an application's rows travel to their cells.
    public static String repartitionTopic(String applicationId) {
        return applicationId + '-' + ROWS_BY_CELL + "-repartition";
    }

    private static int partition(ScoreRow row, int partitions) {
        return BuiltInPartitioner.partitionForKey(row.getSubject().getDialogueId().getBytes(StandardCharsets.UTF_8),
                partitions);
    }

    private static final class WithHeaders extends ContextualFixedKeyProcessor<String, ScoreCell, ScoreCell> {
        @Override
        public void process(FixedKeyRecord<String, ScoreCell> record) {
            context().forward(
                    record.withHeaders(EventHeaders.of(record.value(), SOURCE, record.key(), record.headers())));
        }
    }
}
