package io.turnstream.fuzzing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Degenerate texts against whoever reads texts: each must be read, or rejected as its reader rejects, within a bound
/// of time, memory and stack. Texts are made of given parts, which are repeated.
public final class DegenerateTexts {

    private static final double SECONDS = 0.6;
    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(2), 600L << 20);
    private static final long STACK_BYTES = 256 << 10;
    private static final int[] LENGTHS = {1, 10, 100, 1_500, 10_000, 60_000, 250_000};

    private DegenerateTexts() {}

    /// Tries a reader on texts that are made of these parts.
    ///
    /// @param reader whatever it throws fails
    public static void against(List<String> parts, Consumer<String> reader) {
        onASmallStack(
                () -> Fuzz.read(SECONDS, BOUNDS, random -> made(parts, random), made -> reader.accept(made.text)));
    }

    /// Tries a reader on one text.
    public static void with(String text, Consumer<String> reader) {
        onASmallStack(() -> BOUNDS.hold(() -> reader.accept(text)));
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

    /// @param shape how the text is made, in fewer characters
    private record Made(String text, String shape) {

        @Override
        public String toString() {
            return text.length() + " characters:" + shape;
        }
    }

    private static Made made(List<String> parts, RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        StringBuilder shape = new StringBuilder();
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        for (int piece = 1 + random.nextInt(4); piece > 0 && text.length() < length; piece--) {
            StringBuilder unit = new StringBuilder();
            for (int i = random.nextInt(3); i >= 0; i--) {
                unit.append(random.nextInt(12) == 0 ? strange(random) : parts.get(random.nextInt(parts.size())));
            }
            int times = unit.isEmpty() || random.nextInt(3) == 0
                    ? 1
                    : Math.max(1, (length - text.length()) / unit.length());
            shape.append(" '").append(unit).append("' x ").append(times);
            text.append(unit.toString().repeat(times));
        }
        return new Made(text.toString(), shape.toString());
    }

    private static String strange(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> String.valueOf((char) random.nextInt(0x10000));
            case 1 -> Character.toString(random.nextInt(0x110000));
            case 2 -> String.valueOf((char) random.nextInt(0x20));
            default -> String.valueOf((char) (' ' + random.nextInt(95)));
        };
    }
}
