package io.turnstream.standalone.platform;

import io.turnstream.console.AcceptedJudgement;
import io.turnstream.console.CostTerms;
import io.turnstream.console.JudgementOrder;
import io.turnstream.console.JudgementSetName;
import io.turnstream.console.Platform;
import io.turnstream.console.RunOrder;
import io.turnstream.console.UnacceptableRunException;
import io.turnstream.contracts.RunCommand;
import io.turnstream.projection.report.Reports;
import io.turnstream.standalone.cli.Guests;
import io.turnstream.standalone.cli.Platforms;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The platform as others on this machine see it; remembers the runs they asked for or resumed, since this process has
/// to stay for them.
final class GuestRuns implements Platform {

    private final Platform platform;
    private final Platforms.Work work;
    private final Map<String, String> runs = new ConcurrentHashMap<>();
    private final Map<JudgementSetName, Guests.Judging> sets = new ConcurrentHashMap<>();

    /// @param work what the platform does: one that calls no models cannot go on with their runs
    GuestRuns(Platform platform, Platforms.Work work) {
        this.platform = platform;
        this.work = work;
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
    public void command(String runId, RunCommand command, @Nullable String reason, CostTerms costs) {
        if (command == RunCommand.RESUME) {
            goOn(runId, () -> platform.command(runId, command, reason, costs));
            return;
        }
        platform.command(runId, command, reason, costs);
        if (command == RunCommand.PAUSE || command == RunCommand.CANCEL) {
            runs.remove(runId);
        }
    }

    @Override
    public void retry(String runId, List<String> also, CostTerms costs) {
        goOn(runId, () -> platform.retry(runId, also, costs));
    }

    private void goOn(String runId, Runnable order) {
        if (work != Platforms.Work.CALLS) {
            throw new UnacceptableRunException("the platform that runs on this home calls no models now", "run",
                    "Wait until its command has ended, then try again.");
        }
        order.run();
        platform.reports().runs().stream().filter(run -> run.id().equals(runId)).findFirst()
                .ifPresent(run -> runs.put(runId, run.model()));
    }

    @Override
    public AcceptedJudgement judge(String run, JudgementOrder order) {
        AcceptedJudgement accepted = platform.judge(run, order);
        sets.put(accepted.set(), new Guests.Judging(String.valueOf(order.judge()), accepted.at()));
        return accepted;
    }

    @Override
    public void command(JudgementSetName set, RunCommand command, @Nullable String reason) {
        platform.command(set, command, reason);
        if (command == RunCommand.PAUSE || command == RunCommand.CANCEL) {
            sets.remove(set);
        } else if (command == RunCommand.RESUME) {
            sets.put(set,
                    platform.reports().judgementSets(set.runId()).stream()
                            .filter(facts -> facts.judgementSetId().equals(set.judgementSetId()))
                            .map(facts -> new Guests.Judging(facts.judge(), Instant.EPOCH)).findFirst()
                            .orElse(new Guests.Judging("", Instant.EPOCH)));
        }
    }

    @Override
    public Reports reports() {
        return platform.reports();
    }

    /// What they asked for, the oldest runs first.
    Guests all() {
        Map<String, String> sorted = new LinkedHashMap<>();
        runs.keySet().stream().sorted().forEach(id -> sorted.put(id, runs.get(id)));
        return new Guests(sorted, Map.copyOf(sets));
    }
}
