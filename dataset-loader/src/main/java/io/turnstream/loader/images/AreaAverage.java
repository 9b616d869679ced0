package io.turnstream.loader.images;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferInt;
import java.awt.image.Raster;
import java.util.Arrays;

/// Scales images down by averaging the area that each new pixel covers, in whole numbers, so that every machine gets
/// the same.
///
/// Transparent parts are laid on white. The source is taken in strips, so that beside it only the result is held.
final class AreaAverage {

    private static final int STRIP_ROWS = 64;
    private static final int CHANNELS = 3;
    private static final int INKS = 4;

    private AreaAverage() {}

    /// The image in RGB with its longest side at most so long; never larger than it was.
    static BufferedImage scaleDown(BufferedImage source, int longestSide) {
        int width = source.getWidth();
        int height = source.getHeight();
        int longest = Math.max(width, height);
        if (longest <= longestSide) {
            return flat(source, 0, height);
        }
        int newWidth = Math.max(1, Math.round((float) width * longestSide / longest));
        int newHeight = Math.max(1, Math.round((float) height * longestSide / longest));
        BufferedImage result = new BufferedImage(newWidth, newHeight, BufferedImage.TYPE_INT_RGB);
        int[] target = pixels(result);

        // A source pixel is newWidth x newHeight units large, a new one width x height units: all borders are whole
        // numbers.
        long[] sums = new long[newWidth * CHANNELS];
        long[] rowSums = new long[newWidth * CHANNELS];
        int newY = 0;
        for (int top = 0; top < height; top += STRIP_ROWS) {
            int rows = Math.min(STRIP_ROWS, height - top);
            int[] strip = pixels(flat(source, top, rows));
            for (int row = 0; row < rows; row++) {
                averageAcross(strip, row * width, width, newWidth, rowSums);
                long from = (long) (top + row) * newHeight;
                long to = from + newHeight;
                while (from < to) {
                    long border = Math.min(to, (long) (newY + 1) * height);
                    add(sums, rowSums, border - from);
                    from = border;
                    if (border == (long) (newY + 1) * height) {
                        writeRow(sums, target, newY * newWidth, (long) width * height);
                        newY++;
                    }
                }
            }
        }
        return result;
    }

    private static void averageAcross(int[] pixels, int start, int width, int newWidth, long[] sums) {
        Arrays.fill(sums, 0);
        int newX = 0;
        for (int x = 0; x < width; x++) {
            int rgb = pixels[start + x];
            long from = (long) x * newWidth;
            long to = from + newWidth;
            while (from < to) {
                long border = Math.min(to, (long) (newX + 1) * width);
                long weight = border - from;
                int at = newX * CHANNELS;
                sums[at] += weight * (rgb >> 16 & 0xFF);
                sums[at + 1] += weight * (rgb >> 8 & 0xFF);
                sums[at + 2] += weight * (rgb & 0xFF);
                from = border;
                if (border == (long) (newX + 1) * width) {
                    newX++;
                }
            }
        }
    }

    private static void add(long[] sums, long[] rowSums, long weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * rowSums[i];
        }
    }

    private static void writeRow(long[] sums, int[] target, int start, long area) {
        for (int x = 0; x < sums.length / CHANNELS; x++) {
            int at = x * CHANNELS;
            target[start + x] = rounded(sums[at], area) << 16 | rounded(sums[at + 1], area) << 8
                    | rounded(sums[at + 2], area);
        }
        Arrays.fill(sums, 0);
    }

    private static int rounded(long sum, long area) {
        return (int) ((sum + area / 2) / area);
    }

    /// Some rows of an image in RGB on white.
    private static BufferedImage flat(BufferedImage source, int top, int rows) {
        if (source.getRaster().getNumBands() == 2) {
            return flatGrayWithAlpha(source.getRaster(), source.getColorModel(), top, rows);
        }
        ColorSpace colors = source.getColorModel().getColorSpace();
        if (colors.getType() == ColorSpace.TYPE_CMYK && !(colors instanceof ICC_ColorSpace)) {
            return flatInks(source.getRaster(), top, rows);
        }
        BufferedImage flat = new BufferedImage(source.getWidth(), rows, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = flat.createGraphics();
        try {
            graphics.setComposite(AlphaComposite.SrcOver);
            if (source.getColorModel().hasAlpha()) {
                graphics.setColor(Color.WHITE);
                graphics.fillRect(0, 0, flat.getWidth(), rows);
            }
            graphics.drawImage(source.getSubimage(0, top, source.getWidth(), rows), 0, 0, null);
        } finally {
            graphics.dispose();
        }
        return flat;
    }

    /// Java2D takes grey with alpha for linear light and makes it brighter; other greys it copies, and so does this.
    private static BufferedImage flatGrayWithAlpha(Raster source, ColorModel colors, int top, int rows) {
        BufferedImage flat = new BufferedImage(source.getWidth(), rows, BufferedImage.TYPE_INT_RGB);
        int[] target = pixels(flat);
        int most = (1 << colors.getComponentSize(0)) - 1;
        int[] row = new int[source.getWidth() * 2];
        for (int y = 0; y < rows; y++) {
            source.getPixels(0, top + y, source.getWidth(), 1, row);
            for (int x = 0; x < source.getWidth(); x++) {
                long alpha = row[2 * x + 1];
                long gray = (row[2 * x] * alpha + most * (most - alpha)) / most * 255 / most;
                target[y * source.getWidth() + x] = (int) (gray << 16 | gray << 8 | gray);
            }
        }
        return flat;
    }

    /// Four inks without a profile that says how they look: each takes away its share of the light, as viewers have it.
    /// Java2D takes what is left for linear light and washes it out.
    private static BufferedImage flatInks(Raster source, int top, int rows) {
        BufferedImage flat = new BufferedImage(source.getWidth(), rows, BufferedImage.TYPE_INT_RGB);
        int[] target = pixels(flat);
        int[] row = new int[source.getWidth() * INKS];
        for (int y = 0; y < rows; y++) {
            source.getPixels(0, top + y, source.getWidth(), 1, row);
            for (int x = 0; x < source.getWidth(); x++) {
                int light = 255 - row[INKS * x + 3];
                int rgb = 0;
                for (int ink = 0; ink < CHANNELS; ink++) {
                    rgb = rgb << 8 | ((255 - row[INKS * x + ink]) * light + 127) / 255;
                }
                target[y * source.getWidth() + x] = rgb;
            }
        }
        return flat;
    }

    private static int[] pixels(BufferedImage image) {
        return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    }
}
