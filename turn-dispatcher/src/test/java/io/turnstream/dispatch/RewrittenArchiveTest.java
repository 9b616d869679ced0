package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.audit.Difference;
import io.turnstream.audit.Expected;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.audit.archive.Archive;
import io.turnstream.audit.archive.ArchiveLimits;
import io.turnstream.audit.archive.ArchiveWriter;
import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.JudgementFinished;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.Usage;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Texts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever keeps the root of a run can rely on all that `verify` prints beside it: an archive that was written anew,
/// digests and all, is told from the one that was kept.
class RewrittenArchiveTest {

    private static final String RUN = "01JD0000000000000000000003";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static List<Recorded> log = List.of();
    private static List<Recorded> judgedAgain = List.of();
    private static String root = "";

    @TempDir
    private Path folder;

    @BeforeAll
    static void record() {
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.plan(2, List.of("it is empty", "it is no text"));
            run.answerAll();
            log = run.log();
            run.judgeAgain("another");
            run.answerAll();
            judgedAgain = run.log();
        }
        root = Verification.of(new ListedEvents(RUN, log), Expected.nothing()).seals().getFirst().root();
    }

    @Test
    void the_archive_as_it_was_written_is_verified() throws IOException {
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.run().datasetDigest()).isEqualTo("d".repeat(64));
    }

    @Test
    void another_data_set_is_found() throws IOException {
        found(edited(RunPlanned.class, plan -> plan.setDatasetDigest("e".repeat(64))));
    }

    @Test
    void other_counts_of_the_plan_are_found() throws IOException {
        found(edited(RunPlanned.class, plan -> plan.setRejectedRows(0L)));
    }

    @Test
    void a_rejected_row_with_another_problem_is_found() throws IOException {
        found(edited(RowRejected.class, row -> row.setProblem("it is harmless")));
    }

    @Test
    void a_rejected_row_that_was_dropped_is_found() throws IOException {
        List<Recorded> rows = log.stream().filter(record -> record.event() instanceof RowRejected).toList();
        assertThat(rows).hasSize(2);
        found(Rewriting.of(log, event -> event.equals(rows.getFirst().event()) ? null : event));
        found(Rewriting.of(log, event -> event instanceof RowRejected ? null : event));
    }

    @Test
    void a_rejected_row_that_was_added_before_or_behind_the_plan_is_found() throws IOException {
        Recorded row = log.stream().filter(record -> record.event() instanceof RowRejected).findFirst().orElseThrow();
        RowRejected another = (RowRejected) Rewriting.copy(row.event());
        another.getMeta().setEventId(RUN + "/rejected/99");
        List<Recorded> before = new ArrayList<>(log);
        before.add(log.indexOf(row), row.with(another));
        found(before);
        List<Recorded> behind = new ArrayList<>(log);
        behind.add(row.with(another));
        found(behind);
        another.getMeta().setEventId(((RowRejected) row.event()).getMeta().getEventId());
        another.setProblem("it is harmless");
        found(behind);
    }

    @Test
    void another_cost_of_the_judge_is_found() throws IOException {
        found(edited(RunStateChanged.class, state -> state.setJudgeCostNanoUsd(0L)));
    }

    @Test
    void other_figures_of_a_set_that_was_asked_for_later_are_found_under_seals_of_every_version() {
        assertThat(withoutRoot(Rewriting.sealedBefore(judgedAgain))).as("as an earlier version sealed it").isNull();

        contradicted(JudgementSetStateChanged.class, end -> end.setJudgeCostNanoUsd(0L));
        contradicted(JudgementSetStateChanged.class, end -> end.setDialogues(1));
        contradicted(JudgementFinished.class, finished -> finished.setCostNanoUsd(0L));
        contradicted(SpecificRecord.class, event -> {
            if (event instanceof JudgementFinished finished) {
                finished.setCostNanoUsd(1L);
            } else if (event instanceof JudgementSetStateChanged end) {
                end.setJudgeCostNanoUsd(2L);
            }
        });
    }

    @Test
    void a_cost_of_the_runs_own_verdicts_that_is_not_that_of_their_answers_is_found() {
        contradicted(SpecificRecord.class, event -> {
            if (event instanceof DialogueFinished finished) {
                finished.setJudgeCostNanoUsd(1L);
            } else if (event instanceof RunStateChanged end) {
                end.setJudgeCostNanoUsd(2L);
            }
        });
    }

    /// Changed in a log that was sealed by an earlier version: no seal covers it.
    private static <T extends SpecificRecord> void contradicted(Class<T> type, Consumer<T> edit) {
        Difference difference = withoutRoot(Rewriting.sealedBefore(edited(judgedAgain, type, edit)));
        assertThat(difference).isNotNull();
        assertThat(difference.kind()).isEqualTo(Difference.Kind.CONTRADICTION);
    }

    private static @Nullable Difference withoutRoot(List<Recorded> records) {
        return Verification.of(new ListedEvents(RUN, records), Expected.nothing()).difference();
    }

    @Test
    void other_figures_of_the_end_are_found() throws IOException {
        found(edited(RunStateChanged.class, state -> state.setUsage(new Usage(1L, 1L, 0L))));
        found(edited(RunStateChanged.class, state -> state.setUnpricedCalls(17L)));
        found(edited(RunStateChanged.class, state -> {
            if (state.getState() == RunState.COMPLETED) {
                state.setState(RunState.INCOMPLETE);
            }
        }));
        found(edited(RunStateChanged.class, state -> {
            if (state.getState() == RunState.COMPLETED) {
                state.setReason("the provider was down");
            }
        }));
    }

    @Test
    void a_request_that_was_put_before_the_runs_own_is_found() throws IOException {
        RunRequested other = (RunRequested) Rewriting.copy(log.getFirst().event());
        other.getMeta().setEventId("another");
        other.setRequestedBy("somebody else");
        List<Recorded> more = new ArrayList<>(log);
        more.addFirst(log.getFirst().with(other));
        found(more);
    }

    @Test
    void texts_that_are_withheld_in_an_archive_that_is_not_marked_redacted_are_found() throws IOException {
        found(Rewriting.of(log, event -> {
            withhold(event);
            return event;
        }));
    }

    @Test
    void an_archive_that_was_sealed_anew_over_another_plan_is_told_by_the_root() throws IOException {
        List<Recorded> other = edited(RunPlanned.class, plan -> plan.setDatasetDigest("e".repeat(64)));
        String plan = EventDigests
                .of(other.stream().map(Recorded::event).filter(RunPlanned.class::isInstance).findFirst().orElseThrow());
        List<Recorded> sealedAnew = Rewriting.resealed(other, seal -> {
            seal.getAccount().setPlanDigest(plan);
            return seal.getAccount();
        });
        Map<String, String> roots = new HashMap<>();
        sealedAnew.forEach(record -> {
            if (record.event() instanceof RunSealed seal) {
                roots.put(String.valueOf(seal.getJudgementSetId()), seal.getRoot());
            }
        });
        sealedAnew = Rewriting.resealed(sealedAnew, seal -> {
            if (seal.getJudgementSetId() == null) {
                seal.getAccount().setVerdictsRoot(roots.get(setOf(log)));
            }
            return seal.getAccount();
        });
        assertThat(Verification.of(new ListedEvents(RUN, sealedAnew), Expected.nothing()).difference())
                .as("consistent in itself").isNull();
        assertThat(verify(sealedAnew).difference().kind()).isEqualTo(Difference.Kind.ROOT);

        List<Recorded> sealedBefore = Rewriting.sealedBefore(other);
        assertThat(Verification.of(new ListedEvents(RUN, sealedBefore), Expected.nothing()).difference())
                .as("as if it were older").isNull();
        assertThat(verify(sealedBefore).difference().kind()).isEqualTo(Difference.Kind.ROOT);
    }

    private static String setOf(List<Recorded> records) {
        return records.stream().map(Recorded::event).filter(RunPlanned.class::isInstance)
                .map(plan -> ((RunPlanned) plan).getJudgementSetId()).findFirst().orElseThrow();
    }

    private void found(List<Recorded> rewritten) throws IOException {
        Verified verified = verify(rewritten);
        assertThat(verified.difference()).isNotNull();
        // what is said to differ does: it is found without the root, too, until the seals are made anew
        assertThat(verified.difference().kind()).isNotEqualTo(Difference.Kind.ROOT);
    }

    private static <T extends SpecificRecord> List<Recorded> edited(Class<T> type, Consumer<T> edit) {
        return edited(log, type, edit);
    }

    private static <T extends SpecificRecord> List<Recorded> edited(List<Recorded> records, Class<T> type,
            Consumer<T> edit) {
        Function<SpecificRecord, @Nullable SpecificRecord> editing = event -> {
            if (type.isInstance(event)) {
                edit.accept(type.cast(event));
            }
            return event;
        };
        return Rewriting.of(records, editing);
    }

    private static void withhold(Object value) {
        switch (value) {
            case IndexedRecord record -> {
                for (Schema.Field field : record.getSchema().getFields()) {
                    Object content = record.get(field.pos());
                    if (content instanceof Text text) {
                        record.put(field.pos(), Texts.withheld(text));
                    } else {
                        withhold(content);
                    }
                }
            }
            case List<?> items -> items.forEach(RewrittenArchiveTest::withhold);
            case null, default -> {
                /* holds no text */ }
        }
    }

    private Verified verify(List<Recorded> records) throws IOException {
        Path file = folder.resolve("run-" + System.nanoTime() + ".zip");
        try (OutputStream out = Files.newOutputStream(file)) {
            ArchiveWriter.write(new ListedEvents(RUN, records), new ArchivedParts(), false, "test", START, out);
        }
        try (Archive archive = Archive.open(file, ArchiveLimits.standard())) {
            return Verification.of(archive, new Expected(root, null));
        }
    }
}
