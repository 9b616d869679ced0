package io.turnstream.providers.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// A request's body as a sequence of byte arrays that are sent as they are, without a copy: a few hundred bytes of
/// JSON, an image's cached data URL, and the rest of the JSON.
///
/// It can be sent once, and lets go of each array with its last byte: a request is held until its answer has come, and
/// hundreds of images that wait for that would fill the heap. Sending is not repeated below us, since only requests
/// without effect are.
final class SplicedBody implements BodyPublisher {

    /// The system copies each buffer into memory of its own before it writes as much of it as the socket takes; small
    /// slices keep that memory, and what is copied twice, small.
    private static final int SLICE_BYTES = 64 * 1024;

    private final long length;
    private List<byte @Nullable []> parts;

    private SplicedBody(List<byte[]> parts) {
        this.parts = new ArrayList<>(parts);
        this.length = parts.stream().mapToLong(part -> part.length).sum();
    }

    static SplicedBody of(String text) {
        return new SplicedBody(List.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// The text with every occurrence of the placeholder replaced by the bytes.
    ///
    /// @throws IllegalStateException if the placeholder is not in the text
    static SplicedBody of(String text, String placeholder, byte[] instead) {
        List<byte[]> parts = new ArrayList<>(3);
        int from = 0;
        for (int at = text.indexOf(placeholder); at >= 0; at = text.indexOf(placeholder, from)) {
            parts.add(text.substring(from, at).getBytes(StandardCharsets.UTF_8));
            parts.add(instead);
            from = at + placeholder.length();
        }
        if (from == 0) {
            throw new IllegalStateException("the request has an image, but no place for it");
        }
        parts.add(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return new SplicedBody(List.copyOf(parts));
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        List<byte @Nullable []> mine;
        synchronized (this) {
            mine = parts;
            parts = List.of();
        }
        subscriber.onSubscribe(new Slices(subscriber, mine));
    }

    /// Hands out slices as they are asked for. Requests for more can come from within `onNext`; then the loop that is
    /// running goes on, instead of a second one inside it.
    private final class Slices implements Subscription {

        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final List<byte @Nullable []> parts;
        private int part;
        private int offset;
        private long demand;
        private boolean running;
        private boolean done;

        Slices(Flow.Subscriber<? super ByteBuffer> subscriber, List<byte @Nullable []> parts) {
            this.subscriber = subscriber;
            this.parts = parts;
        }

        @Override
        public void request(long n) {
            synchronized (this) {
                if (done) {
                    return;
                }
                if (n <= 0) {
                    done = true;
                    subscriber.onError(new IllegalArgumentException("asked for " + n + " buffers"));
                    return;
                }
                if (parts.isEmpty()) {
                    done = true;
                    subscriber.onError(new IllegalStateException("a request's body can be sent only once"));
                    return;
                }
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
                if (running) {
                    return;
                }
                running = true;
            }
            while (true) {
                ByteBuffer slice;
                boolean last;
                synchronized (this) {
                    if (done || demand == 0) {
                        running = false;
                        return;
                    }
                    demand--;
                    slice = next();
                    last = part == parts.size();
                    done = last;
                }
                subscriber.onNext(slice);
                if (last) {
                    subscriber.onComplete();
                }
            }
        }

        private ByteBuffer next() {
            byte[] bytes = Objects.requireNonNull(parts.get(part));
            int size = Math.min(SLICE_BYTES, bytes.length - offset);
            ByteBuffer slice = ByteBuffer.wrap(bytes, offset, size).asReadOnlyBuffer().slice();
            offset += size;
            if (offset == bytes.length) {
                parts.set(part, null);
                part++;
                offset = 0;
            }
            return slice;
        }

        @Override
        public synchronized void cancel() {
            done = true;
        }
    }

    @Override
    public String toString() {
        return "SplicedBody[" + length + " bytes]";
    }
}
