package io.turnstream.standalone.home;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The platform that owns a home: how other commands of the same user reach it.
///
/// @param pid           its process id
/// @param startedMillis when that process started, in milliseconds since 1970; tells it from a later one with the same
///         id
/// @param port          of its API, on loopback
/// @param token         to be sent as bearer token; readable by the home's user only
/// @param kafka         its broker, `127.0.0.1:port`, for those who read the log itself; null where an older version
///                      wrote this
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunningPlatform(long pid, long startedMillis, int port, String token, @Nullable String kafka) {

    private static final int HIGHEST_PORT = 65_535;

    public RunningPlatform {
        if (pid < 1) {
            throw new IllegalArgumentException("pid must be positive: " + pid);
        }
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port must be between 1 and 65535: " + port);
        }
        if (token == null || token.isBlank()) {
            throw new IllegalArgumentException("token is missing");
        }
    }

    /// The platform running on that home, if there is one. A file that a killed platform left behind counts as none,
    /// and is left for the next owner to clean up.
    public static Optional<RunningPlatform> on(HomeLayout layout) {
        if (!Files.isRegularFile(layout.platformFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectMapper().readValue(layout.platformFile().toFile(), RunningPlatform.class))
                    .filter(RunningPlatform::isAlive);
        } catch (IOException e) {
            // half-written or damaged: nothing can be reached through it
            return Optional.empty();
        }
    }

    /// Whether the process is still there, and is the one that wrote this.
    public boolean isAlive() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::startedAsRecorded).isPresent();
    }

    private boolean startedAsRecorded(ProcessHandle process) {
        return startedMillis(process) == startedMillis;
    }

    static long startedMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /// The base of its API: `http://127.0.0.1:port`.
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /// Without the token.
    @Override
    public String toString() {
        return "RunningPlatform[pid=" + pid + ", port=" + port + "]";
    }
}
