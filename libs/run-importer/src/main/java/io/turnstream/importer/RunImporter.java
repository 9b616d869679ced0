package io.turnstream.importer;

import io.turnstream.events.Topics;
import io.turnstream.importer.messaging.ImportEvents;
import io.turnstream.importer.reading.LeftOut;
import io.turnstream.importer.reading.RecordingReader;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.EventProducer;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.providers.work.ModelCaller;
import io.turnstream.providers.work.RequestDesk;
import io.turnstream.providers.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Brings a recorded run in: asks for a run whose model and judge are recorded ones, plans a dialogue for each that was
/// recorded, and answers the run's requests from the recording.
///
/// The dispatcher accepts what it asks for, in order, as in any run; what follows from accepted events follows here,
/// too. Nothing is called. An import that is interrupted leaves a run that somebody has to cancel; importing the folder
/// again makes another one.
public final class RunImporter {

    /// Its name in events.
    public static final String NAME = "run-importer";

    private static final Logger LOG = Logger.getLogger(RunImporter.class);
    private static final Duration PACK_PATIENCE = Duration.ofSeconds(30);

    private final ServiceKafka kafka;
    private final String version;
    private final Clock clock;

    /// @param kafka stays open
    /// @param version of this code, kept with each run
    public RunImporter(ServiceKafka kafka, String version, Clock clock) {
        this.kafka = kafka;
        this.version = version;
        this.clock = clock;
    }

    /// Writes the run's plan and begins to answer its requests.
    ///
    /// @return to be closed when the run is over, and not before
    /// @throws FolderChangedException if the folder is not what it was when it was surveyed; the run has failed then
    public ImportedRun start(ImportOrder order) {
        ImportEvents events = new ImportEvents(order.recording(), order.pack(), order.judge(), order.requestedBy(),
                version, clock);
        RecordedAnswers answers = new RecordedAnswers(events.runId());
        Writing writing = new Writing(kafka.producer(),
                EventHeaders.of(events.requested(), NAME, events.runId(), null));
        writing.now(Topics.PROTOCOL_PACKS, order.pack().digest(), events.published(order.pack()));
        AnsweredRun run = new AnsweredRun(events.runId());
        try {
            answer(run, Topics.TURN_REQUESTS, Topics.TURN_ANSWERS, answers.toModelRequests());
            answer(run, Topics.JUDGE_REQUESTS, Topics.JUDGEMENTS, answers.toJudgeRequests());
            writing.now(Topics.RUNS, run.runId(), events.requested());
            plan(order, events, answers, writing);
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private void answer(AnsweredRun run, Topics requests, Topics answers, Work work) {
        ModelCaller nobody = (prompt, permission) -> {
            throw new IllegalStateException("a recorded answer needs no call");
        };
        run.answeredBy(RequestFollower.fromEndOf(requests, kafka, RequestDesk.open(kafka, PACK_PATIENCE, work, nobody,
                clock,
                (dialogueId, event, parent) -> kafka.producer().send(answers, dialogueId, event, parent).join())));
    }

    private void plan(ImportOrder order, ImportEvents events, RecordedAnswers answers, Writing writing) {
        List<LeftOut> leftOut = order.recording().leftOut();
        for (int i = 0; i < leftOut.size(); i++) {
            writing.soon(Topics.RUNS, events.runId(), events.rejected(leftOut.get(i), i));
        }
        String digest = new RecordingReader(order.recording().folder()).dialogues(dialogue -> {
            String dialogueId = events.dialogueId(dialogue.key());
            answers.put(dialogueId, dialogue);
            writing.soon(Topics.DIALOGUES, dialogueId, events.planned(dialogue));
        });
        writing.flush();
        if (!digest.equals(order.recording().contentDigest())) {
            FolderChangedException changed = new FolderChangedException(order.recording().folder().root());
            writing.now(Topics.RUNS, events.runId(),
                    events.failed(changed.problem(), changed.where(), changed.remedy()));
            throw changed;
        }
        writing.now(Topics.RUNS, events.runId(), events.planned(order.recording()));
        LOG.infof("run %s: %d recorded dialogues, %d things left out or remarked on", events.runId(),
                order.recording().dialogues(), leftOut.size());
    }

    /// Writes events, and fails where one could not be written.
    private static final class Writing {

        private final EventProducer producer;
        private final Headers trace;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        private Writing(EventProducer producer, Headers trace) {
            this.producer = producer;
            this.trace = trace;
        }

        private void now(Topics topic, String key, SpecificRecord event) {
            send(topic, key, event).join();
        }

        private void soon(Topics topic, String key, SpecificRecord event) {
            throwIfBroken();
            send(topic, key, event);
        }

        private void flush() {
            producer.flush();
            throwIfBroken();
        }

        private CompletableFuture<?> send(Topics topic, String key, SpecificRecord event) {
            return producer.send(topic, key, event, trace).whenComplete((metadata, broken) -> {
                if (broken != null) {
                    failure.compareAndSet(null, broken);
                }
            });
        }

        private void throwIfBroken() {
            Throwable broken = failure.get();
            if (broken != null) {
                throw new CompletionException("writing the plan of an imported run", broken);
            }
        }
    }
}
