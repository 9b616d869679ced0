package io.turnstream.messaging;

import io.turnstream.events.EventTypes;
import java.util.List;
import org.apache.avro.Schema;

/// Which id stands for which schema in a record's first bytes.
public interface SchemaIds {

    /// The id to write for a schema of this code.
    ///
    /// @throws UnknownSchemaException if it was never registered
    int idOf(Schema schema);

    /// The schema a record was written with.
    ///
    /// @throws UnknownSchemaException if nobody registered that id
    Schema schemaOf(int id);

    /// Ids by position in [EventTypes#schemas()], for tests without a registry.
    static SchemaIds byPosition() {
        List<Schema> schemas = EventTypes.schemas();
        return new SchemaIds() {
            @Override
            public int idOf(Schema schema) {
                int position = schemas.indexOf(schema);
                if (position < 0) {
                    throw new UnknownSchemaException("schema " + schema.getFullName() + " is no event");
                }
                return position + 1;
            }

            @Override
            public Schema schemaOf(int id) {
                if (id < 1 || id > schemas.size()) {
                    throw new UnknownSchemaException("no schema has the id " + id);
                }
                return schemas.get(id - 1);
            }
        };
    }

    /// A schema or id that the deployment does not know.
    final class UnknownSchemaException extends RuntimeException {
        public UnknownSchemaException(String message) {
            super(message);
        }
    }
}
