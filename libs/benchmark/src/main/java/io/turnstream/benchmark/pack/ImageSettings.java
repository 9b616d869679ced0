package io.turnstream.benchmark.pack;

/// How an image is prepared, once, before it is sent.
public sealed interface ImageSettings {

    /// The bytes of the data set, untouched.
    record Original() implements ImageSettings {}

    /// Decoded, scaled down (never up) and encoded again as JPEG.
    ///
    /// @param longestSide the longest side in pixels, 16 to 8192
    /// @param quality JPEG quality, 1 to 100
    record Jpeg(int longestSide, int quality) implements ImageSettings {
        public Jpeg {
            if (longestSide < 16 || longestSide > 8192) {
                throw new IllegalArgumentException("longestSide is " + longestSide + ", expected 16 to 8192 pixels");
            }
            if (quality < 1 || quality > 100) {
                throw new IllegalArgumentException("quality is " + quality + ", expected 1 to 100");
            }
        }
    }
}
