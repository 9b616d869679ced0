package io.turnstream.simulator;

/// What can be made to go wrong with one call.
enum Fault {
    /// 429 with `Retry-After`.
    RATE_LIMITED("rateLimited"),
    /// 500 with an error body.
    SERVER_ERROR("serverError"),
    /// No answer until the client gives up.
    HANG("hang"),
    /// 200 whose body breaks off: the connection is cut before the announced length.
    TRUNCATED("truncated"),
    /// 200 whose complete body is no valid JSON.
    MALFORMED("malformed"),
    /// 200 with an empty text.
    EMPTY("empty");

    private final String key;

    Fault(String key) {
        this.key = key;
    }

    /// The name in settings and statistics.
    String key() {
        return key;
    }
}
