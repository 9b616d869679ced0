package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.state.DeferredRequest;
import io.turnstream.contracts.state.DialogueLeaves;
import io.turnstream.contracts.state.DialogueState;
import io.turnstream.contracts.state.JudgementSetProgress;
import io.turnstream.contracts.state.JudgementState;
import io.turnstream.contracts.state.QueuedDialogue;
import io.turnstream.contracts.state.QuotaLedger;
import io.turnstream.contracts.state.RunProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A dispatcher goes on with the stores that an earlier version of the program left behind.
class StateSerdeTest {

    private static final Path STORES = Path.of("src/main/resources/io/turnstream/dispatch/stores");
    private static final int SAMPLES = 20;
    private static final long SEED = 7;

    static Stream<Schema> stored() {
        return Stream.of(DialoguePlan.getClassSchema(), DialogueState.getClassSchema(),
                DeferredRequest.getClassSchema(),
                JudgementState.getClassSchema(), RunProgress.getClassSchema(), JudgementSetProgress.getClassSchema(),
                QueuedDialogue.getClassSchema(), DialogueLeaves.getClassSchema(), QuotaLedger.getClassSchema(),
                RunControl.getClassSchema());
    }

    @ParameterizedTest
    @MethodSource("stored")
    void what_any_earlier_version_has_written_is_read(Schema schema) throws IOException {
        // Given
        try (Serde<SpecificRecord> serde = StateSerde.of(schema)) {
            for (Schema writer : StateSerde.history(schema)) {
                BinaryMessageEncoder<Object> encoder = new BinaryMessageEncoder<>(GenericData.get(), writer);
                for (Object record : new RandomData(writer, SAMPLES, SEED)) {
                    // When
                    SpecificRecord read = serde.deserializer().deserialize("store", encoder.encode(record).array());

                    // Then
                    assertThat(read.getSchema()).isEqualTo(schema);
                }
            }
        }
    }

    /// `-Dturnstream.freeze=true` writes what is missing.
    @ParameterizedTest
    @MethodSource("stored")
    void the_last_frozen_schema_of_each_store_is_todays(Schema schema) throws IOException {
        // Given
        Path folder = STORES.resolve(schema.getName());
        int versions = StateSerde.history(schema).size();
        if (Boolean.getBoolean("turnstream.freeze")
                && (versions == 0 || !StateSerde.history(schema).getLast().equals(schema))) {
            Files.writeString(Files.createDirectories(folder).resolve(versions + 1 + ".avsc"),
                    schema.toString(true) + "\n");
            return;
        }

        // Then
        assertThat(versions).as("%s is kept in a store: freeze it with -Dturnstream.freeze=true", schema.getName())
                .isPositive();
        assertThat(StateSerde.history(schema).getLast().equals(schema))
                .as("%s is as in %s/%d.avsc; if it was meant to change, freeze it with -Dturnstream.freeze=true",
                        schema.getName(), folder, versions)
                .isTrue();
    }
}
