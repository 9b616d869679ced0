package io.turnstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.ReplaceOptions;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDocumentStoreIT {

    @TempDir
    Path folder;

    @Test
    void keeps_documents_over_a_restart() {
        try (EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder.resolve("a store"));
                MongoClient client = MongoClients.create(store.connectionString())) {
            collection(client, "runs").insertOne(new Document("_id", 1).append("name", "first"));
        }

        try (EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder.resolve("a store"));
                MongoClient client = MongoClients.create(store.connectionString())) {
            assertThat(collection(client, "runs").find().first()).containsEntry("name", "first");
        }
    }

    @Test
    void in_memory_it_serves_and_forgets() {
        try (EmbeddedDocumentStore store = EmbeddedDocumentStore.inMemory();
                MongoClient client = MongoClients.create(store.connectionString())) {
            collection(client, "runs").insertOne(new Document("_id", 1));
            assertThat(collection(client, "runs").countDocuments()).isEqualTo(1);
        }
        try (EmbeddedDocumentStore store = EmbeddedDocumentStore.inMemory();
                MongoClient client = MongoClients.create(store.connectionString())) {
            assertThat(collection(client, "runs").countDocuments()).isZero();
        }
    }

    @Test
    void when_the_process_is_killed_no_offset_outlives_the_data_it_covers() throws Exception {
        // Given
        KilledProcess.killOnceItSays("store", folder, "written");

        // When
        try (EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder);
                MongoClient client = MongoClients.create(store.connectionString())) {

            // Then
            Document sink = collection(client, "offsets").find().first();
            int offset = sink == null ? 0 : sink.getInteger("offset");
            assertThat(collection(client, "data").countDocuments()).isBetween((long) offset, (long) offset + 1);
        }
    }

    @Test
    void what_was_answered_with_the_journals_promise_is_there_after_a_kill() throws Exception {
        // Given
        KilledProcess.killOnceItSays("journal", folder, "answered");

        // When
        try (EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder);
                MongoClient client = MongoClients.create(store.connectionString())) {

            // Then
            assertThat(collection(client, "data").countDocuments()).isEqualTo(20);
        }
    }

    @Test
    void a_file_that_was_written_with_java_serialization_is_read_and_goes_on() {
        // Given
        MongoServer former = new MongoServer(new H2Backend(folder.resolve("documents.mv").toString()));
        try (MongoClient client = MongoClients.create("mongodb:/" + former.bind())) {
            for (int i = 0; i < 500; i++) {
                collection(client, "runs").insertOne(
                        new Document("_id", "run-" + i).append("steps", List.of(i, "text", new Document("n", 1.5))));
            }
            collection(client, "odd").insertOne(new Document("_id", 7).append("at", new Date(1_000)));
        } finally {
            former.shutdownNow();
        }

        for (int opened = 0; opened < 2; opened++) {
            // When
            try (EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder);
                    MongoClient client = MongoClients.create(store.connectionString())) {
                collection(client, "runs").replaceOne(new Document("_id", "run-13"), new Document("again", opened),
                        new ReplaceOptions().upsert(true));

                // Then
                assertThat(collection(client, "runs").countDocuments()).isEqualTo(500);
                assertThat(collection(client, "runs").find(new Document("_id", "run-13")).first())
                        .containsEntry("again", opened);
                assertThat(collection(client, "runs").find(new Document("_id", "run-499")).first())
                        .containsEntry("steps", List.of(499, "text", new Document("n", 1.5)));
                assertThat(collection(client, "odd").find(new Document("_id", 7)).first()).containsEntry("at",
                        new Date(1_000));
            }
        }
    }

    @Test
    void a_damaged_file_is_named_and_left_as_it_is() throws Exception {
        Path file = Files.writeString(folder.resolve("documents.mv"), "not a store".repeat(1_000));

        assertThatThrownBy(() -> EmbeddedDocumentStore.start(folder))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining("Move the file away");
        assertThat(file).hasContent("not a store".repeat(1_000));
    }

    @Test
    void a_second_store_on_the_same_folder_is_refused() {
        try (EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder)) {
            assertThatThrownBy(() -> EmbeddedDocumentStore.start(folder))
                    .isInstanceOf(CannotStartException.class).hasMessageContaining("in use");
            assertThat(store.connectionString()).startsWith("mongodb://127.0.0.1:");
        }
    }

    private static MongoCollection<Document> collection(MongoClient client, String name) {
        return client.getDatabase("test").getCollection(name);
    }
}
