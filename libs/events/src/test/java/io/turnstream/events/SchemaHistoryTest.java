package io.turnstream.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;

/// Holds every event's schema against the frozen ones in `schema-history/`: what was ever written can still be read.
class SchemaHistoryTest {

    private static final Path HISTORY = Path.of("schema-history");

    @Test
    void everyEventCanStillReadWhatWasWrittenBefore() throws IOException {
        for (Path version : versions()) {
            for (Path frozen : schemasIn(version)) {
                Schema writer = new Schema.Parser().parse(Files.readString(frozen));
                Schema reader = EventTypes.byName(writer.getFullName());
                assertThat(reader).as("%s was an event in %s: it may not be dropped", writer.getFullName(), version)
                        .isNotNull();
                var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
                assertThat(result.getType()).as("%s against %s: %s", writer.getName(), version, result.getDescription())
                        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
            }
        }
    }

    @Test
    void theNewestFrozenVersionHoldsEveryEvent() throws IOException {
        Path newest = versions().getLast();
        for (Schema schema : EventTypes.schemas()) {
            Path frozen = newest.resolve(schema.getName() + ".avsc");
            assertThat(frozen).as("freeze the schema of a new event: libs/events/schema-history/README.md says how")
                    .exists();
            assertThat(new Schema.Parser().parse(Files.readString(frozen)))
                    .as("%s has changed since %s: freeze a new version", schema.getName(), newest).isEqualTo(schema);
        }
    }

    private static List<Path> versions() throws IOException {
        try (Stream<Path> folders = Files.list(HISTORY)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<Path> schemasIn(Path version) throws IOException {
        try (Stream<Path> files = Files.list(version)) {
            return files.filter(file -> file.toString().endsWith(".avsc")).sorted().toList();
        }
    }
}
