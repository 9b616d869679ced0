package io.turnstream.metrics.scoring;

import io.turnstream.contracts.ScoreRow;
import io.turnstream.messaging.EventHeaders;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/// Turns accepted events into score rows, each version of a row once.
///
/// The versions are checked before the compacted topic, not behind it: an older row at the end of that topic would make
/// compaction throw the newer one away.
final class ScoreStepProcessor extends ContextualProcessor<String, SpecificRecord, String, ScoreRow> {

    /// rowId to the highest version written.
    static final String VERSIONS = "score-row-versions";

    private TimestampedKeyValueStore<String, Long> versions;

    static ProcessorSupplier<String, SpecificRecord, String, ScoreRow> supplier(KeyValueBytesStoreSupplier versions) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, SpecificRecord, String, ScoreRow> get() {
                return new ScoreStepProcessor();
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.timestampedKeyValueStoreBuilder(versions, Serdes.String(), Serdes.Long())
                        .withCachingEnabled());
            }
        };
    }

    @Override
    public void init(ProcessorContext<String, ScoreRow> context) {
        super.init(context);
        versions = context.getStateStore(VERSIONS);
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
        if (record.value() == null) {
            return;
        }
        ScoreRows.of(record.value()).ifPresent(row -> {
            ValueAndTimestamp<Long> known = versions.get(row.getRowId());
            if (known == null || known.value() < row.getVersion()) {
                versions.put(row.getRowId(), ValueAndTimestamp.make(row.getVersion(), record.timestamp()));
                context().forward(new Record<>(row.getRowId(), row, record.timestamp(),
                        EventHeaders.of(row, AggregatorTopology.SOURCE, row.getRowId(), record.headers())));
            }
        });
    }
}
