package io.turnstream.standalone.cli;

import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveImport;
import io.turnstream.console.AcceptedJudgement;
import io.turnstream.console.CostTerms;
import io.turnstream.console.JudgementOrder;
import io.turnstream.console.JudgementSetName;
import io.turnstream.console.Platform;
import io.turnstream.console.RebuildStatus;
import io.turnstream.console.Rebuilding;
import io.turnstream.console.RunOrder;
import io.turnstream.console.UnacceptableRunException;
import io.turnstream.contracts.RunCommand;
import io.turnstream.importer.ImportOrder;
import io.turnstream.importer.ImportedRun;
import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.RejectedRow;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Progress.Stage;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// A platform that carries out nothing: runs are in the state they are put in, and what is asked of it is written down.
final class FakePlatforms implements Platforms, Platform, Reports {

    final List<RunOrder> orders = new ArrayList<>();
    final List<String> commands = new ArrayList<>();
    final List<JudgementOrder> judgementOrders = new ArrayList<>();
    final List<String> judgedRuns = new ArrayList<>();
    final List<JudgementSetFacts> judgementSets = new ArrayList<>();
    @Nullable
    UnacceptableRunException judgementRefusal;
    final List<ImportOrder> imports = new ArrayList<>();
    final List<String> closedImports = new ArrayList<>();
    final Map<String, RunReport> runs = new LinkedHashMap<>();
    final List<Dialogue> dialogues = new ArrayList<>();
    final List<ScoredStep> rows = new ArrayList<>();
    @Nullable
    AuditLog log;
    @Nullable
    Callees callees;
    @Nullable
    Work work;
    Reach reach = Reach.OWN;
    boolean running;
    final List<RebuildStatus> rebuildStatus = new ArrayList<>();
    final List<DeadLetterDesk.Opened> deadLetters = new ArrayList<>();
    String stateOfNewRuns = "completed";
    /// What a run is once it was resumed; else completed.
    @Nullable
    RunReport afterResume;
    /// How often progress shows more of a run that is over before all of it is there.
    int unsettledLooks;
    /// Whether what is still missing never arrives.
    boolean stillUnsettled;

    @Override
    public boolean isRunning(Place place) {
        return running;
    }

    @Override
    public <T> T read(Place place, Function<Reports, T> use) {
        return use.apply(this);
    }

    @Override
    public int use(Place place, Work wanted, Callees wantedCallees, ToIntFunction<Reached> use) {
        work = wanted;
        callees = wantedCallees;
        return use.applyAsInt(new Reached(this, reach));
    }

    @Override
    public int rebuild(Place place, ToIntFunction<Rebuilding> use) {
        return use.applyAsInt(new Rebuilding() {
            @Override
            public RebuildStatus begin() {
                commands.add("REBUILD");
                return rebuildStatus.getFirst();
            }

            @Override
            public RebuildStatus status() {
                return rebuildStatus.size() == 1 ? rebuildStatus.getFirst() : rebuildStatus.removeFirst();
            }

            @Override
            public void stop() {
                commands.add("STOP REBUILD");
                rebuildStatus.clear();
                rebuildStatus.add(RebuildStatus.none().in(RebuildStatus.Phase.STOPPED, 1, null));
            }
        });
    }

    @Override
    public <T> T deadLetters(Place place, Function<DeadLetterDesk, T> use) {
        return use.apply(new DeadLetterDesk() {
            @Override
            public List<Letter> letters() {
                return deadLetters.stream().map(Opened::letter).toList();
            }

            @Override
            public Optional<Opened> open(long id) {
                return deadLetters.stream().filter(opened -> opened.letter().id() == id).findFirst();
            }

            @Override
            public Optional<Letter> replay(long id, boolean again) {
                commands.add("REPLAY " + id + (again ? " again" : ""));
                return open(id).map(Opened::letter);
            }
        });
    }

    @Override
    public int bringIn(Place place, ToIntBiFunction<Reached, Function<ImportOrder, ImportedRun>> use) {
        return use.applyAsInt(new Reached(this, Reach.OWN), order -> {
            imports.add(order);
            String id = "01JD000000000000000000000" + (runs.size() + 1);
            runs.put(id, SampleRuns.run(id, "recorded/" + order.recording().folder().name(), stateOfNewRuns));
            return new ImportedRun() {
                @Override
                public String runId() {
                    return id;
                }

                @Override
                public boolean isAlive() {
                    return true;
                }

                @Override
                public void close() {
                    closedImports.add(id);
                }
            };
        });
    }

    @Override
    public <T> T log(Place place, Function<AuditLog, T> use) {
        return use.apply(Objects.requireNonNull(log, "no log"));
    }

    @Override
    public int copyIn(Place place, Archive archive, ToIntBiFunction<Reached, Supplier<ArchiveImport.Result>> use) {
        return use.applyAsInt(new Reached(this, reach), () -> {
            boolean here = runs.put(archive.runId(), SampleRuns.run(archive.runId(), "sim/m", "completed")) != null;
            long events = archive.manifest().events();
            return new ArchiveImport.Result(archive.runId(), here ? 0 : events, here ? events : 0, 0, 0);
        });
    }

    @Override
    public List<String> submit(RunOrder order) {
        orders.add(order);
        List<String> ids = new ArrayList<>();
        for (String model : order.models()) {
            String id = "01JD000000000000000000000" + (runs.size() + 1);
            RunReport run = SampleRuns.run(id, model, stateOfNewRuns);
            runs.put(id, order.expectations() == null ? run : SampleRuns.expected(run, order.expectations()));
            ids.add(id);
        }
        return ids;
    }

    @Override
    public AcceptedJudgement judge(String run, JudgementOrder order) {
        if (judgementRefusal != null) {
            throw judgementRefusal;
        }
        judgementOrders.add(order);
        judgedRuns.add(run);
        return new AcceptedJudgement(new JudgementSetName(runId(run).orElse(run), "js-again"), SampleRuns.REQUESTED);
    }

    @Override
    public void command(JudgementSetName set, RunCommand command, @Nullable String reason) {
        commands.add(command + " " + set.runId() + " " + set.judgementSetId());
        judgementSets.replaceAll(facts -> !facts.judgementSetId().equals(set.judgementSetId())
                ? facts
                : SampleRuns.judgementSet(facts.judgementSetId(),
                        command == RunCommand.PAUSE ? "paused" : "cancelled"));
    }

    @Override
    public void retry(String runId, List<String> also, CostTerms costs) {
        command(runId, RunCommand.RETRY, null, costs);
    }

    @Override
    public void command(String runId, RunCommand command, @Nullable String reason, CostTerms costs) {
        commands.add(command + " " + runId
                + (costs.hasLimit() ? " " + costs.costLimitUsd() + "/" + costs.judgeCostLimitUsd() : ""));
        RunReport run = runs.get(runId);
        if (run != null) {
            runs.put(runId,
                    command == RunCommand.RESUME && afterResume != null
                            ? afterResume
                            : SampleRuns.run(runId, run.model(), switch (command) {
                                case PAUSE -> "paused";
                                case CANCEL -> "cancelled";
                                case RESUME, RETRY, UNKNOWN -> "completed";
                            }));
        }
    }

    @Override
    public Reports reports() {
        return this;
    }

    @Override
    public List<RunSummary> runs() {
        return runs.values().stream().map(SampleRuns::summary).toList().reversed();
    }

    @Override
    public Optional<String> runId(String wanted) {
        if (wanted.equals(LAST)) {
            return runs.keySet().stream().reduce((first, second) -> second);
        }
        return runs.keySet().stream().filter(id -> id.startsWith(wanted)).findFirst();
    }

    @Override
    public Optional<RunReport> run(String wanted) {
        return runId(wanted).map(runs::get).map(run -> SampleRuns.judgedAgain(run, judgementSets));
    }

    @Override
    public Optional<Progress> progress(String runId) {
        unsettledLooks = Math.max(0, unsettledLooks - 1);
        boolean settled = unsettledLooks == 0 && !stillUnsettled;
        return Optional.ofNullable(runs.get(runId))
                .map(run -> new Progress(runId, run.state(), run.reason(), run.settled() && settled, 4L,
                        new Stage(12 + unsettledLooks, Map.of("answered", 12L)), new Stage(6, Map.of("answered", 6L)),
                        new Stage(4, Map.of("judged", 4L)), 22, 100, 50, 0, 0, 0));
    }

    @Override
    public List<JudgementSetFacts> judgementSets(String runId) {
        return judgementSets;
    }

    @Override
    public void rows(String runId, Consumer<ScoredStep> consumer) {
        rows.stream().filter(row -> row.subject().runId().equals(runId)).forEach(consumer);
    }

    @Override
    public void dialogues(String runId, Consumer<Dialogue> consumer) {
        dialogues.forEach(consumer);
    }

    @Override
    public boolean dialoguesSettled(String runId) {
        return true;
    }

    @Override
    public List<ScoreCounts> cells(String runId) {
        return List.of();
    }

    @Override
    public List<RejectedRow> rejections(String runId) {
        return List.of();
    }
}
