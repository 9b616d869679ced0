package io.turnstream.standalone.cli;

import io.turnstream.projection.report.RunReport;
import java.util.Collection;

/// What the commands' exit codes mean.
public enum ExitCode {
    /// Everything that was asked for is done.
    DONE(0),
    /// A gate or check failed.
    CHECK_FAILED(1),
    /// Wrong usage or input: nothing was run, or the plan could not be made.
    WRONG_INPUT(2),
    /// The run ended with gaps, was halted or cancelled, or could not go on.
    INCOMPLETE(3),
    /// Interrupted by the user.
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// What some runs together end a command with: the worst of them.
    public static ExitCode of(Collection<RunReport> runs) {
        return runs.stream().map(ExitCode::of).max(Enum::compareTo).orElse(DONE);
    }

    /// What a run ends a command with: a gate that failed counts where the run is whole.
    public static ExitCode of(RunReport run) {
        ExitCode code = of(run.state());
        return code == DONE && run.gates().stream().anyMatch(gate -> !gate.passed()) ? CHECK_FAILED : code;
    }

    /// What a run in that state ends a command with.
    ///
    /// @param state wire name of the run's state
    public static ExitCode of(String state) {
        return switch (state) {
            case "completed" -> DONE;
            case "failed" -> WRONG_INPUT;
            default -> INCOMPLETE;
        };
    }
}
