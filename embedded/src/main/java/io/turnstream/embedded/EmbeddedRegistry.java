package io.turnstream.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// Apicurio Registry as a child process, on loopback, with its schemas in files.
///
/// It starts beside everything else: [#start(Path, Path)] returns at once, [#ready()] tells when it answers. It ends with this
/// process, also when that is killed.
public final class EmbeddedRegistry implements AutoCloseable {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
    private static final int REQUEST_TIMEOUT_MILLIS = 1_000;
    private static final int STOP_SECONDS = 6;
    private static final String HEAP = "-Xmx112m";

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
        RegistryInstallation installation = RegistryInstallation.find();
        Path data = folder.toAbsolutePath();
        int port = Loopback.freePort();
        try {
            Files.createDirectories(data);
            Files.createDirectories(logFile.toAbsolutePath().getParent());
            Process process = new ProcessBuilder(command(installation, data, port))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(logFile.toFile()))
                    .start();
            EmbeddedRegistry registry = new EmbeddedRegistry(process, port, logFile.toAbsolutePath());
            Thread.ofVirtual().name("registry-ready").start(registry::pollUntilReady);
            return registry;
        } catch (IOException e) {
            throw new CannotStartException("Cannot start the schema registry (" + EmbeddedKafka.reason(e) + ")",
                    data.toString(), "Choose a folder that you may write to, on a disk with space left.", e);
        }
    }

    private static List<String> command(RegistryInstallation installation, Path data, int port) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        installation.aotCache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
        // a cache made by another JDK is passed over, and that is nobody's concern
        command.add("-Xlog:disable");
        command.addAll(jvmFlags());
        setting(command, "quarkus.http.host", Loopback.HOST);
        setting(command, "quarkus.http.port", String.valueOf(port));
        // its management interface would listen on all addresses
        setting(command, "quarkus.management.host", Loopback.HOST);
        setting(command, "quarkus.management.port", "0");
        setting(command, "quarkus.log.level", "WARN");
        setting(command, "quarkus.banner.enabled", "false");
        setting(command, "apicurio.storage.kind", "sql");
        setting(command, "apicurio.storage.sql.kind", "h2");
        setting(command, "apicurio.datasource.url", "jdbc:h2:file:" + data.resolve("schemas"));
        List<String> classPath = installation.jars().stream().map(Path::toString).collect(Collectors.toList());
        classPath.add(copyOfGuard(data).toString());
        command.add("-cp");
        command.add(String.join(File.pathSeparator, classPath));
        command.add(ChildGuard.class.getName());
        command.add("io.quarkus.runner.GeneratedMain");
        return command;
    }

    /// The flags that an ahead-of-time cache depends on, apart from the class path.
    static List<String> jvmFlags() {
        return List.of(HEAP, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    }

    private static void setting(List<String> command, String name, String value) {
        command.add("-D" + name + "=" + value);
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
        URI info = URI.create(url() + "/system/info");
        while (process.isAlive() && !ready.isDone()) {
            if (answers(info)) {
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
                logFile.toString(), "The cause is in that log; a damaged file in the registry's folder is the usual one."));
    }

    private static boolean answers(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(REQUEST_TIMEOUT_MILLIS);
            connection.setReadTimeout(REQUEST_TIMEOUT_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    /// `http://127.0.0.1:port/apis/registry/v3`, known before the registry answers there.
    public String url() {
        return "http://" + Loopback.HOST + ":" + port + "/apis/registry/v3";
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
            throw new CannotStartException("Interrupted while waiting for the schema registry", url(), "Start again.", e);
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
