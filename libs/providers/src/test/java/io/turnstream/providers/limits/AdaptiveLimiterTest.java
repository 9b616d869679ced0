package io.turnstream.providers.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdaptiveLimiterTest {

    private static final String RUN = "run";

    private final AdaptiveLimiter limiter = new AdaptiveLimiter(System::nanoTime);

    private void awaitWaiting(int waiting) {
        while (limiter.load().waiting() < waiting) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void higherPriorityGoesFirstAndAmongEqualsWhoCameFirst() throws Exception {
        // Given one place, taken, and four that wait
        AdaptiveLimiter.Place taken = limiter.acquire(RUN, 0, 1, () -> false);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        String[] names = {"first turn", "another first turn", "third turn", "second turn"};
        int[] priorities = {1, 1, 3, 2};
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            int priority = priorities[i];
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    AdaptiveLimiter.Place place = limiter.acquire(RUN, priority, 1, () -> false);
                    order.add(name);
                    limiter.served(place, System.nanoTime());
                } catch (InterruptedException e) {
                    order.add("interrupted");
                }
            }));
            awaitWaiting(i + 1);
        }

        // When the place comes free
        limiter.release(taken);
        for (Thread thread : threads) {
            thread.join();
        }

        // Then
        assertThat(order).containsExactly("third turn", "second turn", "first turn", "another first turn");
        assertThat(limiter.load()).isEqualTo(new AdaptiveLimiter.Load(1, 0, 0));
    }

    @Test
    void thousandsOfThreadsNeverExceedTheBoundAndAllGetThrough() throws Exception {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(3000);
        for (int i = 0; i < 3000; i++) {
            Thread.ofVirtual().start(() -> {
                try {
                    AdaptiveLimiter.Place place = limiter.acquire(RUN, 0, 40, () -> false);
                    most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                    Thread.yield();
                    inFlight.decrementAndGet();
                    limiter.served(place, System.nanoTime());
                    done.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        done.await();

        assertThat(most.get()).isLessThanOrEqualTo(40);
        assertThat(limiter.load().inFlight()).isZero();
    }

    @Test
    void waiterThatIsInterruptedLeavesTheQueueToTheNext() throws Exception {
        AdaptiveLimiter.Place taken = limiter.acquire(RUN, 0, 1, () -> false);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch served = new CountDownLatch(1);
        Thread head = Thread.ofVirtual().start(() -> {
            try {
                limiter.acquire(RUN, 5, 1, () -> false);
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        awaitWaiting(1);
        Thread.ofVirtual().start(() -> {
            try {
                limiter.acquire(RUN, 0, 1, () -> false);
                served.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(2);

        head.interrupt();
        interrupted.await();
        limiter.release(taken);

        served.await();
    }

    @Test
    void waiterThatIsToldToStopStops() throws Exception {
        limiter.acquire(RUN, 0, 1, () -> false);

        assertThat(limiter.acquire(RUN, 0, 1, () -> true)).isNull();
        assertThat(limiter.load().waiting()).isZero();
    }

    @Test
    void theRunWithTheFewestCallsInFlightIsNext() throws Exception {
        // Given a run that has all four places and wants twenty more, and one that comes late
        Deque<AdaptiveLimiter.Place> ofBig = new ArrayDeque<>();
        limiter.served(limiter.acquire("big", 0, 4, () -> false), System.nanoTime());
        for (int call = 0; call < 4; call++) {
            ofBig.add(limiter.acquire("big", 0, 4, () -> false));
        }
        BlockingQueue<String> admitted = new LinkedBlockingQueue<>();
        for (int call = 0; call < 20; call++) {
            queue("big", 10, 4, admitted);
        }
        for (int call = 0; call < 4; call++) {
            queue("small", 0, 4, admitted);
        }

        // When places come free
        List<String> order = new ArrayList<>();
        while (!ofBig.isEmpty()) {
            limiter.served(ofBig.poll(), System.nanoTime());
            order.add(admitted.poll(10, TimeUnit.SECONDS));
        }

        // Then each run has two: from 3 and 0, 2 and 1, 1 and 2, 1 and 2
        assertThat(order).containsExactly("small", "small", "big", "big");
    }

    @Test
    void aRunWithFewConnectionsHoldsUpNobodyAndKeepsToThem() throws Exception {
        // Given a run with a single connection, and two of its calls that wait for it
        AdaptiveLimiter.Place only = limiter.acquire("narrow", 9, 1, () -> false);
        limiter.served(only, System.nanoTime());
        only = limiter.acquire("narrow", 9, 1, () -> false);
        BlockingQueue<String> admitted = new LinkedBlockingQueue<>();
        queue("narrow", 9, 1, admitted);
        queue("narrow", 9, 1, admitted);

        // When another comes, then it gets as many as it wants
        for (int call = 0; call < 10; call++) {
            assertThat(limiter.acquire("wide", 0, 11, () -> false)).isNotNull();
        }
        assertThat(limiter.load()).isEqualTo(new AdaptiveLimiter.Load(11, 11, 2));

        // And the narrow one goes on with one call at a time
        limiter.served(only, System.nanoTime());
        assertThat(admitted.poll(10, TimeUnit.SECONDS)).isEqualTo("narrow");
        assertThat(limiter.load()).isEqualTo(new AdaptiveLimiter.Load(11, 11, 1));
    }

    /// A call that waits, and keeps its place once it has one.
    private void queue(String run, int priority, int maxConnections, BlockingQueue<String> admitted) {
        int waiting = limiter.load().waiting();
        Thread.ofVirtual().start(() -> {
            try {
                limiter.acquire(run, priority, maxConnections, () -> false);
                admitted.add(run);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(waiting + 1);
    }
}
