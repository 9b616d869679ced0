package io.turnstream.providers.quota;

import io.turnstream.contracts.AskLease;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.LeaseGranted;
import io.turnstream.contracts.LeaseUse;
import io.turnstream.contracts.QuotaScope;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.LogFollower;
import io.turnstream.messaging.ServiceKafka;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A process's access to quotas: its queues, and the questions and answers between them and whoever grants. Nothing is
/// read or written before the first call under a quota.
public final class QuotaClient implements AutoCloseable {

    private final String worker;
    private final Consumer<AskLease> asks;
    private final Supplier<AutoCloseable> listener;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final Map<String, QuotaLane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Object opening = new Object();
    private volatile @Nullable AutoCloseable listening;
    private volatile boolean hearing;

    /// @param worker name of this process, another one after each start
    /// @param asks sends a question; must not wait
    /// @param listener starts to pass answers to [#receive] and time to [#tick], and says so to [#hearing]; until
    ///         closed
    QuotaClient(String worker, Consumer<AskLease> asks, Function<QuotaClient, AutoCloseable> listener, Clock clock,
            LongSupplier nanoClock) {
        this.worker = worker;
        this.asks = asks;
        this.listener = () -> listener.apply(this);
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /// Asks and hears over Kafka.
    ///
    /// @param worker name of this process, another one after each start
    public static QuotaClient over(ServiceKafka kafka, String worker, Clock clock) {
        return new QuotaClient(worker, ask -> kafka.producer().send(Topics.QUOTA_ASKS, ask.getGroup(), ask, null),
                client -> LogFollower.start("quota-leases", kafka.connection(),
                        new LeaseListener(kafka.serde(), client)),
                clock, System::nanoTime);
    }

    /// The queue for calls that count against these scopes.
    QuotaLane lane(String group, List<QuotaScope> scopes) {
        QuotaLane lane = lanes.computeIfAbsent(group + scopes, key -> {
            String name = Integer.toString(numbers.incrementAndGet());
            return new QuotaLane(group, worker + '/' + name, name, scopes, asksOf(), nanoClock);
        });
        if (listening == null) {
            listen();
        }
        return lane;
    }

    private void listen() {
        synchronized (opening) {
            if (listening == null) {
                listening = listener.get();
            }
        }
    }

    private QuotaLane.Asks asksOf() {
        return new QuotaLane.Asks() {
            @Override
            public void send(QuotaLane lane, LeaseBook.Ask ask) {
                QuotaClient.this.send(lane, ask);
            }

            @Override
            public boolean areHeard() {
                return hearing;
            }
        };
    }

    /// From now on answers are heard.
    void hearing() {
        hearing = true;
        tick();
    }

    private void send(QuotaLane lane, LeaseBook.Ask ask) {
        asks.accept(new AskLease(new EventMeta(Ids.newEventId(), null, null, clock.millis()), lane.group(), worker,
                lane.name(), ask.leaseId(),
                ask.requests(), ask.tokens(), ask.firstTokens(), lane.scopes(),
                ask.uses().stream().map(use -> new LeaseUse(use.leaseId(), use.requests(), use.tokens(),
                        Math.ceilDiv(use.lastUse().toNanos(), 1_000_000L))).toList()));
    }

    /// An answer, to whomever.
    void receive(LeaseGranted granted) {
        if (granted.getWorker().equals(worker)) {
            lanes.values().stream()
                    .filter(lane -> lane.name().equals(granted.getLane()))
                    .forEach(lane -> lane.granted(granted.getLeaseId(), granted.getRequests(), granted.getTokens(),
                            Duration.ofMillis(granted.getValidMillis()), Duration.ofMillis(granted.getWaitMillis())));
        }
    }

    /// Time has passed.
    void tick() {
        lanes.values().forEach(QuotaLane::tick);
    }

    /// Returns what is held.
    @Override
    public void close() {
        lanes.values().forEach(QuotaLane::close);
        AutoCloseable open = listening;
        if (open != null) {
            try {
                open.close();
            } catch (Exception e) {
                throw new IllegalStateException("could not stop listening for leases", e);
            }
        }
    }
}
