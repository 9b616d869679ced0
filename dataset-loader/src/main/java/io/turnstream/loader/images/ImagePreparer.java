package io.turnstream.loader.images;

import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.events.EventDigests;
import io.turnstream.providers.images.ImageStore;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Prepares images for sending, each once per source and settings. Safe for several threads.
///
/// Together, all threads decode no more pixels at the same time than one image may have, so that memory stays bounded.
public final class ImagePreparer {

    /// Enters the key under which results are remembered: raise it when the same source would become other bytes.
    private static final String METHOD = "area-average-2";

    private static final int LOCKS = 64;

    static {
        // Nothing is shown: without this, a DISPLAY that nobody serves would end the first image.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    private final ImageStore store;
    private final ImageLimits limits;
    private final Semaphore pixels;
    private final Object[] locks = new Object[LOCKS];

    public ImagePreparer(ImageStore store, ImageLimits limits) {
        this.store = store;
        this.limits = limits;
        this.pixels = new Semaphore(limits.maxPixels());
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /// Prepares an image and stores the result.
    ///
    /// @param source the image as the data set has it
    /// @throws UnusableImageException if it is too large, damaged, or of a format that is not supported
    /// @throws InterruptedException if interrupted while waiting for other images to be done
    public PreparedImage prepare(byte[] source, ImageSettings settings)
            throws UnusableImageException, InterruptedException {
        if (source.length > limits.maxBytes()) {
            throw new UnusableImageException("the image has %d bytes".formatted(source.length),
                    "at most %d bytes".formatted(limits.maxBytes()), "scale the image down");
        }
        EncodedImage image = EncodedImage.parse(source);
        image.requireAtMost(limits.maxPixels());
        String sourceSha256 = EventDigests.sha256Hex(source);
        return switch (settings) {
            case ImageSettings.Original _ -> {
                String key = "original " + METHOD;
                boolean known = store.preparedFor(sourceSha256, key).isPresent();
                if (!known) {
                    requireWhole(image);
                    store.put(source);
                    store.remember(sourceSha256, key, sourceSha256);
                }
                yield new PreparedImage(sourceSha256, sourceSha256, image.mediaType(), known);
            }
            case ImageSettings.Jpeg jpeg -> {
                String key = "jpeg " + jpeg.longestSide() + " " + jpeg.quality() + " " + METHOD;
                // One image often stands in both splits: the second to come waits and then finds it.
                synchronized (locks[Math.floorMod(sourceSha256.hashCode(), LOCKS)]) {
                    Optional<String> known = store.preparedFor(sourceSha256, key);
                    if (known.isPresent()) {
                        yield new PreparedImage(sourceSha256, known.get(), JpegEncoder.MEDIA_TYPE, true);
                    }
                    String sha256 = store.put(toJpeg(image, jpeg));
                    store.remember(sourceSha256, key, sha256);
                    yield new PreparedImage(sourceSha256, sha256, JpegEncoder.MEDIA_TYPE, false);
                }
            }
        };
    }

    /// A picture that goes out untouched is decoded all the same, once: whoever gets half a picture would not know it.
    private void requireWhole(EncodedImage image) throws UnusableImageException, InterruptedException {
        withPixels(image, EncodedImage::decode);
    }

    private byte[] toJpeg(EncodedImage image, ImageSettings.Jpeg settings)
            throws UnusableImageException, InterruptedException {
        return withPixels(image, whole -> {
            BufferedImage scaled = AreaAverage.scaleDown(whole.decode(), settings.longestSide());
            return JpegEncoder.encode(whole.orientation().upright(scaled), settings.quality());
        });
    }

    private <T> T withPixels(EncodedImage image, Use<T> use) throws UnusableImageException, InterruptedException {
        int permits = Math.toIntExact(image.pixels());
        pixels.acquire(permits);
        try {
            return use.of(image);
        } finally {
            pixels.release(permits);
        }
    }

    private interface Use<T> {
        T of(EncodedImage image) throws UnusableImageException;
    }
}
