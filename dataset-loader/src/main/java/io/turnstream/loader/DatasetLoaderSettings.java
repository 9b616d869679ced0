package io.turnstream.loader;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.turnstream.messaging.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the loader is told.
@ConfigMapping(prefix = "turnstream.dataset-loader")
public interface DatasetLoaderSettings {

    /// Whether this process runs it.
    boolean enabled();

    /// How Kafka is reached.
    KafkaSettings kafka();

    /// Folder of prepared images (`TURNSTREAM_IMAGE_STORE`); the workers must see the same one.
    Path imageStore();

    /// Folders below which files are read (`TURNSTREAM_DATASET_FOLDERS`, separated by commas), since whoever asks for a
    /// run names the files: data sets, pictures, captions and categories. Links are followed, and must end below them,
    /// too. Wherever it is not set: `/datasets`.
    List<Path> datasetFolders();

    /// Images that are prepared at the same time (`TURNSTREAM_LOADER_THREADS`).
    int threads();

    /// Most memory that one Parquet row group may take, such as `512M` (`TURNSTREAM_LOADER_ROW_GROUP_MEMORY`); 60 % of
    /// the heap where it is not set.
    Optional<MemorySize> rowGroupMemory();

    /// Largest image as encoded (`TURNSTREAM_LOADER_MAX_IMAGE_BYTES`).
    MemorySize maxImageBytes();

    /// Most pixels of an image, width times height (`TURNSTREAM_LOADER_MAX_IMAGE_PIXELS`).
    int maxImagePixels();

    /// How long a run waits for its protocol pack.
    Duration packPatience();
}
