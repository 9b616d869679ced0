package io.turnstream.messaging;

import io.turnstream.contracts.Topics;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// Asks the registry for a schema that is not in the topic of schemas, while a record is being read.
///
/// Other records wait meanwhile, so it is asked once, shortly, and by one thread at a time; if it gives no answer, not again for a while.
final class RegistryFallback {

    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Supplier<URI> registry;
    private final Clock clock;
    private Instant silentUntil = Instant.MIN;
    private @Nullable String reason;

    /// @param registry gives its base address, or throws if there is none
    RegistryFallback(Supplier<URI> registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /// @throws SchemaIds.UnknownSchemaException if the registry does not know the id either, or cannot be asked
    synchronized Schema schemaOf(int id) {
        if (clock.instant().isAfter(silentUntil)) {
            try (SchemaRegistry asked = new SchemaRegistry(registry.get(), SchemaRegistry.Patience.WHILE_READING)) {
                return new RegisteredSchema(id, asked.schemaOf(id).orElseThrow(() -> unknown(id, "nor in the registry"))).schema();
            } catch (SchemaIds.UnknownSchemaException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                beSilent(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                beSilent(e);
            }
        }
        throw unknown(id, "and the registry cannot be asked: " + reason);
    }

    private void beSilent(Exception e) {
        silentUntil = clock.instant().plus(SILENCE);
        reason = e.getMessage();
    }

    private static SchemaIds.UnknownSchemaException unknown(int id, String elsewhere) {
        return new SchemaIds.UnknownSchemaException("no schema has the id " + id + " in " + Topics.SCHEMAS.topicName() + ", " + elsewhere);
    }
}
