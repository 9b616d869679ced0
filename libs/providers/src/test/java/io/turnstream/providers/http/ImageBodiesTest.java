package io.turnstream.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.providers.ImageRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ImageBodiesTest {

    /// 30 bytes are 40 in Base64, and 23 more say what they are.
    private static final int KEPT_BYTES = 63;

    private final List<String> read = new ArrayList<>();

    private byte[] image(String sha256) {
        read.add(sha256);
        return sha256.substring(0, 30).getBytes(StandardCharsets.US_ASCII);
    }

    private static ImageRef ref(int number) {
        return new ImageRef(("%064d").formatted(number), "image/jpeg");
    }

    @Test
    void an_image_is_read_once_and_stands_as_a_data_url() throws IOException {
        // Given
        ImageBodies bodies = new ImageBodies(this::image, 10 * KEPT_BYTES);

        // When
        byte[] first = bodies.dataUrl(ref(1));
        byte[] second = bodies.dataUrl(ref(1));

        // Then
        assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("data:image/jpeg;base64,"
                + Base64.getEncoder().encodeToString("0".repeat(30).getBytes(StandardCharsets.US_ASCII)));
        assertThat(first).hasSize(KEPT_BYTES);
        assertThat(second).isSameAs(first);
        assertThat(read).hasSize(1);
    }

    @Test
    void what_was_used_longest_ago_makes_room_however_often_it_was_used() throws IOException {
        // Given room for two, and one that is used often
        ImageBodies bodies = new ImageBodies(this::image, 2 * KEPT_BYTES);
        for (int i = 0; i < 50; i++) {
            bodies.dataUrl(ref(1));
        }

        // When two others come, one after the other
        bodies.dataUrl(ref(2));
        bodies.dataUrl(ref(3));
        read.clear();
        bodies.dataUrl(ref(2));
        bodies.dataUrl(ref(3));

        // Then they are the ones that are kept
        assertThat(read).isEmpty();
        bodies.dataUrl(ref(1));
        assertThat(read).containsExactly(ref(1).sha256());
    }

    @Test
    void an_image_larger_than_all_room_is_sent_nevertheless() throws IOException {
        // Given
        ImageBodies bodies = new ImageBodies(this::image, KEPT_BYTES - 1);

        // When, then
        assertThat(bodies.dataUrl(ref(1))).hasSize(KEPT_BYTES);
        assertThat(bodies.dataUrl(ref(2))).hasSize(KEPT_BYTES);
    }

    @Test
    void a_failure_is_not_kept() throws IOException {
        // Given an image that cannot be read, and one that is damaged, at first
        AtomicInteger asked = new AtomicInteger();
        ImageBodies bodies = new ImageBodies(sha256 -> switch (asked.getAndIncrement()) {
            case 0 -> throw new IOException("no such file");
            case 1 -> throw new IllegalStateException("damaged");
            default -> image(sha256);
        }, KEPT_BYTES);

        // When, then
        assertThatThrownBy(() -> bodies.dataUrl(ref(1))).isInstanceOf(IOException.class).hasMessage("no such file");
        assertThatThrownBy(() -> bodies.dataUrl(ref(1))).isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged");
        assertThat(bodies.dataUrl(ref(1))).hasSize(KEPT_BYTES);
    }

    @Test
    void whoever_asks_while_it_is_being_read_gets_the_same() throws Exception {
        // Given an image that is being read
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ImageBodies bodies = new ImageBodies(sha256 -> {
            reading.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return image(sha256);
        }, KEPT_BYTES);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> first = threads.submit(() -> bodies.dataUrl(ref(1)));
            reading.await();

            // When
            Future<byte[]> second = threads.submit(() -> bodies.dataUrl(ref(1)));
            goOn.countDown();

            // Then
            assertThat(second.get()).isSameAs(first.get());
            assertThat(read).hasSize(1);
        }
    }
}
