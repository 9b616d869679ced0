package io.turnstream.standalone.platform;

import io.turnstream.console.Platform;
import io.turnstream.console.RunOrder;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Reports;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The platform as others on this machine see it; remembers the runs they asked for or resumed, since this process has to stay for them.
final class GuestRuns implements Platform {

    private final Platform platform;
    private final Map<String, String> runs = new ConcurrentHashMap<>();

    GuestRuns(Platform platform) {
        this.platform = platform;
    }

    @Override
    public List<String> submit(RunOrder order) {
        List<String> ids = platform.submit(order);
        for (int i = 0; i < ids.size(); i++) {
            runs.put(ids.get(i), order.models().get(i));
        }
        return ids;
    }

    @Override
    public void command(String runId, RunCommand command, @Nullable String reason) {
        platform.command(runId, command, reason);
        if (command == RunCommand.RESUME || command == RunCommand.RETRY) {
            platform.reports().runs().stream().filter(run -> run.id().equals(runId)).findFirst().ifPresent(run -> runs.put(runId, run.model()));
        }
        if (command == RunCommand.PAUSE || command == RunCommand.CANCEL) {
            runs.remove(runId);
        }
    }

    @Override
    public Reports reports() {
        return platform.reports();
    }

    /// Their runs, `provider/name` by id, the oldest first.
    Map<String, String> all() {
        Map<String, String> sorted = new LinkedHashMap<>();
        runs.keySet().stream().sorted().forEach(id -> sorted.put(id, runs.get(id)));
        return sorted;
    }
}
