package io.turnstream.performance;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/// A picture that costs what a photo costs: 3 megapixels with grain in a JPEG of about 1 MB, which is prepared to about
/// 300 KB. Each number gives another, and always the same.
final class SyntheticPicture {

    private static final int WIDTH = 2_000;
    private static final int HEIGHT = 1_500;
    private static final int GRAIN = 17;

    private SyntheticPicture() {}

    /// @param large whether it is the size of a photo, or as small as can be
    static void write(Path file, int number, boolean large) {
        BufferedImage image = large ? drawn(WIDTH, HEIGHT, number) : drawn(16, 16, number);
        try (var out = Files.newOutputStream(file)) {
            ImageIO.write(image, "jpg", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedImage drawn(int width, int height, int number) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] line = new int[width];
        int state = number * 0x9E3779B9 + 1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                state ^= state << 13;
                state ^= state >>> 17;
                state ^= state << 5;
                int grain = (state & 0xFF) % GRAIN;
                int red = (x * 200 / width + (number * 37 + y / 60 * 13) % 36 + grain) & 0xFF;
                int green = (y * 180 / height + (number * 11 + x / 90 * 17) % 56 + grain) & 0xFF;
                int blue = ((x + y) * 160 / (width + height) + 60 + grain) & 0xFF;
                line[x] = red << 16 | green << 8 | blue;
            }
            image.setRGB(0, y, width, 1, line, 0, width);
        }
        return image;
    }
}
