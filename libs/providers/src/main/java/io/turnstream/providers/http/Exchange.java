package io.turnstream.providers.http;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// One request and its response, as far as the library in between does not know of it: how long it may take, which
/// image goes into it, and what has been seen of the response. It is bound to the thread for the length of the call.
public final class Exchange {

    private static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

    private final Duration timeout;
    private final String requestId;
    private byte @Nullable [] image;
    private volatile int status;
    private byte[] body = {};

    /// @param timeout   from sending to the last byte of the answer
    /// @param requestId sent as `Idempotency-Key`
    /// @param image     the data URL that takes the place of [ProviderHttp#imagePlaceholder()]; null where none goes
    ///                  along
    public Exchange(Duration timeout, String requestId, byte @Nullable [] image) {
        this.timeout = timeout;
        this.requestId = requestId;
        this.image = image;
    }

    /// Runs a library's blocking call with this exchange bound to it.
    public <T> T around(Callable<T> libraryCall) throws Exception {
        return ScopedValue.where(CURRENT, this).call(libraryCall::call);
    }

    static Exchange current() {
        return CURRENT.orElseThrow(() -> new IllegalStateException("a request was sent outside of an exchange"));
    }

    Duration timeout() {
        return timeout;
    }

    String requestId() {
        return requestId;
    }

    /// Gives the image away, so that nothing holds it while the answer is waited for: hundreds of calls wait at a time.
    byte @Nullable [] takeImage() {
        byte[] taken = image;
        image = null;
        return taken;
    }

    void responded(int httpStatus) {
        status = httpStatus;
    }

    void succeeded(byte[] answer) {
        body = answer;
    }

    /// A successful answer's body; empty while there is none.
    public byte[] body() {
        return body;
    }

    /// The response's status; null while there is none.
    public @Nullable Integer status() {
        int seen = status;
        return seen == 0 ? null : seen;
    }
}
