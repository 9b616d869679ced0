package io.turnstream.console;

import io.turnstream.contracts.RunCommand;
import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.document.RejectedRow;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.document.ScoredStep.Contribution;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Progress.Stage;
import io.turnstream.projection.report.Provenance;
import io.turnstream.projection.report.ReportCell;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A platform with one run that writes down what is asked of it.
final class RecordedPlatform implements Platform, Reports {

    static final String ID = "01RUN0";
    static final int ROWS = 5_000;

    private static final Instant THEN = Instant.parse("2026-03-01T12:00:00Z");

    static final DeadLetterDesk.Letter LETTER = new DeadLetterDesk.Letter(3, "turnstream.runs", 0, 17, THEN,
            "turn-dispatcher", "not an event", "k", 4, 2,
            List.of(new DeadLetterDesk.Replay(THEN.plusSeconds(5), 21)));

    final List<RunOrder> orders = new ArrayList<>();
    final List<JudgementOrder> judgements = new ArrayList<>();
    final List<String> commands = new ArrayList<>();
    volatile String id = ID;
    volatile @Nullable Instant changedAt;
    @Nullable
    UnacceptableRunException refusal;

    static ScoredStep row(int number) {
        return new ScoredStep(ID + "/type_a/" + number, 3,
                new DialogueSubject(ID, ID + "/type_a/" + number, "type_a", number, "multimodal", "safe", 0, 1,
                        "Drugs", "f00"),
                "mcq-0", "mcq", null, "answered", new Contribution(true, 1), new Contribution(true, 0), 1, 10, 2, null);
    }

    @Override
    public List<String> submit(RunOrder order) {
        if (refusal != null) {
            throw refusal;
        }
        orders.add(order);
        return IntStream.rangeClosed(1, order.models().size()).mapToObj(n -> "01RUN" + n).toList();
    }

    /// The letters 3 and 4, the latter sent back before; a rebuild that goes on until it is stopped.
    Upkeep upkeep() {
        return new Upkeep(new Rebuilding() {
            private RebuildStatus status = RebuildStatus.none();

            @Override
            public RebuildStatus begin() {
                status = new RebuildStatus(RebuildStatus.Phase.READING, 7, 9, 0.5, Map.of(), null, 0, null);
                return status;
            }

            @Override
            public RebuildStatus status() {
                return status;
            }

            @Override
            public void stop() {
                status = status.in(RebuildStatus.Phase.STOPPED, 1, null);
            }
        }, new DeadLetterDesk() {
            @Override
            public List<Letter> letters() {
                return List.of(LETTER);
            }

            @Override
            public Optional<Opened> open(long id) {
                return Optional.of(new Opened(LETTER, Map.of("ce_id", "e1"), null, "\\u001b[2J", "1b5b324a"))
                        .filter(opened -> id == LETTER.id());
            }

            @Override
            public Optional<Letter> replay(long id, boolean again) {
                commands.add("REPLAY " + id + ' ' + again);
                return Optional.of(LETTER).filter(letter -> id == letter.id());
            }
        });
    }

    @Override
    public AcceptedJudgement judge(String run, JudgementOrder order) {
        if (refusal != null) {
            throw refusal;
        }
        judgements.add(order);
        return new AcceptedJudgement(new JudgementSetName(runId(run).orElse(run), "js-1"), THEN);
    }

    @Override
    public void command(JudgementSetName set, RunCommand command, @Nullable String reason) {
        commands.add(command + " " + set.runId() + " " + set.judgementSetId() + " " + reason);
    }

    @Override
    public void retry(String runId, List<String> also, CostTerms costs) {
        commands.add("RETRY " + runId + " " + also);
    }

    @Override
    public void command(String runId, RunCommand command, @Nullable String reason, CostTerms costs) {
        commands.add(command + " " + runId + " " + reason
                + (costs.hasLimit() ? " " + costs.costLimitUsd() + "/" + costs.judgeCostLimitUsd() : ""));
    }

    @Override
    public Reports reports() {
        return this;
    }

    @Override
    public List<RunSummary> runs() {
        return List.of(new RunSummary(id, "sim/eager", null, null, "running", null, THEN, changedAt, List.of("/data"),
                "mtmcs-v1", List.of("t"), 4L, 1,
                List.of(new RunSummary.JudgedAgain("js-1", "sim/better", "running")), 9, true));
    }

    @Override
    public Optional<String> runId(String wanted) {
        return wanted.equals("last") || ID.startsWith(wanted) ? Optional.of(ID) : Optional.empty();
    }

    @Override
    public Optional<RunReport> run(String wanted) {
        return runId(wanted).map(id -> new RunReport(id, "sim/eager", null, "running", "a reason", false, 4,
                Map.of("answered", 4L),
                Map.of("mcq", Map.of("answered", 4L)), 4, 1, 2, 3, 4, List.of(),
                new Provenance(THEN, null, null, "me", "0.1.0", "mtmcs-v1", "d", List.of("/data"), null, null, null,
                        null, RunOrder.EVERYTHING, 1L, 2L, 3L,
                        4L, null, null, List.of("eager"), List.of(), Map.of("mcq", new Parameters(0.1, 64, null)),
                        Map.of("mcq", List.of(new Parameters(null, 64, 1L))), RunOrder.DEFAULT_LIMITS, null, List.of(),
                        null, null,
                        List.of(new Provenance.Seal("s", null, "r", 1, null, null, null))),
                judgementSets(id), List.of(),
                List.of(new ReportCell("all", "all", "all", "mcq_safe", null, "corrected", 0.5, 4, 4, null, 0.7))));
    }

    @Override
    public List<JudgementSetFacts> judgementSets(String runId) {
        return List.of(new JudgementSetFacts("js-1", "sim/better", List.of("better-1"), new Parameters(0.0, 128, null),
                List.of(new Parameters(null, 128, null)), "mtmcs-v1", "d", null, 1, "running", null, false, 4L,
                1, Map.of("judged", 1L), 7, 0, THEN,
                List.of(new JudgementSetFacts.Round(THEN, "me", "0.1.0", false, 0))));
    }

    @Override
    public Optional<Progress> progress(String runId) {
        return runId(runId).map(id -> new Progress(id, "running", null, false, 4L,
                new Stage(12, Map.of("answered", 3L)), new Stage(4, Map.of()),
                new Stage(0, Map.of()), 3, 1, 2, 3, 4, 5));
    }

    @Override
    public void rows(String runId, Consumer<ScoredStep> consumer) {
        IntStream.range(0, ROWS).mapToObj(RecordedPlatform::row).forEach(consumer);
    }

    @Override
    public void dialogues(String runId, Consumer<Dialogue> consumer) {
        // none
    }

    @Override
    public boolean dialoguesSettled(String runId) {
        return true;
    }

    @Override
    public List<ScoreCounts> cells(String runId) {
        return List.of(new ScoreCounts("c", 1, ID, "type_a", "unimodal", "safe", "Drugs", "mcq", null, 1,
                Map.of("answered", 1L), 1, 1, 1, 0, 1, 2, 3, 4, 0));
    }

    @Override
    public List<RejectedRow> rejections(String runId) {
        return List
                .of(new RejectedRow(ID, "a.parquet", "type_a", 3L, 7, "r1", "is empty", "a text", "fill it in", false));
    }
}
