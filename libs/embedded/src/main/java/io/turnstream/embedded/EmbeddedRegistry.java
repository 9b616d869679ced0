package io.turnstream.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Apicurio Registry as a child process, on loopback, with its schemas in files.
///
/// It starts beside everything else: [#start(Path, Path)] returns at once, [#ready()] tells when it answers. It ends
/// with this process, also when that is killed.
public final class EmbeddedRegistry implements AutoCloseable {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
    private static final String API = "/apis/registry/v3";
    private static final int STOP_SECONDS = 6;
    private static final Duration TRAINING_PATIENCE = Duration.ofSeconds(90);
    private static final String DATABASE = "schemas";
    private static final String MAIN_CLASS = "io.quarkus.runner.GeneratedMain";

    private final Process process;
    private final int port;
    private final Path logFile;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private EmbeddedRegistry(Process process, int port, Path logFile) {
        this.process = process;
        this.port = port;
        this.logFile = logFile;
    }

    /// Starts the registry on a free port and returns without waiting for it.
    ///
    /// @param folder  where it keeps its data; made if missing
    /// @param logFile what it logs since this start (warnings and errors)
    /// @throws CannotStartException if the folder cannot be written or no distribution is found
    public static EmbeddedRegistry start(Path folder, Path logFile) {
        return start(folder, logFile, Loopback.freePort());
    }

    /// Starts the registry on the given port and returns without waiting for it.
    ///
    /// @param folder  where it keeps its data; made if missing
    /// @param logFile what it logs since this start (warnings and errors)
    /// @param port    1 to 65535
    /// @throws CannotStartException if the port is in use, the folder cannot be written or no distribution is found
    public static EmbeddedRegistry start(Path folder, Path logFile, int port) {
        Loopback.requireFree(port, "the schema registry");
        RegistryInstallation installation = RegistryInstallation.find();
        Path data = folder.toAbsolutePath();
        try {
            Files.createDirectories(data);
            emptyScratch(data);
            return launch(guardedCommand(installation, data, port), port, logFile.toAbsolutePath());
        } catch (IOException e) {
            throw new CannotStartException("Cannot start the schema registry (" + EmbeddedKafka.reason(e) + ")",
                    data.toString(), "Choose a folder that you may write to, on a disk with space left.", e);
        }
    }

    /// The file that a registry keeps all its data in. Whoever copies it while none runs copies the registry.
    ///
    /// @param folder where it keeps its data
    public static Path file(Path folder) {
        return folder.resolve(DATABASE + ".mv.db");
    }

    /// Whether starts are as fast as they can be: whether [#train] was called since the registry was unpacked.
    public static boolean isTrained() {
        return RegistryInstallation.find().aotCache().isPresent();
    }

    /// Makes the ahead-of-time cache that later starts use; without it everything works, and a start takes about twice
    /// as long.
    ///
    /// Starts the registry without a guard, which no cache can hold, and stops it as soon as it answers: the JVM makes
    /// the cache at its end.
    ///
    /// @param folder a folder to use up; made if missing
    public static void train(Path folder) throws InterruptedException {
        RegistryInstallation installation = RegistryInstallation.find();
        Path data = folder.toAbsolutePath();
        int port = Loopback.freePort();
        List<String> command = command("-XX:AOTCacheOutput=" + installation.aotCacheFile());
        command.addAll(settings(data, port));
        command.addAll(List.of("-cp", classPath(installation), MAIN_CLASS));
        try {
            Files.createDirectories(data);
            emptyScratch(data);
            EmbeddedRegistry registry = launch(command, port, data.resolve("training.log"));
            try {
                registry.awaitReady(TRAINING_PATIENCE);
                registry.process.destroy();
                registry.process.waitFor(TRAINING_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } finally {
                registry.process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new CannotStartException("Cannot start the schema registry (" + EmbeddedKafka.reason(e) + ")",
                    data.toString(), "Choose a folder that you may write to.", e);
        }
    }

    private static EmbeddedRegistry launch(List<String> command, int port, Path logFile) throws IOException {
        Files.createDirectories(logFile.getParent());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(logFile.toFile()))
                .start();
        EmbeddedRegistry registry = new EmbeddedRegistry(process, port, logFile);
        Thread.ofVirtual().name("registry-ready").start(registry::pollUntilReady);
        return registry;
    }

    private static List<String> guardedCommand(RegistryInstallation installation, Path data, int port)
            throws IOException {
        List<String> command = installation.aotCache().map(cache -> command("-XX:AOTCache=" + cache)).orElseGet(
                () -> command("-Xshare:auto"));
        command.addAll(settings(data, port));
        // behind the jars: a cache covers a class path that starts with its own
        command.addAll(List.of("-cp", classPath(installation) + File.pathSeparator + copyOfGuard(data),
                ChildGuard.class.getName(), MAIN_CLASS));
        return command;
    }

    /// The start of the command: the JVM, and the flags that a cache must have been made with.
    private static List<String> command(String cacheFlag) {
        return new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                cacheFlag,
                // a cache made by another JDK is passed over, and that is nobody's concern
                "-Xlog:disable",
                "-Xms24m", "-Xmx112m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
    }

    private static List<String> settings(Path data, int port) {
        return List.of(
                "-Djava.io.tmpdir=" + scratch(data),
                "-Dquarkus.http.host=" + Loopback.HOST,
                "-Dquarkus.http.port=" + port,
                // its management interface would listen on all addresses
                "-Dquarkus.management.host=" + Loopback.HOST,
                "-Dquarkus.management.port=0",
                "-Dquarkus.log.console.level=WARN",
                "-Dquarkus.http.access-log.enabled=false",
                "-Dquarkus.banner.enabled=false",
                "-Dapicurio.storage.kind=sql",
                "-Dapicurio.storage.sql.kind=h2",
                "-Dapicurio.datasource.url=jdbc:h2:file:" + data.resolve(DATABASE));
    }

    private static String classPath(RegistryInstallation installation) {
        return installation.jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /// Where it unpacks what is not Java. One that was killed leaves that behind.
    private static Path scratch(Path data) {
        return data.resolve("tmp");
    }

    private static void emptyScratch(Path data) throws IOException {
        Files.createDirectories(scratch(data));
        try (Stream<Path> left = Files.walk(scratch(data))) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(scratch(data))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// The guard's class file alone, so that nothing else of ours gets onto the registry's class path.
    private static Path copyOfGuard(Path data) throws IOException {
        Path root = data.resolve("guard");
        Path file = root.resolve(ChildGuard.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        try (InputStream bytes = ChildGuard.class.getResourceAsStream("ChildGuard.class")) {
            if (bytes == null) {
                throw new IOException("ChildGuard.class is missing from the application");
            }
            Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return root;
    }

    private void pollUntilReady() {
        // asks the storage too, which may fail after the server has begun to listen
        HttpProbe rules = new HttpProbe(port, API + "/admin/rules");
        while (process.isAlive() && !ready.isDone()) {
            if (rules.isReady()) {
                ready.complete(null);
                return;
            }
            try {
                Thread.sleep(POLL_INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        ready.completeExceptionally(new CannotStartException("The schema registry ended before it was ready",
                logFile.toString(),
                "The cause is in that log; a damaged file in the registry's folder is the usual one."));
    }

    /// `http://127.0.0.1:port/apis/registry/v3`, known before the registry answers there.
    public String url() {
        return "http://" + Loopback.HOST + ":" + port + API;
    }

    /// Completes when the registry answers; exceptionally, with a [CannotStartException], if it ends before.
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /// Waits until the registry answers.
    ///
    /// @throws CannotStartException if it ends before or does not answer in time
    public void awaitReady(Duration timeout) {
        try {
            ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CannotStartException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new CannotStartException("The schema registry did not answer within " + timeout.toSeconds() + " s",
                    logFile.toString(), "Look into that log for what it waits for, and try again.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted while waiting for the schema registry", url(), "Start again.",
                    e);
        }
    }

    /// The process, for those who watch it or kill it.
    public ProcessHandle process() {
        return process.toHandle();
    }

    /// Stops the process: asks first, insists after a few seconds.
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
