package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunState;
import io.turnstream.events.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class EventBatchTest {

    private static final int MOST = 1_000;
    private static final RecordMetadata WRITTEN = new RecordMetadata(new TopicPartition("t", 0), 0, 0, 0, 0, 0);

    private final List<CompletableFuture<RecordMetadata>> sent = Collections.synchronizedList(new ArrayList<>());
    private final EventBatch batch = new EventBatch((topic, key, event, parent) -> {
        CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
        sent.add(written);
        return written;
    });

    @Test
    void waits_for_all_that_was_sent() throws Exception {
        send();
        send();
        CompletableFuture<Void> waiting = waiting();

        sent.get(1).complete(WRITTEN);
        assertThat(waiting).isNotDone();
        sent.get(0).complete(WRITTEN);

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void has_no_more_than_a_thousand_events_under_way() throws Exception {
        for (int event = 0; event < MOST; event++) {
            send();
        }
        CompletableFuture<Void> oneMore = CompletableFuture.runAsync(this::send);
        assertThat(oneMore).isNotDone();
        assertThat(sent).hasSize(MOST);

        sent.getFirst().complete(WRITTEN);

        oneMore.get(30, TimeUnit.SECONDS);
        assertThat(sent).hasSize(MOST + 1);
    }

    @Test
    void says_that_an_event_was_not_written_and_why() {
        send();
        send();
        batch.requireUnbroken();
        sent.get(0).completeExceptionally(new RecordTooLargeException("9 MB"));
        sent.get(1).complete(WRITTEN);

        assertThatThrownBy(batch::requireUnbroken).isInstanceOf(KafkaException.class).hasMessageContaining("9 MB");
        assertThatThrownBy(batch::awaitWritten).hasRootCauseInstanceOf(RecordTooLargeException.class);
    }

    @Test
    void an_event_that_cannot_even_be_sent_takes_no_room() throws Exception {
        EventBatch refusing = new EventBatch((topic, key, event, parent) -> {
            throw new IllegalStateException("no schema");
        });

        assertThatThrownBy(() -> refusing.send(Topics.RUN_CONTROL, "r", event(), null)).hasMessage("no schema");

        refusing.awaitWritten();
    }

    private CompletableFuture<Void> waiting() {
        return CompletableFuture.runAsync(() -> {
            try {
                batch.awaitWritten();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void send() {
        try {
            batch.send(Topics.RUN_CONTROL, "r", event(), null);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RunControl event() {
        return new RunControl(new EventMeta("e", null, null, 0L), "r", RunState.RUNNING, null, 1L);
    }
}
