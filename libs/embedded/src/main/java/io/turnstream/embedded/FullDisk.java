package io.turnstream.embedded;

import java.nio.file.Path;
import java.util.List;

/// Tells a full disk from other failures to write.
final class FullDisk {

    private static final List<String> SIGNS = List.of("No space left on device", "Disk quota exceeded",
            "not enough space on the disk");

    private FullDisk() {}

    static boolean isToBlame(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage());
            if (SIGNS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }

    static CannotStartException error(Path place, Throwable cause) {
        return new CannotStartException("The disk is full", place.toString(), "Make room on it.", cause);
    }
}
