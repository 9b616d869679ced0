package io.turnstream.loader.images;

/// What an image may be at most, so that no small file can take all memory.
///
/// @param maxBytes bytes as encoded
/// @param maxPixels width times height; also what may be decoded at the same time, all threads together
public record ImageLimits(int maxBytes, int maxPixels) {

    /// 32 MB and 40 megapixels (the public data set's largest has 6).
    public static final ImageLimits DEFAULT = new ImageLimits(32 * 1024 * 1024, 40_000_000);

    public ImageLimits {
        if (maxBytes <= 0 || maxPixels <= 0) {
            throw new IllegalArgumentException("maxBytes %d, maxPixels %d".formatted(maxBytes, maxPixels));
        }
    }
}
