package io.turnstream.metrics.sink;

import io.turnstream.embedded.EmbeddedDocumentStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;

/// A document store in a process of its own, so that it can be halted abruptly.
final class StoreProcess {

    private final Process process;
    private final String connectionString;

    private StoreProcess(Process process, String connectionString) {
        this.process = process;
        this.connectionString = connectionString;
    }

    static StoreProcess start(Path folder) throws IOException {
        Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), StoreProcess.class.getName(),
                folder.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream()));
        String line = lines.readLine();
        while (line != null && !line.startsWith("mongodb://")) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("the store's process ended before it was ready");
        }
        return new StoreProcess(process, line);
    }

    String connectionString() {
        return connectionString;
    }

    /// Ends it without giving it time to write anything.
    void halt() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /// Serves until its standard input ends.
    static void main(String[] arguments) throws IOException {
        EmbeddedDocumentStore store = EmbeddedDocumentStore.start(Path.of(arguments[0]));
        System.out.println(store.connectionString());
        while (System.in.read() >= 0) {
            // the parent holds the pipe open
        }
        store.close();
    }
}
