package io.turnstream.standalone.platform;

import io.turnstream.console.JudgementSetName;
import io.turnstream.console.Platform;
import io.turnstream.contracts.JudgementSetRefused;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.LogRange;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunControl;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunState;
import io.turnstream.dispatch.TurnDispatcher;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.CompactedTable;
import io.turnstream.messaging.EventHeaders;
import io.turnstream.messaging.LogReader;
import io.turnstream.messaging.RunLog;
import io.turnstream.messaging.ServiceKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Runs and judgement sets that go on in the log although nobody is there who asked for them: what a killed platform
/// left behind. They are paused before any worker starts, so that opening a home never spends money by itself.
final class UnattendedRuns {

    private static final Logger LOG = Logger.getLogger(UnattendedRuns.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final String REASON = "the platform stopped while the run was going on";

    private final ServiceKafka kafka;
    private final Platform platform;

    UnattendedRuns(ServiceKafka kafka, Platform platform) {
        this.kafka = kafka;
        this.platform = platform;
    }

    /// Pauses them, and waits until every worker would see that.
    ///
    /// @return how many there were
    int pauseAll() {
        try (CompactedTable<RunControl> controls = new CompactedTable<>(kafka.connection(), Topics.RUN_CONTROL,
                bytes -> (RunControl) kafka.serde().fromBytes(bytes))) {
            controls.awaitLoaded(PATIENCE);
            Set<String> goingOn = new LinkedHashSet<>(unread());
            controls.entries().forEach((runId, control) -> {
                if (control.getState() == RunState.RUNNING) {
                    goingOn.add(runId);
                }
            });
            goingOn.forEach(this::pause);
            long end = System.nanoTime() + PATIENCE.toNanos();
            for (String runId : goingOn) {
                while (controls.get(runId).map(control -> control.getState() == RunState.RUNNING).orElse(true)) {
                    if (System.nanoTime() > end) {
                        throw new IllegalStateException(
                                "run " + runId + " could not be paused within " + PATIENCE.toSeconds() + " s");
                    }
                    Thread.sleep(LOOK);
                }
            }
            if (!goingOn.isEmpty()) {
                LOG.infof("paused %d runs that nobody asks for now: %s", goingOn.size(), goingOn);
            }
            return goingOn.size();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pausing runs", e);
        }
    }

    /// @param key of a run or a judgement set, as in [Topics#RUN_CONTROL]
    private void pause(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            platform.command(key, RunCommand.PAUSE, REASON);
        } else {
            platform.command(new JudgementSetName(key.substring(0, slash), key.substring(slash + 1)), RunCommand.PAUSE,
                    REASON);
        }
    }

    /// Whether the dispatcher takes a request for a judgement set, once it has read it.
    private boolean isAccepted(JudgementSetRequested requested) {
        SpecificRecord answer = RunLog
                .awaitAnswer(kafka.connection(), kafka.serde(), requested.getRunId(), requested.getMeta().getEventId(),
                        PATIENCE)
                .orElseThrow(() -> new IllegalStateException(
                        "the dispatcher did not answer a request within " + PATIENCE.toSeconds() + " s"));
        return !(answer instanceof JudgementSetRefused);
    }

    /// @return null for a record that cannot be read, which the dispatcher lays aside
    private @Nullable SpecificRecord event(ConsumerRecord<String, byte[]> record) {
        try {
            return kafka.serde().fromBytes(record.value());
        } catch (SerializationException e) {
            LOG.debugf("%s[%d]@%d asks for nothing: %s", record.topic(), record.partition(), record.offset(),
                    e.getMessage());
            return null;
        }
    }

    /// Runs and judgement sets that were asked for in records that the dispatcher has not read yet.
    private List<String> unread() throws InterruptedException {
        List<String> runs = new ArrayList<>();
        try (Admin admin = Admin.create(kafka.connection().as("unattended").common());
                LogReader<String> log = LogReader.of(kafka.connection().as("unattended"))) {
            Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(TurnDispatcher.APPLICATION_ID)
                    .partitionsToOffsetAndMetadata().get();
            List<LogRange> unread = new ArrayList<>();
            log.ends(log.partitions(Topics.RUNS)).forEach((partition, end) -> {
                OffsetAndMetadata position = read.get(partition);
                unread.add(LogReader.range(partition, position == null ? 0 : position.offset(), end));
            });
            log.read(unread, record -> {
                SpecificRecord event = EventHeaders.isImported(record.headers()) ? null : event(record);
                if (event instanceof RunRequested requested) {
                    runs.add(requested.getRunId());
                } else if (event instanceof JudgementSetRequested requested && isAccepted(requested)) {
                    runs.add(Ids.judgementSetKey(requested.getRunId(), requested.getSpec().getJudgementSetId()));
                }
            });
            return runs;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read the dispatcher's position: " + e.getCause().getMessage(),
                    e.getCause());
        }
    }
}
