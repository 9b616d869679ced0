package io.turnstream.providers.calling;

import io.turnstream.providers.CallQuota;
import io.turnstream.providers.ModelCall;

/// A call and how to go about it.
///
/// @param call           what to ask
/// @param retry          how often and when to try again
/// @param run            whose call it is: runs share a model's places evenly
/// @param priority       higher goes first among the run's calls that wait for a place at the same model: a dialogue
///                       that has begun should end before another begins
/// @param maxConnections most calls of the run in flight at this model, at least 1
/// @param maxTokensFlag  what a person sets to raise the token limit: `--judge-max-tokens`
/// @param quota          what its run allows in any minute
/// @param hasHaltedRun   whether its run was halted over it before, and has been resumed since
public record CallOrder(
        ModelCall call,
        RetryPolicy retry,
        String run,
        int priority,
        int maxConnections,
        String maxTokensFlag,
        CallQuota quota,
        boolean hasHaltedRun) {

    /// Of a run that was never halted over it.
    public CallOrder(
            ModelCall call, RetryPolicy retry, String run, int priority, int maxConnections, String maxTokensFlag,
            CallQuota quota) {
        this(call, retry, run, priority, maxConnections, maxTokensFlag, quota, false);
    }

    /// Without a quota.
    public CallOrder(ModelCall call, RetryPolicy retry, String run, int priority, int maxConnections,
            String maxTokensFlag) {
        this(call, retry, run, priority, maxConnections, maxTokensFlag, CallQuota.NONE);
    }

    public CallOrder {
        if (maxConnections < 1) {
            throw new IllegalArgumentException("maxConnections is " + maxConnections + ", expected at least 1");
        }
    }
}
