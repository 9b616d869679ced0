package io.turnstream.protocol;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import com.sun.management.ThreadMXBean;

/// Degenerate texts against whoever reads texts: each must be read, or rejected as its reader rejects, within a bound of time, memory
/// and stack. Texts are made of given parts, from fixed seeds, so that a failure can be repeated.
///
/// How long each reader is tried: `-Dturnstream.fuzz.seconds`, 0.6 unless given; from which seed: `-Dturnstream.fuzz.seed`. Time is the thread's
/// own: other work on the machine does not count.
public final class Fuzz {

    private static final Duration LONGEST_READING = Duration.ofSeconds(2);
    private static final long MOST_BYTES = 600L << 20;
    private static final long STACK_BYTES = 256 << 10;
    private static final long SEED = Long.getLong("turnstream.fuzz.seed", 20_261_128);
    private static final int[] LENGTHS = {1, 10, 100, 1_500, 10_000, 60_000, 250_000};
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<String> parts;
    private final Consumer<String> reader;

    private Fuzz(List<String> parts, Consumer<String> reader) {
        this.parts = parts;
        this.reader = reader;
    }

    /// Tries a reader on texts that are made of these parts.
    ///
    /// @param reader whatever it throws fails
    public static void against(List<String> parts, Consumer<String> reader) {
        long millis = (long) (1000 * Double.parseDouble(System.getProperty("turnstream.fuzz.seconds", "0.6")));
        onASmallStack(() -> new Fuzz(parts, reader).run(millis));
    }

    /// Tries a reader on one text.
    public static void with(String text, Consumer<String> reader) {
        onASmallStack(() -> new Fuzz(List.of(), reader).read(text.length() + " characters", text));
    }

    private static void onASmallStack(Runnable work) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(null, work, "fuzz", STACK_BYTES);
        thread.setUncaughtExceptionHandler((_, e) -> failure.set(e));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            throw new AssertionError("interrupted", e);
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get().getMessage(), failure.get());
        }
    }

    private void run(long millis) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        long start = THREADS.getCurrentThreadCpuTime();
        for (int text = 0; THREADS.getCurrentThreadCpuTime() - start < millis * 1_000_000; text++) {
            StringBuilder shape = new StringBuilder("text " + text + ':');
            read(shape, made(random, shape));
        }
    }

    private String made(RandomGenerator random, StringBuilder shape) {
        StringBuilder text = new StringBuilder();
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        for (int piece = 1 + random.nextInt(4); piece > 0 && text.length() < length; piece--) {
            StringBuilder unit = new StringBuilder();
            for (int i = random.nextInt(3); i >= 0; i--) {
                unit.append(random.nextInt(12) == 0 ? strange(random) : parts.get(random.nextInt(parts.size())));
            }
            int times = unit.isEmpty() || random.nextInt(3) == 0 ? 1 : Math.max(1, (length - text.length()) / unit.length());
            shape.append(" '").append(unit).append("' x ").append(times);
            text.append(unit.toString().repeat(times));
        }
        return text.toString();
    }

    private static String strange(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> String.valueOf((char) random.nextInt(0x10000));
            case 1 -> Character.toString(random.nextInt(0x110000));
            case 2 -> String.valueOf((char) random.nextInt(0x20));
            default -> String.valueOf((char) (' ' + random.nextInt(95)));
        };
    }

    private void read(Object shape, String text) {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reader.accept(text);
        } catch (Throwable e) {
            throw new AssertionError(e.getClass().getSimpleName() + " was thrown for " + shape, e);
        }
        Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - cpu);
        if (took.compareTo(LONGEST_READING) > 0) {
            throw new AssertionError("%d characters took %d ms: %s".formatted(text.length(), took.toMillis(), shape));
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        if (taken > MOST_BYTES) {
            throw new AssertionError("%d characters took %d MiB of memory: %s".formatted(text.length(), taken >> 20, shape));
        }
    }
}
