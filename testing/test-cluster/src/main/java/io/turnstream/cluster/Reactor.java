package io.turnstream.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the built modules lie.
public final class Reactor {

    public static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent().getParent();
    public static final Path TARGET = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target");
    public static final Path MINI = ROOT.resolve("datasets").resolve("mini");

    /// Which of the JVMs that test beside each other this is, from 1 on (`turnstream.fork`).
    static final int FORK = Integer.getInteger("turnstream.fork", 1);

    /// Where parts print to.
    public static final Path LOGS = TARGET.resolve(FORK == 1 ? "cluster-logs" : "cluster-logs-" + FORK);

    private Reactor() {}

    /// The jar that starts a module's application.
    public static Path application(String module) {
        Path jar = ROOT.resolve(module).resolve("target").resolve("quarkus-app").resolve("quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar
                    + " is not there: these tests run packaged services, so build with 'mvn verify' ('./turnstream test')");
        }
        return jar;
    }

    /// The class path of this JVM's tests.
    public static String testClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
