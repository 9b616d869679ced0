package io.turnstream.providers.calling;

import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelReply;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt at a call.
///
/// @param cause      [#OK], [#REFUSED], [#EMPTY], [#TRUNCATED], [#OVERSIZED] or a [FailureCause#wireName()]
/// @param httpStatus the status, where it is known
/// @param startedAt  when it was sent
/// @param latency    until the answer or the failure
/// @param waited     back-off and waiting for a place before it
public record Attempt(
    String cause, @Nullable Integer httpStatus, Instant startedAt, Duration latency, Duration waited) {

    public static final String OK = "ok";
    public static final String REFUSED = "refused";
    /// An empty text, although no limit was reached.
    public static final String EMPTY = "empty";
    /// An empty text because the token limit was reached.
    public static final String TRUNCATED = "truncated";

    /// More text than is recorded.
    public static final String OVERSIZED = "oversized";

    static Attempt of(ModelReply reply, Instant startedAt, Duration latency, Duration waited) {
        return switch (reply) {
            case ModelReply.Answered answered -> new Attempt(
                answered.isTruncated() ? TRUNCATED : answered.isEmpty() ? EMPTY : OK, 200, startedAt, latency, waited);
            case ModelReply.Refused _ -> new Attempt(REFUSED, null, startedAt, latency, waited);
            case ModelReply.Oversized _ -> new Attempt(OVERSIZED, 200, startedAt, latency, waited);
            case ModelReply.Failed failed ->
                new Attempt(failed.cause().wireName(), failed.httpStatus(), startedAt, latency, waited);
        };
    }
}
