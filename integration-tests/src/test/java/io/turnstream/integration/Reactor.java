package io.turnstream.integration;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the built modules lie.
final class Reactor {

    static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    static final Path TARGET = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target");
    static final Path MINI = ROOT.resolve("datasets").resolve("mini");

    private Reactor() {
    }

    /// The jar that starts a module's application.
    static Path application(String module) {
        Path jar = ROOT.resolve(module).resolve("target").resolve("quarkus-app").resolve("quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is not there: these tests run packaged services, so build with 'mvn verify' ('./turnstream test')");
        }
        return jar;
    }

    /// The class path of this JVM's tests.
    static String testClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
