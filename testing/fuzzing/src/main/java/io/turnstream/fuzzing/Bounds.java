package io.turnstream.fuzzing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// What one reading may take of its own thread. Other work on the machine does not count.
///
/// @param longest CPU time
/// @param mostBytes of memory that is allocated, whether or not it is let go again
public record Bounds(Duration longest, long mostBytes) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    public Bounds {
        if (!longest.isPositive() || mostBytes <= 0) {
            throw new IllegalArgumentException("a bound of " + longest + " and " + mostBytes + " bytes holds nothing");
        }
    }

    /// Five seconds, and 256 MiB.
    public static Bounds usual() {
        return new Bounds(Duration.ofSeconds(5), 256L << 20);
    }

    /// Reads within the bounds.
    ///
    /// @throws AssertionError if the reading throws anything or takes more, with its cause
    public void hold(Runnable reading) {
        long began = cpuNanos();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reading.run();
        } catch (VirtualMachineError | Exception e) {
            throw new AssertionError(e.getClass().getSimpleName() + " was thrown: " + e.getMessage(), e);
        }
        Duration took = Duration.ofNanos(cpuNanos() - began);
        if (took.compareTo(longest) > 0) {
            throw new AssertionError("it took " + took.toMillis() + " ms of CPU, more than " + longest.toMillis());
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        if (taken > mostBytes) {
            throw new AssertionError("it took " + (taken >> 20) + " MiB of memory, more than " + (mostBytes >> 20));
        }
    }

    static long cpuNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }
}
