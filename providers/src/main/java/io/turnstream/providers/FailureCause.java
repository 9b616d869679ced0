package io.turnstream.providers;

import java.util.Locale;

/// Why an attempt brought no answer.
public enum FailureCause {
    /// 429: too many calls or tokens at the moment.
    RATE_LIMITED,
    /// 5xx, or another answer that says the trouble is the server's.
    SERVER_ERROR,
    /// No complete answer within the attempt's time.
    TIMEOUT,
    /// No connection, or one that ended before any answer.
    CONNECTION,
    /// The server answered, but with a body that was cut, too large or not what the API promises.
    MALFORMED_BODY,
    /// 401 or 403: the key is wrong or may not do this.
    AUTHENTICATION,
    /// 404: no such model, or no such API under the base URL.
    NOT_FOUND,
    /// The account's money or contingent is used up.
    QUOTA_EXHAUSTED,
    /// A parameter was refused; the adapter has learned to do without, and the next attempt will.
    UNSUPPORTED_PARAMETER,
    /// Any other 4xx: the request itself is not acceptable.
    BAD_REQUEST,
    /// The call's image is not in the store, or not intact.
    IMAGE_UNAVAILABLE;

    /// The name in attempts and reports: `rate_limited`, `server_error`, ...
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether the same call may end better in a while.
    public boolean isRetryable() {
        return switch (this) {
            case RATE_LIMITED, SERVER_ERROR, TIMEOUT, CONNECTION, MALFORMED_BODY, UNSUPPORTED_PARAMETER -> true;
            case AUTHENTICATION, NOT_FOUND, QUOTA_EXHAUSTED, BAD_REQUEST, IMAGE_UNAVAILABLE -> false;
        };
    }

    /// Whether it looks as if the whole provider were down, rather than this one call in trouble.
    public boolean isOutageLike() {
        return switch (this) {
            case SERVER_ERROR, TIMEOUT, CONNECTION -> true;
            case RATE_LIMITED, MALFORMED_BODY, AUTHENTICATION, NOT_FOUND, QUOTA_EXHAUSTED, UNSUPPORTED_PARAMETER,
                 BAD_REQUEST, IMAGE_UNAVAILABLE -> false;
        };
    }

    /// Whether every other call of the run would end the same way, so that the run has to be stopped.
    public boolean stopsTheRun() {
        return switch (this) {
            case AUTHENTICATION, NOT_FOUND, QUOTA_EXHAUSTED -> true;
            case RATE_LIMITED, SERVER_ERROR, TIMEOUT, CONNECTION, MALFORMED_BODY, UNSUPPORTED_PARAMETER, BAD_REQUEST,
                 IMAGE_UNAVAILABLE -> false;
        };
    }
}
