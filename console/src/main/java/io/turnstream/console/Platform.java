package io.turnstream.console;

import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Reports;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A running platform, seen by those who use it: [KafkaPlatform] in this process, [io.turnstream.console.remote.RemotePlatform]
/// over HTTP. Thread-safe.
public interface Platform {

    /// Asks for one run per model of the order.
    ///
    /// @return the ids of the runs, in the order of the models; once they are returned, the runs stand in the log
    /// @throws UnacceptableRunException if something about the order is wrong; then nothing was started
    /// @throws PlatformUnreachableException if the platform cannot be reached
    List<String> submit(RunOrder order);

    /// Asks something of a run. A command that does not fit the run's state changes nothing.
    ///
    /// @param runId full id
    /// @param reason why, for people
    /// @throws PlatformUnreachableException if the platform cannot be reached
    void command(String runId, RunCommand command, @Nullable String reason);

    /// What there is to read about runs.
    Reports reports();
}
