package io.turnstream.providers.calling;

import io.turnstream.providers.FailureCause;

/// Why a call is handed back without a result.
public enum DeferralCause {
    /// The caller asked to stop: its run is paused or cancelled, or its partition taken away.
    ABORTED(false),
    /// The provider looks down, or the call has met nothing but trouble for long; calls are held back until it answers
    /// again.
    CIRCUIT_OPEN(false),
    /// The provider asks for a longer wait than makes sense here, or the call has waited long enough in one place.
    RATE_LIMITED(false),
    /// The quota that the run or the operator set is spent for now.
    AWAITING_QUOTA(false),
    /// 401 or 403: no call of the run will get through until somebody mends the key.
    AUTHENTICATION(true),
    /// The provider does not know the model, or the base URL is no chat API.
    UNKNOWN_MODEL(true),
    /// The account's money or contingent is used up.
    QUOTA_EXHAUSTED(true);

    private final boolean stopsTheRun;

    DeferralCause(boolean stopsTheRun) {
        this.stopsTheRun = stopsTheRun;
    }

    /// Why calls are handed back after a failure that stops the run.
    ///
    /// @throws IllegalArgumentException if it does not
    public static DeferralCause of(FailureCause cause) {
        return switch (cause) {
            case AUTHENTICATION -> AUTHENTICATION;
            case NOT_FOUND -> UNKNOWN_MODEL;
            case QUOTA_EXHAUSTED -> QUOTA_EXHAUSTED;
            case RATE_LIMITED, SERVER_ERROR, TIMEOUT, CONNECTION, MALFORMED_BODY, UNUSABLE_ANSWER,
                    UNSUPPORTED_PARAMETER, FORBIDDEN,
                    BAD_REQUEST, IMAGE_UNAVAILABLE, ADAPTER_FAILED ->
                throw new IllegalArgumentException(cause + " does not stop a run");
        };
    }

    /// Whether all calls of the run would end this way, so that a person has to act first.
    public boolean stopsTheRun() {
        return stopsTheRun;
    }
}
