package io.turnstream.providers.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdaptiveLimiterTest {

    private final AdaptiveLimiter limiter = new AdaptiveLimiter(System::nanoTime);

    private void awaitWaiting(int waiting) {
        while (limiter.load().waiting() < waiting) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void higherPriorityGoesFirstAndAmongEqualsWhoCameFirst() throws Exception {
        // Given one place, taken, and four that wait
        limiter.acquire(0, 1, () -> false);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        String[] names = {"first turn", "another first turn", "third turn", "second turn"};
        int[] priorities = {1, 1, 3, 2};
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            int priority = priorities[i];
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    int level = limiter.acquire(priority, 1, () -> false);
                    order.add(name);
                    limiter.served(level, System.nanoTime());
                } catch (InterruptedException e) {
                    order.add("interrupted");
                }
            }));
            awaitWaiting(i + 1);
        }

        // When the place comes free
        limiter.release();
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
                    int level = limiter.acquire(0, 40, () -> false);
                    most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                    Thread.yield();
                    inFlight.decrementAndGet();
                    limiter.served(level, System.nanoTime());
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
        limiter.acquire(0, 1, () -> false);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch served = new CountDownLatch(1);
        Thread head = Thread.ofVirtual().start(() -> {
            try {
                limiter.acquire(5, 1, () -> false);
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        awaitWaiting(1);
        Thread.ofVirtual().start(() -> {
            try {
                limiter.acquire(0, 1, () -> false);
                served.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(2);

        head.interrupt();
        interrupted.await();
        limiter.release();

        served.await();
    }

    @Test
    void waiterThatIsToldToStopStops() throws Exception {
        limiter.acquire(0, 1, () -> false);

        assertThat(limiter.acquire(0, 1, () -> true)).isZero();
        assertThat(limiter.load().waiting()).isZero();
    }
}
