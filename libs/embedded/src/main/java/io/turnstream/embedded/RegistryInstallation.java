package io.turnstream.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/// Where the schema registry's distribution lies: a folder with `quarkus-run.jar` in it.
///
/// Looked for in this order: the system property `turnstream.registry.home`, the environment variable
/// `TURNSTREAM_REGISTRY_HOME`, then the archive in the local Maven repository, which is unpacked once into the user's
/// cache.
///
/// @param folder the unpacked distribution
record RegistryInstallation(Path folder) {

    private static final String ARTIFACT = "apicurio-registry-app";

    RegistryInstallation {
        if (!Files.isRegularFile(folder.resolve("quarkus-run.jar"))) {
            throw new CannotStartException("No schema registry is unpacked there", folder.toString(),
                    "Build the project once, or let TURNSTREAM_REGISTRY_HOME name a folder with its quarkus-run.jar.");
        }
    }

    static RegistryInstallation find() {
        String configured = System.getProperty("turnstream.registry.home", System.getenv("TURNSTREAM_REGISTRY_HOME"));
        if (configured != null && !configured.isBlank()) {
            return new RegistryInstallation(Path.of(configured).toAbsolutePath());
        }
        Path home = Path.of(System.getProperty("user.home"));
        String repository = System.getProperty("maven.repo.local");
        return unpacked(repository == null ? home.resolve(".m2").resolve("repository") : Path.of(repository),
                home.resolve(".cache").resolve("turnstream"));
    }

    static RegistryInstallation unpacked(Path mavenRepository, Path cache) {
        String version = version();
        Path folder = cache.resolve("apicurio-registry-" + version);
        if (Files.isDirectory(folder)) {
            return new RegistryInstallation(folder);
        }
        Path archive = mavenRepository.resolve("io").resolve("apicurio").resolve(ARTIFACT).resolve(version)
                .resolve(ARTIFACT + "-" + version + "-all.tar.gz");
        if (!Files.isRegularFile(archive)) {
            throw new CannotStartException("The schema registry is not there", archive.toString(),
                    "Build the project once, or set TURNSTREAM_REGISTRY_HOME to its unpacked distribution.");
        }
        unpack(archive, folder);
        return new RegistryInstallation(folder);
    }

    private static void unpack(Path archive, Path folder) {
        try {
            Files.createDirectories(folder.getParent());
            Path partial = Files.createTempDirectory(folder.getParent(), "unpacking-");
            Process tar = new ProcessBuilder("tar", "xzf", archive.toString(), "-C", partial.toString())
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            int code = tar.waitFor();
            if (code != 0) {
                throw new IOException("tar ended with code " + code);
            }
            Files.move(partial, folder);
        } catch (IOException e) {
            throw new CannotStartException("Cannot unpack the schema registry (" + e.getMessage() + ")",
                    archive + " into " + folder,
                    "Check the space on the disk; if the archive is damaged, delete it and build again.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted while unpacking the schema registry", archive.toString(),
                    "Start again.", e);
        }
    }

    private static String version() {
        try (InputStream stream = RegistryInstallation.class.getResourceAsStream("registry.properties")) {
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The jars in an order of their own making: the application's generated and transformed classes come first.
    ///
    /// A flat class path does what the distribution's own starter does with a class loader, in less time, and lets the
    /// JDK's ahead-of-time cache apply.
    List<Path> jars() {
        List<Path> jars = new ArrayList<>();
        jars.add(folder.resolve("quarkus").resolve("transformed-bytecode.jar"));
        jars.add(folder.resolve("quarkus").resolve("generated-bytecode.jar"));
        for (String part : List.of("app", "lib/main", "lib/boot")) {
            try (Stream<Path> files = Files.list(folder.resolve(part))) {
                files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
            } catch (IOException e) {
                throw new CannotStartException("The schema registry's distribution is incomplete",
                        folder.resolve(part).toString(),
                        "Delete the folder " + folder + " and build again.", e);
            }
        }
        return List.copyOf(jars);
    }

    /// The ahead-of-time cache made for these jars, if there is one.
    Optional<Path> aotCache() {
        return Files.isRegularFile(aotCacheFile()) ? Optional.of(aotCacheFile()) : Optional.empty();
    }

    /// Where the ahead-of-time cache lies, once it is made.
    Path aotCacheFile() {
        return folder.resolve("registry.aot");
    }
}
