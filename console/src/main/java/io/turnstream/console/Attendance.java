package io.turnstream.console;

import io.turnstream.messaging.KafkaConnection;
import io.turnstream.messaging.WorkGroup;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.RunStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/// Which services are at work, so that a run that needs one which is not says so. Asks the broker, and no more often
/// than every two seconds.
///
/// A member that was killed is at work for the broker until its session ends
/// ([KafkaConnection#SESSION_TIMEOUT_MILLIS]).
public final class Attendance implements AutoCloseable {

    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Supplier<Set<WorkGroup>> look;
    private final Runnable closer;
    private final String broker;
    private final AtomicReference<@Nullable Look> last = new AtomicReference<>();

    /// What was seen.
    ///
    /// @param absent groups without a member; null where the broker did not answer
    private record Look(long atNanos, @Nullable Set<WorkGroup> absent) {}

    /// @param look gives the groups without a member
    Attendance(String broker, Supplier<Set<WorkGroup>> look, Runnable closer) {
        this.broker = broker;
        this.look = look;
        this.closer = closer;
    }

    /// Asks the broker of this connection.
    public static Attendance at(KafkaConnection connection) {
        Map<String, Object> properties = connection.as("attendance").common();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        Admin admin = Admin.create(properties);
        return new Attendance(connection.bootstrapServers(), () -> absent(admin), () -> admin.close(PATIENCE));
    }

    /// The same progress, with the service that the run waits for as its reason where there is one.
    public Progress remark(Progress progress) {
        return waitsFor(progress).map(progress::withReason).orElse(progress);
    }

    private Optional<String> waitsFor(Progress progress) {
        Set<WorkGroup> needed = needed(progress);
        if (needed.isEmpty()) {
            return Optional.empty();
        }
        Set<WorkGroup> absent = look().absent();
        if (absent == null) {
            return Optional.of("the broker at " + broker + " does not answer");
        }
        List<String> missing = needed.stream().filter(absent::contains).map(WorkGroup::service).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("no " + String.join(" and no ", missing) + " is running; the run goes on once one is");
    }

    /// The services without which the run stands still.
    private static Set<WorkGroup> needed(Progress progress) {
        boolean asked = progress.state().equals(RunStates.REQUESTED);
        boolean planning = progress.state().equals("planning");
        if (!asked && !planning && !progress.state().equals("running")) {
            return Set.of();
        }
        Set<WorkGroup> needed = EnumSet.of(WorkGroup.TURN_DISPATCHER);
        if (planning) {
            needed.add(WorkGroup.DATASET_LOADER);
        }
        if (progress.turns().open() + progress.questions().open() > 0) {
            needed.add(WorkGroup.MODEL_WORKERS);
        }
        if (progress.judgements().open() > 0) {
            needed.add(WorkGroup.JUDGE_WORKERS);
        }
        return needed;
    }

    private synchronized Look look() {
        Look before = last.get();
        if (before != null && System.nanoTime() - before.atNanos() < LOOK_EVERY_NANOS) {
            return before;
        }
        Set<WorkGroup> absent;
        try {
            absent = look.get();
        } catch (BrokerSilentException e) {
            absent = null;
        }
        Look now = new Look(System.nanoTime(), absent);
        last.set(now);
        return now;
    }

    private static Set<WorkGroup> absent(Admin admin) {
        Map<String, KafkaFuture<ConsumerGroupDescription>> groups = admin.describeConsumerGroups(
                Arrays.stream(WorkGroup.values()).map(WorkGroup::groupId).toList()).describedGroups();
        List<WorkGroup> absent = new ArrayList<>();
        for (WorkGroup group : WorkGroup.values()) {
            if (!hasMembers(groups.get(group.groupId()))) {
                absent.add(group);
            }
        }
        return Set.copyOf(absent);
    }

    private static boolean hasMembers(@Nullable KafkaFuture<ConsumerGroupDescription> group) {
        if (group == null) {
            return false;
        }
        try {
            return !group.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).members().isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.GroupIdNotFoundException) {
                return false;
            }
            throw new BrokerSilentException(e);
        } catch (TimeoutException e) {
            throw new BrokerSilentException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerSilentException(e);
        }
    }

    @Override
    public void close() {
        closer.run();
    }

    /// The broker did not say who is at work.
    static final class BrokerSilentException extends RuntimeException {

        BrokerSilentException(Throwable cause) {
            super(cause);
        }
    }
}
