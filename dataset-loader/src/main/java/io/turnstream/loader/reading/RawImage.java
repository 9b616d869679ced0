package io.turnstream.loader.reading;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An image as the data set has it: its bytes, or why there are none.
///
/// @param bytes the encoded image; handed over, not copied: images are large and belong to one row
/// @param problem why there are no bytes
/// @param path name of the image, for messages
public record RawImage(byte @Nullable [] bytes, @Nullable String problem, String path) {

    public RawImage {
        if ((bytes == null) == (problem == null)) {
            throw new IllegalArgumentException("an image has either bytes or a problem");
        }
    }

    /// An image with its bytes.
    public static RawImage of(byte[] bytes, String path) {
        return new RawImage(bytes, null, path);
    }

    /// An image that could not be read.
    public static RawImage unreadable(String problem, String path) {
        return new RawImage(null, problem, path);
    }

    /// The bytes of an image that has some.
    public byte[] requireBytes() {
        return Objects.requireNonNull(bytes, path);
    }

    @Override
    public String toString() {
        return "RawImage[" + path + ", " + (bytes == null ? problem : bytes.length + " bytes") + "]";
    }
}
