package io.turnstream.standalone.home;

import io.turnstream.embedded.EmbeddedKafka;
import io.turnstream.projection.store.ProjectionGeneration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What lies where in a home.
///
/// @param root the home's folder, absolute
public record HomeLayout(Path root) {

    /// The environment variable that names the home.
    public static final String VARIABLE = "TURNSTREAM_HOME";

    public HomeLayout {
        root = root.toAbsolutePath().normalize();
    }

    /// Which home is meant: the flag's, else that of [#VARIABLE], else `.turnstream` in the user's own folder.
    ///
    /// @param flag        value of `--home`, if given
    /// @param environment the process's environment
    /// @param userHome    the user's own folder
    public static HomeLayout choose(@Nullable Path flag, Map<String, String> environment, Path userHome) {
        if (flag != null) {
            return new HomeLayout(flag);
        }
        String variable = environment.getOrDefault(VARIABLE, "");
        return new HomeLayout(variable.isBlank() ? userHome.resolve(".turnstream") : Path.of(variable));
    }

    /// The broker's logs: every event, the truth.
    public Path kafka() {
        return root.resolve("kafka");
    }

    /// Whether a broker has ever run here.
    public boolean hasLog() {
        return EmbeddedKafka.isIn(kafka());
    }

    /// The schema registry's files.
    public Path registry() {
        return root.resolve("registry");
    }

    /// The document store's files, a projection of the log.
    public Path store() {
        return root.resolve("store");
    }

    /// The folder of one generation's document store.
    public Path store(ProjectionGeneration generation) {
        return generation.equals(ProjectionGeneration.FIRST)
                ? store()
                : store().resolve(Integer.toString(generation.number()));
    }

    /// Prepared images, by content.
    public Path images() {
        return root.resolve("images");
    }

    /// State stores of the Kafka Streams services, rebuilt from the log where missing.
    public Path streams() {
        return root.resolve("streams");
    }

    /// Log files.
    public Path logs() {
        return root.resolve("logs");
    }

    /// What tokens of models cost, if somebody wrote it down.
    public Path prices() {
        return root.resolve("prices.yaml");
    }

    /// The home's format version.
    Path homeFile() {
        return root.resolve("home.json");
    }

    /// Which generation of the projection is read; missing for the first.
    Path projectionFile() {
        return root.resolve("projection.json");
    }

    /// The running platform, while there is one.
    Path platformFile() {
        return root.resolve("platform.json");
    }

    /// Locked by the owner, and holds its process id.
    Path lockFile() {
        return root.resolve("lock");
    }

    List<Path> folders() {
        return List.of(kafka(), registry(), store(), images(), streams(), logs());
    }
}
