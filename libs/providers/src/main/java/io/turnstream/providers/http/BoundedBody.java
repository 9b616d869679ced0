package io.turnstream.providers.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Reads a body up to a number of bytes, and hangs up on a longer one. Of an answer nothing is left then; of an error's
/// body, which only says more about its status, the beginning.
final class BoundedBody implements BodySubscriber<byte[]> {

    private static final int FIRST_GUESS_BYTES = 4096;

    private final int limitBytes;
    private final boolean keepsBeginning;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private byte[] bytes;
    private int length;
    private @Nullable Subscription subscription;

    /// @param expectedBytes  the length that the server announced; negative if it did not
    /// @param keepsBeginning whether the beginning of a longer body is good for something
    BoundedBody(int limitBytes, long expectedBytes, boolean keepsBeginning) {
        this.limitBytes = limitBytes;
        this.keepsBeginning = keepsBeginning;
        this.bytes = new byte[expectedBytes < 0 ? FIRST_GUESS_BYTES : (int) Math.min(expectedBytes, limitBytes)];
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        if (subscription != null) {
            newSubscription.cancel();
            return;
        }
        subscription = newSubscription;
        newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int more = buffer.remaining();
            if (more > limitBytes - length) {
                Subscription open = subscription;
                if (open != null) {
                    open.cancel();
                }
                if (keepsBeginning) {
                    onComplete();
                } else {
                    whole.completeExceptionally(new TooLarge(limitBytes));
                }
                return;
            }
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.clamp(2L * (length + more), 0, limitBytes));
            }
            buffer.get(bytes, length, more);
            length += more;
        }
    }

    @Override
    public void onError(Throwable error) {
        whole.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        whole.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }

    /// The body is longer than is read.
    static final class TooLarge extends IOException {

        final int limitBytes;

        TooLarge(int limitBytes) {
            super("the answer is larger than " + limitBytes + " bytes");
            this.limitBytes = limitBytes;
        }
    }
}
