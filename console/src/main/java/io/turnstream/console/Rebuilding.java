package io.turnstream.console;

/// Makes the projection anew from the log, beside the live one. Thread-safe.
public interface Rebuilding {

    /// Begins, unless a rebuild is under way already.
    ///
    /// @return how it stands
    /// @throws UnacceptableRunException where somebody else rebuilds
    RebuildStatus begin();

    /// How the rebuild stands that is under way, or was the last one.
    RebuildStatus status();

    /// Breaks a rebuild off that is under way; the live projection was not touched, and what was made is removed.
    void stop();

    /// For deployments: their operator rebuilds.
    static Rebuilding byOperator() {
        return new Rebuilding() {
            @Override
            public RebuildStatus begin() {
                throw new UnacceptableRunException("the projection of a deployed platform is rebuilt by its operator",
                        "rebuild",
                        "Start an aggregator with TURNSTREAM_PROJECTION set to the next number beside the running one; "
                                + "'Rebuilding the projection' in docs/operations.md says how.");
            }

            @Override
            public RebuildStatus status() {
                return RebuildStatus.none();
            }

            @Override
            public void stop() {
                // there is none
            }
        };
    }
}
