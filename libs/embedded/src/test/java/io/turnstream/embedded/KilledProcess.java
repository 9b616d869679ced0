package io.turnstream.embedded;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.ReplaceOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.Document;

/// A process with embedded parts in it, to be killed from outside while it writes to them.
final class KilledProcess {

    private KilledProcess() {}

    /// Starts `what` in a JVM of its own, waits until it says `until`, kills it, and returns what it had said before.
    ///
    /// @param flags further ones of the JVM
    static String killOnceItSays(String what, Path folder, String until, String... flags)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m",
                        "-Dturnstream.registry.home=" + System.getProperty("turnstream.registry.home")));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KilledProcess.class.getName(), what,
                folder.toString()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String before = "";
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null && !line.equals(until)) {
                before = line;
                line = reader.readLine();
            }
            if (line == null) {
                throw new IOException("The process ended by itself, after saying: " + before);
            }
            return before;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "broker" -> writeToBroker(folder);
            case "store" -> writeToStore(folder);
            case "journal" -> writeToStoreWithJournal(folder);
            case "registry" -> startRegistry(folder);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        Thread.currentThread().join();
    }

    private static void writeToBroker(Path folder) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(folder);
        EmbeddedKafkaIT.createTopic(kafka);
        EmbeddedKafkaIT.append(kafka, "acknowledged");
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "t"),
                new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("turns", "never committed")).get();
        System.out.println("written");
    }

    /// Data first, then the offset up to which the data is there: as the sinks do it.
    private static void writeToStore(Path folder) {
        EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder);
        MongoClient client = MongoClients.create(store.connectionString());
        MongoCollection<Document> data = client.getDatabase("test").getCollection("data");
        MongoCollection<Document> offsets = client.getDatabase("test").getCollection("offsets");
        for (int n = 1; n <= 100_000; n++) {
            data.insertOne(new Document("_id", n));
            offsets.replaceOne(new Document("_id", "sink"), new Document("_id", "sink").append("offset", n),
                    new ReplaceOptions().upsert(true));
            if (n == 3_000) {
                System.out.println("written");
            }
        }
    }

    private static void writeToStoreWithJournal(Path folder) {
        EmbeddedDocumentStore store = EmbeddedDocumentStore.start(folder);
        MongoClient client = MongoClients.create(store.connectionString());
        MongoCollection<Document> data = client.getDatabase("test").getCollection("data")
                .withWriteConcern(WriteConcern.JOURNALED);
        for (int n = 1; n <= 20; n++) {
            data.insertOne(new Document("_id", n));
        }
        System.out.println("answered");
    }

    private static void startRegistry(Path folder) {
        EmbeddedRegistry registry = EmbeddedRegistry.start(folder, folder.resolve("log"));
        System.out.println(registry.process().pid());
        System.out.println("started");
    }
}
