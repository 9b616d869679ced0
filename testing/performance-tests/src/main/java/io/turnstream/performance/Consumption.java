package io.turnstream.performance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// What processes and their descendants have used since they started.
///
/// @param cpu time on all cores, in user and system mode
/// @param peakBytes most memory each held, added up, though they need not have held it at the same time; 0 where the
///         system does not say
record Consumption(Duration cpu, long peakBytes) {

    /// @param roots those that live; ended ones count as nothing
    static Consumption of(Collection<ProcessHandle> roots) {
        List<ProcessHandle> all = roots.stream().flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .distinct().toList();
        Duration cpu = all.stream().map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
        return new Consumption(cpu, all.stream().mapToLong(process -> peakOf(process.pid())).sum());
    }

    /// `VmHWM` of `proc(5)`, the peak resident set.
    private static long peakOf(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:")).mapToLong(line -> kilobytes(line) * 1024).findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
