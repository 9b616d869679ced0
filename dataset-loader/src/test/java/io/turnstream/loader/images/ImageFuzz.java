package io.turnstream.loader.images;

import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.loader.DatasetFixture;
import io.turnstream.providers.images.ImageStore;
import java.nio.file.Path;
import java.util.List;

/// Pictures to break, and how they are prepared.
public final class ImageFuzz {

    private ImageFuzz() {}

    /// One of each kind.
    public static List<byte[]> pictures() {
        byte[] baseline = JpegFixture.withOrientation(JpegFixture.encode(JpegFixture.noise(24, 16), false), 6);
        return List.of(baseline, JpegFixture.encode(JpegFixture.noise(24, 16), true),
                JpegFixture.withAdobe(JpegFixture.fourBands(24, 16, new int[] {9, 99, 199, 255}), 2),
                DatasetFixture.png(JpegFixture.noise(24, 16)),
                PngFixture.filled(9, 7, 8, PngFixture.PALETTE, new byte[] {0},
                        List.of(new PngFixture.Chunk("PLTE", new byte[] {1, 2, 3}),
                                new PngFixture.Chunk("eXIf", JpegFixture.exif(3)))));
    }

    /// Prepares a picture, or finds out why it cannot be.
    public static void prepare(byte[] picture, Path dir) {
        try {
            new ImagePreparer(new ImageStore(dir.resolve("store")), new ImageLimits(1_000_000, 1_000_000))
                    .prepare(picture, new ImageSettings.Jpeg(16, 80));
        } catch (UnusableImageException e) {
            if (e.remedy().isBlank()) {
                throw new AssertionError("no remedy", e);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
