package io.turnstream.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A JVM with a bounded heap, told everything by environment, whose output goes to `target/cluster-logs/NAME.log`.
public final class JavaPart implements Part {

    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xss512k",
            "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

    /// What a JVM is to be good at.
    public enum Pace {
        /// To start, many of them side by side: small heaps, the quick compiler alone.
        QUICK_START,
        /// To work for minutes: the heap it needs, and all that the compilers can do.
        LONG_RUN
    }

    /// What is run.
    ///
    /// @param heapMegabytes most heap
    /// @param arguments from `-jar` or `-cp` on
    /// @param environment nothing else is in it
    public record Program(Pace pace, int heapMegabytes, List<String> arguments, Map<String, String> environment) {}

    private final String name;
    private final Path folder;
    private final Path leash;
    private final Program program;
    private final BooleanSupplier readiness;
    private volatile @Nullable Process process;

    public JavaPart(String name, Path folder, Path leash, Program program, BooleanSupplier readiness) {
        this.name = name;
        this.folder = folder;
        this.leash = leash;
        this.program = program;
        this.readiness = readiness;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        if (isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        if (program.pace() == Pace.QUICK_START) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.add("-Xmx" + program.heapMegabytes() + "m");
        // what it unpacks and a kill leaves behind goes with its folder
        command.add("-Djava.io.tmpdir=" + folder);
        command.add("-javaagent:" + leash);
        command.addAll(program.arguments());
        Path log = Reactor.LOGS.resolve(name + ".log");
        try {
            Files.createDirectories(folder);
            Files.createDirectories(log.getParent());
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().clear();
            builder.environment().putAll(program.environment());
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    @Override
    public boolean isReady() {
        return readiness.getAsBoolean();
    }

    @Override
    public boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    @Override
    public ProcessHandle process() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return current.toHandle();
    }

    @Override
    public void kill9() {
        Process current = process;
        if (current != null) {
            current.descendants().forEach(ProcessHandle::destroyForcibly);
            current.destroyForcibly();
            current.onExit().join();
        }
    }
}
