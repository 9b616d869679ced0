package io.turnstream.messaging;

import io.apicurio.registry.resolver.ParsedSchemaImpl;
import io.apicurio.registry.resolver.SchemaLookupResult;
import io.apicurio.registry.resolver.SchemaParser;
import io.apicurio.registry.resolver.SchemaResolver;
import io.apicurio.registry.resolver.client.RegistryClientFacade;
import io.apicurio.registry.resolver.data.Record;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.resolver.strategy.ArtifactReferenceResolverStrategy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/// Tells Apicurio's serde which id a schema has and which schema an id, by the deployment's own catalog: an event knows
/// its schema, and [SchemaIds] its id. Thread-safe.
final class CatalogResolver<T extends IndexedRecord> implements SchemaResolver<Schema, T> {

    private final SchemaIds ids;
    private final SchemaParser<Schema, T> parser;
    private final Map<Schema, SchemaLookupResult<Schema>> written = new ConcurrentHashMap<>();

    CatalogResolver(SchemaIds ids, SchemaParser<Schema, T> parser) {
        this.ids = ids;
        this.parser = parser;
    }

    @Override
    public SchemaLookupResult<Schema> resolveSchema(Record<T> event) {
        return written.computeIfAbsent(event.payload().getSchema(), schema -> found(ids.idOf(schema), schema));
    }

    @Override
    public SchemaLookupResult<Schema> resolveSchemaByArtifactReference(ArtifactReference reference) {
        int id = Math.toIntExact(reference.getContentId());
        return found(id, ids.schemaOf(id));
    }

    private static SchemaLookupResult<Schema> found(int id, Schema schema) {
        return SchemaLookupResult.<Schema>builder().contentId(id)
                .parsedSchema(new ParsedSchemaImpl<Schema>().setParsedSchema(schema)
                        .setReferenceName(schema.getFullName())
                        .setRawSchema(schema.toString().getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    @Override
    public SchemaParser<Schema, T> getSchemaParser() {
        return parser;
    }

    /// There is nothing to forget: an id stands for the same schema for ever.
    @Override
    public void reset() {}

    /// The catalog belongs to whoever opened it.
    @Override
    public void close() {}

    @Override
    public void setClientFacade(RegistryClientFacade facade) {
        throw new UnsupportedOperationException("the catalog asks the registry itself");
    }

    @Override
    public void setArtifactResolverStrategy(ArtifactReferenceResolverStrategy<Schema, T> strategy) {
        throw new UnsupportedOperationException("an event's schema names its artifact");
    }
}
