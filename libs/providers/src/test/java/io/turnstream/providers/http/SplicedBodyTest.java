package io.turnstream.providers.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

class SplicedBodyTest {

    /// Asks for one buffer at a time, as the HTTP client does.
    private static final class Sent implements Subscriber<ByteBuffer> {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> all = new CompletableFuture<>();
        private Subscription subscription;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            while (buffer.hasRemaining()) {
                bytes.write(buffer.get());
            }
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failure) {
            all.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            all.complete(bytes.toByteArray());
        }
    }

    private static CompletableFuture<byte[]> send(SplicedBody body) {
        Sent sent = new Sent();
        body.subscribe(sent);
        return sent.all;
    }

    @Test
    void the_image_stands_where_its_placeholder_stood() {
        // Given an image of several slices
        byte[] image = new byte[150_000];
        Arrays.fill(image, (byte) 'x');
        SplicedBody body = SplicedBody.of("{\"url\":\"HERE\",\"text\":\"ä\"}", "HERE", image);

        // When
        byte[] sent = send(body).join();

        // Then
        assertThat(new String(sent, StandardCharsets.UTF_8))
                .isEqualTo("{\"url\":\"" + "x".repeat(150_000) + "\",\"text\":\"ä\"}");
        assertThat(body.contentLength()).isEqualTo(sent.length);
    }

    @Test
    void a_body_without_an_image_is_its_text() {
        assertThat(send(SplicedBody.of("{\"text\":\"ä\"}")).join()).asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"text\":\"ä\"}");
    }

    @Test
    void a_body_that_was_sent_is_not_sent_again() {
        // Given
        SplicedBody body = SplicedBody.of("{}");
        send(body).join();

        // When
        CompletableFuture<byte[]> again = send(body);

        // Then
        assertThat(again).isCompletedExceptionally();
        assertThat(again.exceptionNow()).hasMessageContaining("only once");
    }
}
