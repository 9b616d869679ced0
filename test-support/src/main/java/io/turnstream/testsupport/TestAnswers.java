package io.turnstream.testsupport;

import io.turnstream.contracts.Topics;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.worker.AnswerChannel;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;

/// Where workers of a test's JVM write their answers: a topic, by a producer of its own.
public final class TestAnswers implements AnswerChannel, AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;
    private final Topics topic;

    public TestAnswers(KafkaConnection connection, Topics topic) {
        this.producer = new KafkaProducer<>(connection.as("answers").producer());
        this.topic = topic;
    }

    @Override
    public RecordMetadata write(String key, byte[] value, Headers headers) {
        try {
            return producer.send(new ProducerRecord<>(topic.topicName(), null, key, value, headers)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(java.time.Duration.ofSeconds(2));
    }
}
