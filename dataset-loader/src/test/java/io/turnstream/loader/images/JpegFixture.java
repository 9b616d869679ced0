package io.turnstream.loader.images;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// JPEG files as cameras and print shops write them.
final class JpegFixture {

    private JpegFixture() {}

    /// A picture with detail everywhere, so that a missing part shows.
    static BufferedImage noise(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return image;
    }

    static byte[] encode(BufferedImage image, boolean progressive) {
        return write(new IIOImage(image, null, null), progressive);
    }

    /// Four inks, as stored: the bytes of each pixel are written as they are, without a marker that says what they
    /// mean.
    static byte[] fourBands(int width, int height, int[] pixel) {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                raster.setPixel(x, y, pixel);
            }
        }
        return write(new IIOImage(raster, null, null), false);
    }

    /// The same file with Adobe's marker, whose inks are stored inverted.
    ///
    /// @param transform 0 for CMYK, 2 for YCCK
    static byte[] withAdobe(byte[] jpeg, int transform) {
        byte[] data = ByteBuffer.allocate(12).put("Adobe".getBytes(StandardCharsets.US_ASCII)).putShort((short) 100)
                .putInt(0)
                .put((byte) transform).array();
        return withSegment(jpeg, 0xEE, data);
    }

    /// The same file turned as a camera says it was held.
    static byte[] withOrientation(byte[] jpeg, int orientation) {
        byte[] exif = ByteBuffer.allocate(6 + exif(orientation).length)
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif(orientation)).array();
        return withSegment(jpeg, 0xE1, exif);
    }

    /// Exif data with nothing but the orientation.
    static byte[] exif(int orientation) {
        return ByteBuffer.allocate(26).put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8)
                .putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1)
                .putShort((short) orientation).putShort((short) 0)
                .putInt(0).array();
    }

    /// The same file with one more segment at its beginning.
    static byte[] withSegment(byte[] jpeg, int marker, byte[] data) {
        return ByteBuffer.allocate(jpeg.length + 4 + data.length).put(jpeg, 0, 2).put((byte) 0xFF).put((byte) marker)
                .putShort((short) (2 + data.length)).put(data).put(jpeg, 2, jpeg.length - 2).array();
    }

    private static byte[] write(IIOImage image, boolean progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(0.98f);
            settings.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.setOutput(out);
            writer.write(null, image, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
