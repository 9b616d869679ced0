package io.turnstream.messaging;

import io.turnstream.events.Topics;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// Asks the registry for a schema that is not in the topic of schemas, while a record is being read.
///
/// Other records wait meanwhile, so it is asked by one thread at a time; if it gives no answer, or does not know an id,
/// not again for a while.
final class RegistryFallback {

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final int MOST_REMEMBERED = 1_000;

    private final Supplier<URI> registry;
    private final Clock clock;
    private final Map<Integer, Instant> unknownUntil = new LinkedHashMap<>() {

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Instant> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private Instant silentUntil = Instant.MIN;
    private @Nullable String reason;

    /// @param registry gives its base address, or throws if there is none
    RegistryFallback(Supplier<URI> registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /// @throws SchemaIds.UnknownSchemaException if the registry does not know the id either, or cannot be asked
    synchronized Schema schemaOf(int id) {
        if (clock.instant().isBefore(unknownUntil.getOrDefault(id, Instant.MIN))) {
            throw unknown(id, "nor in the registry");
        }
        if (clock.instant().isAfter(silentUntil)) {
            try (SchemaRegistry asked = new SchemaRegistry(registry.get(), SchemaRegistry.Patience.WHILE_READING)) {
                return new RegisteredSchema(id,
                        asked.schemaOf(id).orElseThrow(() -> unknown(id, "nor in the registry"))).schema();
            } catch (SchemaIds.UnknownSchemaException e) {
                unknownUntil.put(id, clock.instant().plus(SILENCE));
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
        return new SchemaIds.UnknownSchemaException(
                "no schema has the id " + id + " in " + Topics.SCHEMAS.topicName() + ", " + elsewhere);
    }
}
