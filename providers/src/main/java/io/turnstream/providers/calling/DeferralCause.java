package io.turnstream.providers.calling;

/// Why a call is handed back without a result.
public enum DeferralCause {
    /// The caller asked to stop: its run is paused or cancelled, or its partition taken away.
    ABORTED(false),
    /// The provider looks down; calls are held back until it answers again.
    CIRCUIT_OPEN(false),
    /// The provider asks for a longer wait than makes sense here, or the call has waited long enough in one place.
    RATE_LIMITED(false),
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

    /// Whether all calls of the run would end this way, so that a person has to act first.
    public boolean stopsTheRun() {
        return stopsTheRun;
    }
}
