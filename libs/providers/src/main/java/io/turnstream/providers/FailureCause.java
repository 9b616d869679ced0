package io.turnstream.providers;

import java.util.Locale;

/// Why an attempt brought no answer.
public enum FailureCause {
    /// 429: too many calls or tokens at the moment.
    RATE_LIMITED("too many calls or tokens for the moment"),
    /// 5xx, or another answer that says the trouble is the server's.
    SERVER_ERROR("the server is in trouble"),
    /// No complete answer within the attempt's time.
    TIMEOUT("no complete answer in time"),
    /// No connection, or one that ended before any answer.
    CONNECTION("no connection: is the server running, and the base URL right?"),
    /// The server answered, but with a body that was cut, too large or not what the API promises.
    MALFORMED_BODY("the answer's body is not what the API promises"),
    /// There is an answer, and the provider has counted its tokens, but it cannot be read or is half of one.
    UNUSABLE_ANSWER("the answer is half of one, or not what the API promises"),
    /// 403 that does not say why. It can be the key, or a refusal of this one prompt in words that are not known.
    FORBIDDEN("the provider refuses, and does not say in known words whether the key or this prompt is the reason"),
    /// 401, or a 403 that tells of the key: it is wrong or may not do this.
    AUTHENTICATION("the key is wrong or may not do this: check it and what it is allowed"),
    /// 404: no such model, or no such API under the base URL.
    NOT_FOUND("no such model, or no chat API at this address: check the model's name and the base URL"),
    /// The account's money or contingent is used up.
    QUOTA_EXHAUSTED("the account's money or contingent is used up: raise it, then go on"),
    /// A parameter was refused; the adapter has learned to do without, and the next attempt will.
    UNSUPPORTED_PARAMETER("the model does not take a parameter; the next attempt does without"),
    /// Any other 4xx: the request itself is not acceptable.
    BAD_REQUEST("the provider does not accept this request"),
    /// The call's image is not in the store, or not intact.
    IMAGE_UNAVAILABLE("the image is not in the image store, or not intact"),
    /// The program itself failed on the call; its log says more.
    ADAPTER_FAILED("the program itself failed on the call; its log says more");

    private final String explanation;

    FailureCause(String explanation) {
        this.explanation = explanation;
    }

    /// What it means and what to do about it, for people.
    public String explanation() {
        return explanation;
    }

    /// The name in attempts and reports: `rate_limited`, `server_error`, ...
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether the same call may end better in a while.
    public boolean isRetryable() {
        return switch (this) {
            case RATE_LIMITED, SERVER_ERROR, TIMEOUT, CONNECTION, MALFORMED_BODY, UNUSABLE_ANSWER,
                    UNSUPPORTED_PARAMETER, FORBIDDEN ->
                true;
            case AUTHENTICATION, NOT_FOUND, QUOTA_EXHAUSTED, BAD_REQUEST, IMAGE_UNAVAILABLE, ADAPTER_FAILED -> false;
        };
    }

    /// Whether it looks as if the whole provider were down, rather than this one call in trouble.
    public boolean isOutageLike() {
        return switch (this) {
            case SERVER_ERROR, TIMEOUT, CONNECTION -> true;
            case RATE_LIMITED, MALFORMED_BODY, UNUSABLE_ANSWER, AUTHENTICATION, FORBIDDEN, NOT_FOUND, QUOTA_EXHAUSTED,
                    UNSUPPORTED_PARAMETER, BAD_REQUEST, IMAGE_UNAVAILABLE, ADAPTER_FAILED ->
                false;
        };
    }

    /// Whether every other call of the run would end the same way, so that the run has to be stopped.
    public boolean stopsTheRun() {
        return switch (this) {
            case AUTHENTICATION, NOT_FOUND, QUOTA_EXHAUSTED -> true;
            case RATE_LIMITED, SERVER_ERROR, TIMEOUT, CONNECTION, MALFORMED_BODY, UNUSABLE_ANSWER,
                    UNSUPPORTED_PARAMETER, FORBIDDEN,
                    BAD_REQUEST, IMAGE_UNAVAILABLE, ADAPTER_FAILED ->
                false;
        };
    }
}
