package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.embedded.EmbeddedRegistry;
import io.turnstream.events.EventTypes;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.RegisteredSchema;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.messaging.TopicLayout;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrySeedIT {

    @TempDir
    private Path folder;

    @Test
    void a_home_that_begins_with_a_seed_knows_the_ids_its_registry_gives_without_asking_it() throws Exception {
        // Given a seed, and a home without registry or log
        RegistrySeed seed = RegistrySeed.make(folder.resolve("scratch"), folder.resolve("prepared"));
        Path registry = folder.resolve("home/registry");

        // When
        List<RegisteredSchema> held = seed.plantIn(registry);

        // Then the catalog is whole although nobody may be asked
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("home/kafka"))) {
            KafkaConnection connection = KafkaConnection.to(kafka.bootstrapServers(), "test");
            TopicLayout.standalone().createMissing(connection);
            try (SchemaCatalog catalog = SchemaCatalog.open(connection, RegistrySeedIT::nobody, held);
                    SchemaCatalog readBack = SchemaCatalog.reading(connection)) {
                assertThat(EventTypes.schemas())
                        .allSatisfy(schema -> assertThat(readBack.idOf(schema)).isEqualTo(catalog.idOf(schema)));
                // and the registry that runs on the planted files gives the same ids
                try (EmbeddedRegistry planted = EmbeddedRegistry.start(registry, folder.resolve("registry.log"))) {
                    planted.awaitReady(Duration.ofSeconds(90));
                    assertThat(RegisteredSchema.register(EventTypes.schemas(), URI.create(planted.url()))).allSatisfy(
                            registered -> assertThat(registered.id()).isEqualTo(catalog.idOf(registered.schema())));
                }
            }
            // and what stands in the topic already is not replaced by what another registry gave
            List<RegisteredSchema> others = held.stream()
                    .map(one -> new RegisteredSchema(one.id() + 1000, one.schema())).toList();
            try (SchemaCatalog again = SchemaCatalog.open(connection, RegistrySeedIT::nobody, others)) {
                assertThat(held).allSatisfy(one -> assertThat(again.idOf(one.schema())).isEqualTo(one.id()));
            }
        }
    }

    @Test
    void a_registry_that_has_data_is_left_alone() throws Exception {
        // Given
        Path registry = Files.createDirectories(folder.resolve("registry"));
        Files.writeString(EmbeddedRegistry.file(registry), "data of its own");

        // When
        List<RegisteredSchema> held = new RegistrySeed(folder.resolve("prepared")).plantIn(registry);

        // Then
        assertThat(held).isEmpty();
        assertThat(EmbeddedRegistry.file(registry)).hasContent("data of its own");
    }

    private static URI nobody() {
        throw new AssertionError("the registry is asked");
    }
}
