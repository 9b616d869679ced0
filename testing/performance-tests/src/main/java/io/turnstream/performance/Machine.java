package io.turnstream.performance;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Where figures come from.
///
/// @param memoryBytes of the machine
/// @param at when the measurements began
/// @param loadAtStart average number of processes that wanted to run in the minute before; negative where the system
///         does not say
record Machine(String cpu, int cores, long memoryBytes, String system, String jdk, Instant at, double loadAtStart) {

    private static final Path CPUS = Path.of("/proc/cpuinfo");

    static Machine here(Clock clock) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Machine(cpuModel(), system.getAvailableProcessors(), system.getTotalMemorySize(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor.version", System.getProperty("java.vendor")) + " "
                        + System.getProperty("java.version"),
                clock.instant().truncatedTo(ChronoUnit.SECONDS), system.getSystemLoadAverage());
    }

    private static String cpuModel() {
        if (!Files.isReadable(CPUS)) {
            return System.getProperty("os.arch");
        }
        try (var lines = Files.lines(CPUS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst().orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /// For people.
    List<String> lines() {
        return List.of(
                "  machine  " + cpu + ", " + cores + " cores, " + FigureTable.number(memoryBytes / 1e9, 1) + " GB",
                "  system   " + system + ", JDK " + jdk,
                "  date     " + at + ", load at start "
                        + (loadAtStart < 0 ? "unknown" : FigureTable.number(loadAtStart, 2)));
    }
}
