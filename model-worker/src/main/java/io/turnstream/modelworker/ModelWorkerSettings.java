package io.turnstream.modelworker;

import io.smallrye.config.ConfigMapping;
import io.turnstream.worker.WorkerSettings;
import java.nio.file.Path;

/// What a model worker is told.
@ConfigMapping(prefix = "turnstream.model-worker")
public interface ModelWorkerSettings extends WorkerSettings {

    /// The store of prepared images (`TURNSTREAM_IMAGE_STORE`); in a cluster a volume that loader and workers share.
    Path images();
}
