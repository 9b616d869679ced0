package io.turnstream.providers.calling;

import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.forms.KnownForms;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt at a call.
///
/// @param cause      [#OK], [#UNKNOWN_FINISH], [#REFUSED], [#EMPTY], [#TRUNCATED], [#OVERSIZED] or a
///         [FailureCause#wireName()]
/// @param httpStatus the status, where it is known
/// @param startedAt  when it was sent
/// @param latency    until the answer or the failure
/// @param waited     back-off and waiting for a place before it
public record Attempt(
        String cause, @Nullable Integer httpStatus, Instant startedAt, Duration latency, Duration waited) {

    public static final String OK = "ok";
    /// A text that ended for a reason which no row of the table of known forms knows. It counts as an answer, whole or
    /// not.
    public static final String UNKNOWN_FINISH = "unknown_finish";
    public static final String REFUSED = "refused";
    /// An empty text, although no limit was reached.
    public static final String EMPTY = "empty";
    /// An empty text because the token limit was reached.
    public static final String TRUNCATED = "truncated";

    /// More text than is recorded.
    public static final String OVERSIZED = "oversized";

    static Attempt of(ModelReply reply, Instant startedAt, Duration latency, Duration waited) {
        return switch (reply) {
            case ModelReply.Answered answered -> new Attempt(answered(answered), 200, startedAt, latency, waited);
            case ModelReply.Refused _ -> new Attempt(REFUSED, null, startedAt, latency, waited);
            case ModelReply.Oversized _ -> new Attempt(OVERSIZED, 200, startedAt, latency, waited);
            case ModelReply.Failed failed ->
                new Attempt(failed.cause().wireName(), failed.httpStatus(), startedAt, latency, waited);
        };
    }

    private static String answered(ModelReply.Answered answered) {
        if (answered.isEmpty()) {
            return answered.isTruncated() ? TRUNCATED : EMPTY;
        }
        return KnownForms.bundled().knowsFinish(answered.served().finishReason()) ? OK : UNKNOWN_FINISH;
    }
}
