package io.turnstream.standalone.platform;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.turnstream.embedded.CannotStartException;
import io.turnstream.embedded.DamagedFileException;
import io.turnstream.embedded.EmbeddedDocumentStore;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.standalone.home.HomeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A generation of the projection in a home, open: each has a document store with a file of its own.
final class OpenProjection implements AutoCloseable {

    private static final String REMEDY = "Run 'turnstream rebuild': it makes the documents again from the log.";
    private static final String ASIDE = ".damaged";

    private final ProjectionGeneration generation;
    private final EmbeddedDocumentStore store;
    private final ProjectionDatabase database;
    private final boolean repaired;
    private boolean closed;

    private OpenProjection(ProjectionGeneration generation, EmbeddedDocumentStore store, boolean repaired) {
        this.generation = generation;
        this.store = store;
        this.database = ProjectionDatabase.open(store.connectionString(), ProjectionDatabase.DEFAULT_NAME);
        this.repaired = repaired;
    }

    /// Opens it; one that is not there yet is empty.
    ///
    /// @throws CannotStartException if its file is damaged or cannot be used
    static OpenProjection open(HomeLayout home, ProjectionGeneration generation) {
        try {
            return new OpenProjection(generation, EmbeddedDocumentStore.start(home.store(generation)), false);
        } catch (DamagedFileException e) {
            throw e.withRemedy(REMEDY);
        }
    }

    /// Opens one that must be there already, since there is a log to be projected.
    ///
    /// @throws CannotStartException if it is missing, damaged or cannot be used
    static OpenProjection openExisting(HomeLayout home, ProjectionGeneration generation) {
        if (!EmbeddedDocumentStore.isIn(home.store(generation))) {
            throw new CannotStartException("The document store is missing", home.store(generation).toString(), REMEDY);
        }
        return open(home, generation);
    }

    /// What a damage looks like that shows only where it is read.
    static CannotStartException unreadable(HomeLayout home, MongoException e) {
        return new CannotStartException(
                "The document store cannot be read (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                home.store().toString(), REMEDY, e);
    }

    /// Opens it; if its file is missing or damaged, an empty one takes its place, and a damaged one is laid aside.
    static OpenProjection openOrReplace(HomeLayout home, ProjectionGeneration generation) {
        try {
            boolean missing = !EmbeddedDocumentStore.isIn(home.store(generation));
            return new OpenProjection(generation, EmbeddedDocumentStore.start(home.store(generation)), missing);
        } catch (DamagedFileException e) {
            Path file = Path.of(e.where());
            try {
                Files.move(file, file.resolveSibling(file.getFileName() + ASIDE), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException failure) {
                throw new CannotStartException("Cannot lay the damaged file aside (" + failure.getMessage() + ")",
                        file.toString(),
                        "Move or delete it yourself, and run 'turnstream rebuild' again.", failure);
            }
            return new OpenProjection(generation, EmbeddedDocumentStore.start(home.store(generation)), true);
        }
    }

    /// The generations that have files in a home.
    static Set<Integer> generations(HomeLayout home) {
        Set<Integer> numbers = new TreeSet<>();
        if (Files.isDirectory(home.store(ProjectionGeneration.FIRST))) {
            try (Stream<Path> files = Files.list(home.store(ProjectionGeneration.FIRST))) {
                files.filter(Files::isDirectory).map(file -> file.getFileName().toString())
                        .filter(name -> name.matches("[1-9]\\d{0,8}"))
                        .map(Integer::valueOf).forEach(numbers::add);
            } catch (IOException e) {
                throw cannotRemove(home.store(ProjectionGeneration.FIRST), e);
            }
        }
        return numbers;
    }

    /// Deletes the files of a generation that nobody has open: its document store's, and its tables.
    ///
    /// @param tables folder of the tables of its scores
    static void delete(HomeLayout home, ProjectionGeneration generation, Path tables) {
        Path folder = home.store(generation);
        try {
            deleteTree(tables);
            if (!generation.equals(ProjectionGeneration.FIRST)) {
                deleteTree(folder);
                return;
            }
            // later generations lie in folders beside its files
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw cannotRemove(folder, e);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static CannotStartException cannotRemove(Path place, IOException e) {
        return new CannotStartException("Cannot remove what an earlier projection left (" + e.getMessage() + ")",
                place.toString(),
                "Look after the folder's permissions and try again.", e);
    }

    /// Calls `action` once if nothing can be written any more.
    void onFailure(Consumer<CannotStartException> action) {
        store.onFailure(action);
    }

    ProjectionGeneration generation() {
        return generation;
    }

    MongoDatabase database() {
        return database.database();
    }

    /// Whether it is empty because its file was damaged or missing.
    boolean isRepaired() {
        return repaired;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            database.close();
            store.close();
        }
    }
}
