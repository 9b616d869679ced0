package io.turnstream.standalone.platform;

import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.SchemaCatalog;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.standalone.home.Home;
import io.turnstream.standalone.home.HomeLayout;
import java.time.Clock;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The log of a home written anew into another one: what somebody can do who controls the broker.
final class CopiedLog {

    private CopiedLog() {}

    /// @param topic where a record is changed
    /// @param tamper changes an event and says that it did; the first that it changes is the only one
    static void copy(HomeLayout from, HomeLayout to, Topics topic, Predicate<SpecificRecord> tamper) throws Exception {
        try (Home home = Home.open(to, Clock.systemUTC(), Home.Purpose.WORK);
                EmbeddedKafka source = EmbeddedKafka.start(from.kafka());
                EmbeddedKafka target = EmbeddedKafka.start(home.layout().kafka())) {
            KafkaConnection reading = KafkaConnection.to(source.bootstrapServers(), "copy");
            KafkaConnection writing = KafkaConnection.to(target.bootstrapServers(), "copy");
            TopicLayout.standalone().createMissing(writing);
            boolean[] tampered = {false};
            try (SchemaCatalog schemas = SchemaCatalog.reading(reading);
                    KafkaProducer<String, byte[]> producer = new KafkaProducer<>(writing.producer())) {
                EventSerde serde = new EventSerde(schemas);
                for (Topics each : Topics.values()) {
                    LogReader.readAll(reading, each, record -> {
                        byte[] value = record.value();
                        if (each == topic && !tampered[0]) {
                            SpecificRecord event = serde.fromBytes(value);
                            tampered[0] = tamper.test(event);
                            value = tampered[0] ? serde.toBytes(event) : value;
                        }
                        producer.send(new ProducerRecord<>(record.topic(), record.partition(), record.timestamp(),
                                record.key(), value, record.headers()));
                    });
                }
                producer.flush();
            }
            if (!tampered[0]) {
                throw new AssertionError("there was nothing to change in " + topic.topicName());
            }
        }
    }
}
