package io.turnstream.events;

import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidCreator;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Split;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How everything is named. Names are readable, sort by run, and are the same however often something is repeated.
///
/// | what | form |
/// |---|---|
/// | runId | ULID, `01JD...` |
/// | dialogueId | `runId/type_a/12/multimodal/unsafe/v0/e1` |
/// | step | `r1 r2 r3`, `mcq-0..`, `tf-0..`, `judge` |
/// | requestId | `dialogueId#step@generation`, for judges `dialogueId#judge@generation:judgementSetId` |
/// | rowId | `dialogueId#step`, for judgements `dialogueId#judge:judgementSetId` |
public final class Ids {

    /// Name of the judge's step.
    public static final String JUDGE = "judge";

    /// Stands for the digest of captions that are not there.
    public static final String NO_CAPTIONS = "none";

    private Ids() {}

    /// A new runId. ULIDs of one process are monotonic, so the newest run sorts last.
    public static String newRunId() {
        return UlidCreator.getMonotonicUlid().toString();
    }

    /// When a runId was made by its maker's clock, ms since the epoch; empty for an id that tells no time.
    public static OptionalLong timeOf(String runId) {
        return Ulid.isValid(runId) ? OptionalLong.of(Ulid.from(runId).getTime()) : OptionalLong.empty();
    }

    /// A new eventId for an event that a process writes at least once, such as a worker's answer.
    public static String newEventId() {
        return UlidCreator.getMonotonicUlid().toString();
    }

    /// @param imageVariant 0 for the row's own image, 1.. for its variants
    /// @param epoch 1..
    public static String dialogueId(
            String runId, Split split, int rowId, Modality modality, Intent intent, int imageVariant, int epoch) {
        return runId + '/' + wireName(split) + '/' + rowId + '/' + wireName(modality) + '/' + wireName(intent) + "/v"
                + imageVariant + "/e" + epoch;
    }

    /// The run a dialogue belongs to.
    public static String runIdOf(String dialogueId) {
        int slash = dialogueId.indexOf('/');
        if (slash <= 0) {
            throw new IllegalArgumentException("not a dialogueId: " + dialogueId);
        }
        return dialogueId.substring(0, slash);
    }

    /// Name of the n-th turn, 1-based.
    public static String turn(int number) {
        return "r" + number;
    }

    public static String requestId(String dialogueId, String step, int generation) {
        return dialogueId + '#' + step + '@' + generation;
    }

    public static String judgeRequestId(String dialogueId, int generation, String judgementSetId) {
        return requestId(dialogueId, JUDGE, generation) + ':' + judgementSetId;
    }

    public static String rowId(String dialogueId, String step) {
        return dialogueId + '#' + step;
    }

    public static String judgementRowId(String dialogueId, String judgementSetId) {
        return rowId(dialogueId, JUDGE) + ':' + judgementSetId;
    }

    /// The judgement set of a run that a judge with exactly these properties completes: `js-` and the first 16 hex
    /// digits of a SHA-256 over all of them. Two judges that differ in any of them never share a set.
    ///
    /// @param protocolDigest stands for rubric, judge prompt and parser
    /// @param captionsDigest `none` where there are no captions
    /// @param replicate 1.., to judge with the same judge again
    public static String judgementSetId(
            String runId, ModelTarget judge, CallParameters parameters, String protocolDigest, String captionsDigest,
            int replicate) {
        String identity = String.join("\n", runId, judge.getProvider(), judge.getModel(),
                String.valueOf(parameters.getTemperature()),
                String.valueOf(parameters.getMaxTokens()), String.valueOf(parameters.getSeed()), protocolDigest,
                captionsDigest,
                Integer.toString(replicate));
        return "js-"
                + EventDigests.sha256Hex(identity.getBytes(java.nio.charset.StandardCharsets.UTF_8)).substring(0, 16);
    }

    /// The judgement set of a run that a judge with this description completes.
    public static String judgementSetId(String runId, JudgementSpec spec) {
        return judgementSetId(runId, spec.getJudge(), spec.getParameters(), spec.getProtocolDigest(),
                spec.getCaptionsDigest() == null ? NO_CAPTIONS : spec.getCaptionsDigest(), spec.getReplicate());
    }

    /// A judgement set among those of all runs: what its state and its control are kept by.
    public static String judgementSetKey(String runId, String judgementSetId) {
        return runId + '/' + judgementSetId;
    }

    /// The judgement set a judge's request belongs to; null for any other request.
    public static @Nullable String judgementSetOf(String requestId) {
        int step = requestId.indexOf('#' + JUDGE + '@');
        int colon = requestId.indexOf(':', Math.max(step, 0));
        return step < 0 || colon < 0 ? null : requestId.substring(colon + 1);
    }

    /// Lower-case name of an enum constant as it stands in ids, files and command-line flags.
    public static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
