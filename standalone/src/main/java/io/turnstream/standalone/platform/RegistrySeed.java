package io.turnstream.standalone.platform;

import io.turnstream.embedded.CannotStartException;
import io.turnstream.embedded.EmbeddedRegistry;
import io.turnstream.events.EventTypes;
import io.turnstream.events.ProcessLocale;
import io.turnstream.messaging.RegisteredSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The files of a registry that holds every schema of this version already, with the ids that it gave: a new home
/// begins with a copy of them, so that its first event waits for no registry. The launcher has it made after a build. A
/// home that begins without one registers its schemas at its first start.
///
/// @param folder where it lies
public record RegistrySeed(Path folder) {

    /// System property that names the folder.
    static final String PROPERTY = "turnstream.registry.seed";

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String IDS = "ids.jsonl";

    /// The one that the launcher names; empty if there is none that is whole.
    static Optional<RegistrySeed> installed() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).map(RegistrySeed::new)
                .filter(RegistrySeed::isWhole);
    }

    private boolean isWhole() {
        return Files.isRegularFile(folder.resolve(IDS)) && Files.isRegularFile(EmbeddedRegistry.file(folder));
    }

    /// Copies it into a home whose registry has never run.
    ///
    /// @param registry where the home's registry keeps its data
    /// @return the schemas that it holds; none if it has data of its own, which are left alone
    /// @throws CannotStartException if the folder cannot be written
    List<RegisteredSchema> plantIn(Path registry) {
        Path file = EmbeddedRegistry.file(registry);
        if (Files.exists(file)) {
            return List.of();
        }
        try {
            Path unfinished = file.resolveSibling(file.getFileName() + ".new");
            Files.createDirectories(registry);
            Files.copy(EmbeddedRegistry.file(folder), unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return ids();
        } catch (IOException e) {
            throw new CannotStartException("Cannot lay out the schema registry (" + e + ")", registry.toString(),
                    "Choose a folder that you may write to, on a disk with space left.", e);
        }
    }

    private List<RegisteredSchema> ids() throws IOException {
        List<RegisteredSchema> registered = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(IDS))) {
            registered.add(RegisteredSchema.of(line.getBytes(StandardCharsets.UTF_8)));
        }
        return registered;
    }

    /// Runs a registry once, registers every schema, and keeps its files.
    ///
    /// @param scratch a folder to use up
    /// @param folder where the seed shall lie
    static RegistrySeed make(Path scratch, Path folder) throws IOException {
        ByteArrayOutputStream ids = new ByteArrayOutputStream();
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(scratch, scratch.resolve("registry.log"))) {
            registry.awaitReady(PATIENCE);
            for (RegisteredSchema one : RegisteredSchema.register(EventTypes.schemas(), URI.create(registry.url()))) {
                ids.write(one.toBytes());
                ids.write('\n');
            }
        }
        Files.createDirectories(folder);
        Files.copy(EmbeddedRegistry.file(scratch), EmbeddedRegistry.file(folder), StandardCopyOption.REPLACE_EXISTING);
        Files.write(folder.resolve(IDS), ids.toByteArray());
        return new RegistrySeed(folder);
    }

    /// What the launcher calls after a build: makes a seed, and before it the registry's start-up cache if there is
    /// none.
    ///
    /// @param arguments a folder to use up, the seed's folder
    public static void main(String[] arguments) throws InterruptedException, IOException {
        ProcessLocale.fix();
        Path scratch = Path.of(arguments[0]);
        if (!EmbeddedRegistry.isTrained()) {
            EmbeddedRegistry.train(scratch.resolve("training"));
        }
        make(scratch.resolve("seed"), Path.of(arguments[1]));
    }
}
