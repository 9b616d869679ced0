package io.turnstream.loader.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// An image whose header was read and whose pixels were not.
record EncodedImage(byte[] bytes, String mediaType, int width, int height) {

    private static final String FORMATS = "a PNG or JPEG image";
    private static final String REMEDY = "replace the image, or leave its row out of the data set";

    /// Reads format and size from the header.
    static EncodedImage parse(byte[] bytes) throws UnusableImageException {
        String mediaType = mediaTypeOf(bytes);
        try {
            return withReader(bytes, reader ->
                    new EncodedImage(bytes, mediaType, reader.getWidth(0), reader.getHeight(0)));
        } catch (IOException | RuntimeException e) {
            // The readers answer damaged input with RuntimeExceptions of many kinds, too.
            throw damaged(e);
        }
    }

    long pixels() {
        return (long) width * height;
    }

    void requireAtMost(int maxPixels) throws UnusableImageException {
        if (width <= 0 || height <= 0 || pixels() > maxPixels) {
            throw new UnusableImageException(
                    "the image says that it has %d x %d = %d pixels".formatted(width, height, pixels()),
                    "at most %d pixels".formatted(maxPixels), "scale the image down");
        }
    }

    /// Reads the pixels.
    BufferedImage decode() throws UnusableImageException {
        try {
            BufferedImage image = withReader(bytes, reader -> reader.read(0));
            if (image.getWidth() != width || image.getHeight() != height) {
                throw new IOException("its size is not the one in its header");
            }
            return image;
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
    }

    private static String mediaTypeOf(byte[] bytes) throws UnusableImageException {
        if (startsWith(bytes, 0x89, 'P', 'N', 'G')) {
            return "image/png";
        }
        if (startsWith(bytes, 0xFF, 0xD8, 0xFF)) {
            return "image/jpeg";
        }
        throw new UnusableImageException("the image begins with %s and is neither PNG nor JPEG".formatted(beginning(bytes)),
                FORMATS, REMEDY);
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static String beginning(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            hex.append(String.format(Locale.ROOT, "%02x", bytes[i]));
        }
        return hex.isEmpty() ? "nothing" : hex.toString();
    }

    private static UnusableImageException damaged(Exception cause) {
        return new UnusableImageException("the image cannot be decoded (" + cause.getMessage() + ")", FORMATS, REMEDY);
    }

    private static <T> T withReader(byte[] bytes, Use<T> use) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("no reader for it");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return use.of(reader);
            } finally {
                reader.dispose();
            }
        }
    }

    private interface Use<T> {
        T of(ImageReader reader) throws IOException;
    }
}
