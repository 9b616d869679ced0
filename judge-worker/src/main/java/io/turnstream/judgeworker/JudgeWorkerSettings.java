package io.turnstream.judgeworker;

import io.smallrye.config.ConfigMapping;
import io.turnstream.worker.WorkerSettings;

/// What a judge worker is told.
@ConfigMapping(prefix = "turnstream.judge-worker")
public interface JudgeWorkerSettings extends WorkerSettings {

    /// How often at most a judge is asked again after an answer without a verdict.
    int repeats();
}
