package io.turnstream.standalone.platform;

import io.turnstream.console.RebuildStatus;
import io.turnstream.console.RebuildStatus.Phase;
import io.turnstream.console.Rebuilding;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.messaging.TopicLayout;
import io.turnstream.metrics.MetricsAggregator;
import io.turnstream.metrics.ProjectionRemains;
import io.turnstream.metrics.Rebuild;
import io.turnstream.metrics.sink.SinkChannels;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.store.ProjectionComparison;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.projection.store.StoredReports;
import io.turnstream.standalone.home.Home;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The projection of this platform with the aggregator that makes it, and the next one while a rebuild makes it:
///
/// ```
///  NONE ──► READING ──► COMPARING ──► (swap) ──► DONE
///              └────────────┴──► STOPPED, FAILED: what was made is removed, the live one was not touched
/// ```
///
/// The swap is one file of the home that is replaced as a whole. Killed before it, the home has its former projection,
/// killed after it the new one; what is left over in either case is removed by the next rebuild.
final class LiveProjection implements Rebuilding, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LiveProjection.class);
    private static final Duration READERS_PATIENCE = Duration.ofSeconds(30);
    private static final Duration COMPARISON_PATIENCE = Duration.ofSeconds(3);
    private static final String SERVICE = "metrics-aggregator";

    /// What it stands on.
    record Ground(Home home, KafkaConnection connection, SchemaIds schemas, MetricsAggregator.Settings settings,
            SinkChannels channels) {}

    /// A projection that is being made.
    ///
    /// @param aggregator null while an empty one stands in for one that was damaged
    private record Making(OpenProjection open, ServiceKafka kafka,
            @Nullable MetricsAggregator aggregator) implements AutoCloseable {

        @Override
        public void close() {
            if (aggregator != null) {
                aggregator.close();
            }
            kafka.close();
            open.close();
        }
    }

    private final Ground ground;
    private final ProjectionRemains remains;
    private final SwitchedReports reports;
    private volatile Making live;
    private volatile RebuildStatus status = RebuildStatus.none();
    private volatile boolean stopAsked;
    private volatile boolean closing;
    private @Nullable Thread rebuilding;
    /// Used by the rebuild's thread only.
    private int newest;

    /// Starts the aggregator of the projection that is open; one that was damaged is left empty, for a rebuild to
    /// replace.
    LiveProjection(Ground ground, OpenProjection open) {
        this.ground = ground;
        this.remains = new ProjectionRemains(ground.connection());
        this.reports = new SwitchedReports(new StoredReports(open.database()));
        ServiceKafka kafka = kafka(open.generation());
        MetricsAggregator aggregator = open.isRepaired()
                ? null
                : new MetricsAggregator(ground.channels(), kafka, open.database(), open.generation(),
                        ground.settings());
        this.live = new Making(open, kafka, aggregator);
    }

    void start() {
        MetricsAggregator aggregator = live.aggregator();
        if (aggregator != null) {
            TopicLayout.standalone().createMissing(ground.connection(),
                    MetricsAggregator.topics(live.open().generation()));
            aggregator.start();
        }
    }

    /// Whether what is logged arrives in the live projection; also while there is none, because it was damaged.
    boolean isAlive() {
        MetricsAggregator aggregator = live.aggregator();
        return aggregator == null || aggregator.isAlive();
    }

    /// Of the projection that is the live one at each moment.
    Reports reports() {
        return reports;
    }

    @Override
    public synchronized RebuildStatus begin() {
        if (!status.phase().isGoingOn() && !closing) {
            stopAsked = false;
            status = new RebuildStatus(Phase.READING, 0, 0, 0, Map.of(), null, 0, null);
            rebuilding = Thread.ofPlatform().name("rebuild").start(this::rebuild);
        }
        return status;
    }

    @Override
    public RebuildStatus status() {
        return status;
    }

    @Override
    public void stop() {
        stopAsked = true;
        Thread thread;
        synchronized (this) {
            thread = rebuilding;
        }
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void rebuild() {
        long startedNanos = System.nanoTime();
        Making making = null;
        try {
            newest = newest();
            int removed = removeRemains();
            ProjectionGeneration next = new ProjectionGeneration(++newest);
            OpenProjection open = OpenProjection.open(ground.home().layout(), next);
            ServiceKafka kafka = kafka(next);
            making = new Making(open, kafka, null);
            Rebuild rebuild = new Rebuild(ground.channels(), kafka, TopicLayout.standalone(), open.database(), next,
                    ground.settings());
            making = new Making(open, kafka, rebuild.aggregator());
            ProjectionComparison.Result comparison = make(rebuild, open, removed, startedNanos);
            swap(making);
            making = null;
            RebuildStatus last = status;
            status = new RebuildStatus(Phase.DONE, last.read(), last.total(), secondsSince(startedNanos),
                    comparison == null ? ProjectionComparison.documents(open.database()) : comparison.documents(),
                    comparison, removed, null);
        } catch (Rebuild.StoppedException e) {
            status = status.in(Phase.STOPPED, secondsSince(startedNanos), null);
        } catch (RuntimeException e) {
            LOG.error("the rebuild has failed; the live projection is as it was", e);
            status = status.in(Phase.FAILED, secondsSince(startedNanos), String.valueOf(e.getMessage()));
        } finally {
            if (making != null) {
                discard(making);
            }
        }
    }

    /// Reads the log into the new projection and compares it with the live one.
    private ProjectionComparison.@Nullable Result make(Rebuild rebuild, OpenProjection open, int removed,
            long startedNanos) {
        rebuild.start();
        rebuild.awaitCaughtUp(progress -> {
            requireGoingOn();
            status = new RebuildStatus(Phase.READING, progress.read(), progress.total(), secondsSince(startedNanos),
                    Map.of(), null, removed, null);
        });
        if (live.open().isRepaired()) {
            return null;
        }
        status = status.in(Phase.COMPARING, secondsSince(startedNanos), null);
        ProjectionComparison.Result comparison = ProjectionComparison.compare(live.open().database(), open.database(),
                COMPARISON_PATIENCE);
        requireGoingOn();
        return comparison;
    }

    private void requireGoingOn() {
        if (stopAsked) {
            throw Rebuild.stopped();
        }
    }

    private void swap(Making next) {
        ground.home().makeLive(next.open().generation());
        Making former = live;
        live = next;
        reports.switchTo(new StoredReports(next.open().database()), READERS_PATIENCE);
        discard(former);
    }

    /// Closes a projection and deletes all that it has. What cannot be deleted now is left for the next rebuild.
    private void discard(Making making) {
        try {
            making.close();
            remove(making.open().generation());
        } catch (RuntimeException e) {
            LOG.warnf(e, "what generation %d of the projection has is left for the next rebuild to remove",
                    making.open().generation().number());
        }
    }

    /// @return how many rebuilds that were broken off have left something
    private int removeRemains() {
        int number = live.open().generation().number();
        Set<Integer> others = generations();
        others.remove(number);
        others.forEach(other -> remove(new ProjectionGeneration(other)));
        return (int) others.stream().filter(other -> other > number).count();
    }

    private void remove(ProjectionGeneration generation) {
        remains.remove(generation);
        Path tables = ground.settings().stateDirectory().resolve(generation.named(MetricsAggregator.APPLICATION_ID));
        OpenProjection.delete(ground.home().layout(), generation, tables);
    }

    private Set<Integer> generations() {
        Set<Integer> all = new TreeSet<>(remains.generations());
        all.addAll(OpenProjection.generations(ground.home().layout()));
        return all;
    }

    /// The highest number that was given: none is given twice, so that nothing new meets what is just being deleted.
    private int newest() {
        int number = live.open().generation().number();
        return Math.max(newest, generations().stream().mapToInt(Integer::intValue).reduce(number, Math::max));
    }

    private ServiceKafka kafka(ProjectionGeneration generation) {
        return ServiceKafka.sharing(SERVICE, ground.connection().as("p" + generation.number()), ground.schemas());
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    @Override
    public void close() {
        closing = true;
        stop();
        live.close();
    }
}
