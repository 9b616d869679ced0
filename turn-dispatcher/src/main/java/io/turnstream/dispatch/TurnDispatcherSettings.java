package io.turnstream.dispatch;

import io.smallrye.config.ConfigMapping;
import io.turnstream.messaging.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;

/// What the dispatcher is told.
@ConfigMapping(prefix = "turnstream.turn-dispatcher")
public interface TurnDispatcherSettings {

    /// Whether this process runs it.
    boolean enabled();

    /// How Kafka is reached.
    KafkaSettings kafka();

    /// Where its stores live (`TURNSTREAM_STATE_DIRECTORY`); lost, they are restored from the log.
    Path stateDirectory();

    /// Stream threads (`TURNSTREAM_STREAM_THREADS`).
    int threads();

    /// How long an accepted answer waits for its transaction at most. Shorter is quicker, and costs more transactions.
    Duration commitInterval();

    /// Bytes of what it knows of runs and judgement sets that are held back from their changelogs between commits.
    long cacheBytes();

    /// What quotas count in (`TURNSTREAM_QUOTA_WINDOW`): a minute, as providers do; tests take less.
    Duration quotaWindow();
}
