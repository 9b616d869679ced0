package io.turnstream.console;

import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Reports;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A running platform, seen by those who use it: [KafkaPlatform] in this process,
/// [io.turnstream.console.remote.RemotePlatform] over HTTP. Thread-safe.
public interface Platform {

    /// Asks for one run per model of the order.
    ///
    /// @return the ids of the runs, in the order of the models; once they are returned, the runs stand in the log
    /// @throws UnacceptableRunException if something about the order is wrong; then nothing was started
    /// @throws PlatformUnreachableException if the platform cannot be reached
    List<String> submit(RunOrder order);

    /// Asks something of a run. A command that does not fit the run's state changes nothing. To resume a run returns
    /// once [#reports] shows what came of it, so that nobody takes the state before for a new one.
    ///
    /// @param runId full id
    /// @param reason why, for people
    /// @throws PlatformUnreachableException if the platform cannot be reached
    default void command(String runId, RunCommand command, @Nullable String reason) {
        command(runId, command, reason, CostTerms.NONE);
    }

    /// The same, with limits of money that hold from then on. The run's prices stay what they were.
    ///
    /// @param costs limits; what is null stays as it is
    /// @throws UnacceptableRunException if the run cannot be held to them
    void command(String runId, RunCommand command, @Nullable String reason, CostTerms costs);

    /// Asks to try again what failed in a run that has ended, and nothing else. What succeeded stays as it is.
    ///
    /// @param also wire names of outcomes that are tried again beside failures of infrastructure: see [Retries]
    /// @param costs limits; what is null stays as it is
    /// @throws UnacceptableRunException if an outcome is none that can be tried again, or the run cannot be held to the
    /// limits
    void retry(String runId, List<String> also, CostTerms costs);

    /// Asks to judge a recorded run again, from what the log recorded; no model under test is called.
    ///
    /// @param run its id, a prefix of it, or `last`; where nothing but the log knows it, the whole id
    /// @return the set, which is being judged now
    /// @throws UnacceptableRunException if something about the order is wrong, or it does not fit the set: then nothing
    /// was started
    /// @throws PlatformUnreachableException if the platform cannot be reached
    AcceptedJudgement judge(String run, JudgementOrder order);

    /// Asks something of a judgement set: to pause, resume or cancel. A command that does not fit its state changes
    /// nothing. To resume a set returns once [#reports] shows what came of it.
    ///
    /// @param reason why, for people
    /// @throws PlatformUnreachableException if the platform cannot be reached
    void command(JudgementSetName set, RunCommand command, @Nullable String reason);

    /// What there is to read about runs.
    Reports reports();
}
