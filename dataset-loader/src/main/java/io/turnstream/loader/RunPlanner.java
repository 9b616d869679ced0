package io.turnstream.loader;

import io.turnstream.benchmark.expectation.Expectations;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.RunRequested;
import io.turnstream.events.Topics;
import io.turnstream.loader.messaging.PlanEvents;
import io.turnstream.loader.messaging.PlanRequests;
import io.turnstream.loader.planning.DatasetPlanner;
import io.turnstream.loader.planning.Plan;
import io.turnstream.loader.planning.PlanListener;
import io.turnstream.loader.planning.PlanRequest;
import io.turnstream.loader.planning.PlannedDialogue;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.UnusableDatasetException;
import io.turnstream.messaging.EventBatch;
import io.turnstream.messaging.EventWriter;
import io.turnstream.providers.work.ProtocolPacks;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Plans one run: streams its dialogues, at the pace of [PlanningPace], and says at the end how many there are, or why
/// there are none.
///
/// The end is written only after every dialogue is. A run that was cancelled meanwhile ends with the plan so far.
final class RunPlanner {

    private static final Logger LOG = Logger.getLogger(RunPlanner.class);

    private final DatasetPlanner planner;
    private final ProtocolPacks packs;
    private final EventWriter writer;
    private final Clock clock;

    RunPlanner(DatasetPlanner planner, ProtocolPacks packs, EventWriter writer, Clock clock) {
        this.planner = planner;
        this.packs = packs;
        this.writer = writer;
        this.clock = clock;
    }

    /// Plans a run and writes the plan.
    ///
    /// @param trace headers of the request, whose trace goes on
    /// @param cancelled whether the run was cancelled meanwhile
    /// @param hurried whether other runs wait until this one is planned
    void plan(RunRequested requested, Headers trace, BooleanSupplier cancelled, BooleanSupplier hurried)
            throws InterruptedException {
        Writing writing = new Writing(requested, trace, cancelled, hurried);
        try {
            Optional<ProtocolPack> pack = packs.await(requested.getProtocolDigest());
            if (pack.isEmpty()) {
                writing.fail("the protocol pack " + requested.getProtocolName() + " was not published", "protocol pack "
                        + requested.getProtocolDigest(), "ask for the run again");
                return;
            }
            PlanRequest request = PlanRequests.of(requested, pack.get().settings().images());
            if (requested.getFailOnError() && !writing.checkFirst(request)) {
                return;
            }
            writing.finish(planner.plan(request, writing));
        } catch (UnusableDatasetException e) {
            writing.fail(e.problem(), e.where(), e.remedy());
        }
    }

    /// Says that a run cannot be planned, for a reason that is not in its data set.
    void fail(RunRequested requested, Headers trace, String problem) throws InterruptedException {
        new Writing(requested, trace, () -> false, () -> true)
                .fail(problem, "data set loader", "see the loader's log, then ask for the run again");
    }

    private final class Writing implements PlanListener {

        private final RunRequested requested;
        private final Headers trace;
        private final BooleanSupplier cancelled;
        private final PlanEvents events;
        private final PlanningPace pace;
        private final EventBatch written = new EventBatch(writer);
        private boolean rejectionsSaid;
        private long rejections;
        private @Nullable String judgementSetId;

        private Writing(RunRequested requested, Headers trace, BooleanSupplier cancelled, BooleanSupplier hurried) {
            this.requested = requested;
            this.trace = trace;
            this.cancelled = cancelled;
            this.events = new PlanEvents(requested, clock);
            // a run with expectations calls no model before its plan is known to be the one that is expected
            boolean waitsForAll = requested.getExpectDigest() != null;
            this.pace = new PlanningPace(requested.getWindow(), () -> waitsForAll || hurried.getAsBoolean(),
                    LockSupport::parkNanos);
        }

        /// With `--fail-on-error`, goes through everything once before the first dialogue is streamed.
        private boolean checkFirst(PlanRequest request) throws InterruptedException {
            Check check = new Check();
            planner.plan(request, check);
            rejectionsSaid = true;
            RowRejection first = check.first;
            if (first != null) {
                fail(first.problem() + ", expected " + first.expected(), first.file()
                        + (first.row() == null ? "" : ", row " + first.row())
                        + (first.rowId() == null ? "" : " (id " + first.rowId() + ")")
                        + (first.field() == null ? "" : ", " + first.field()), first.remedy());
            }
            return first == null;
        }

        @Override
        public void begun(@Nullable String captionsDigest) {
            judgementSetId = events.judgementSetId(captionsDigest);
        }

        @Override
        public void planned(PlannedDialogue dialogue) {
            long began = System.nanoTime();
            write(Topics.DIALOGUES, events.dialogueId(dialogue), events.planned(dialogue, judgementSetId));
            pace.written(System.nanoTime() - began);
        }

        @Override
        public void rejected(RowRejection rejection) {
            if (!rejectionsSaid) {
                say(rejection);
            }
        }

        @Override
        public boolean isCancelled() {
            written.requireUnbroken();
            return cancelled.getAsBoolean();
        }

        private void say(RowRejection rejection) {
            write(Topics.RUNS, requested.getRunId(), events.rejected(rejection, rejections++));
        }

        private void finish(Plan plan) throws InterruptedException {
            String expected = expectedDigest();
            if (expected != null && !plan.cutShort() && !expected.equals(plan.datasetDigest())) {
                fail("the data set is not the one that is expected: its digest is " + plan.datasetDigest() + ", not "
                        + expected,
                        String.join(", ", requested.getDataset()),
                        "check data set and selection, or state what is meant; no model was called");
                return;
            }
            writeLast(events.planned(plan));
            LOG.infof(
                    "run %s: planned %d dialogues of %d rows%s (%d rows and %d questions rejected, %d warnings, %d images prepared)",
                    requested.getRunId(), plan.counts().dialogues(), plan.rows(),
                    plan.cutShort() ? ", then it was cancelled" : "", plan.rejectedRows(), plan.rejectedQuestions(),
                    plan.warnings(), plan.imagesPrepared());
        }

        /// The digest that was stated beforehand; null for none.
        private @Nullable String expectedDigest() {
            return requested.getExpectations() == null
                    ? null
                    : Expectations.parse(requested.getExpectations()).datasetDigest();
        }

        private void fail(String problem, String where, String remedy) throws InterruptedException {
            writeLast(events.failed(problem, where, remedy));
            LOG.warnf("run %s cannot be planned: %s (%s)", requested.getRunId(), problem, where);
        }

        private void write(Topics topic, String key, SpecificRecord event) {
            try {
                written.send(topic, key, event, trace);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException("writing the plan of run " + requested.getRunId() + " was interrupted",
                        e);
            }
        }

        /// Writes what ends the planning, once everything before it is written.
        private void writeLast(SpecificRecord event) throws InterruptedException {
            written.awaitWritten();
            written.send(Topics.RUNS, requested.getRunId(), event, trace);
            written.awaitWritten();
        }

        private final class Check implements PlanListener {

            private @Nullable RowRejection first;

            @Override
            public void begun(@Nullable String captionsDigest) {
                // Nothing is written yet that would need it.
            }

            @Override
            public void planned(PlannedDialogue dialogue) {
                // Streamed once everything is known to be right.
            }

            @Override
            public void rejected(RowRejection rejection) {
                say(rejection);
                if (first == null && !rejection.isWarning()) {
                    first = rejection;
                }
            }

            @Override
            public boolean isCancelled() {
                return Writing.this.isCancelled();
            }
        }
    }
}
