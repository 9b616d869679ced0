package io.turnstream.providers;

import java.io.IOException;

/// Where the bytes of prepared images come from.
@FunctionalInterface
public interface ImageSource {

    /// @param sha256 SHA-256 (hex) of the image
    /// @throws IOException      if it cannot be read
    /// @throws RuntimeException if it is missing or damaged; the message says which
    byte[] bytes(String sha256) throws IOException;

    /// For callers that never send an image.
    static ImageSource none() {
        return sha256 -> {
            throw new IOException("there is no image store to take image " + sha256 + " from");
        };
    }
}
