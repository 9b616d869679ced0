package io.turnstream.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;

/// Writes the schema of every event, with all the types it uses, into a new folder of `schema-history/`.
final class FreezeSchemas {

    private FreezeSchemas() {}

    /// @param arguments the folder to write, such as `schema-history/002`
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        for (Schema schema : EventTypes.schemas()) {
            Files.writeString(folder.resolve(schema.getName() + ".avsc"), schema.toString(true) + "\n");
        }
    }
}
