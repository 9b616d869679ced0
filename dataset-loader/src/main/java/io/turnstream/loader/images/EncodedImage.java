package io.turnstream.loader.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jboss.logging.Logger;

/// An image whose header was read and whose pixels were not.
record EncodedImage(byte[] bytes, String mediaType, int width, int height) {

    private static final Logger LOG = Logger.getLogger(EncodedImage.class);
    private static final String PNG = "image/png";

    /// What the decoder says (libjpeg's warnings, which it never translates) when it had to make up pixels.
    private static final Pattern DAMAGED_DATA = Pattern.compile(
            "Corrupt JPEG data: (?!\\d+ extraneous bytes before marker 0xd9).*|Premature end of JPEG file.*|Inconsistent progression sequence.*");

    /// Makes the decoder come to the end of a file that lacks its end marker; behind one that has it, nobody looks.
    private static final byte[] END_OF_JPEG = {(byte) 0xFF, (byte) 0xD9};

    private static final String FORMATS = "a PNG or JPEG image";
    private static final String REMEDY = "replace the image, or leave its row out of the data set";

    /// Reads format and size from the header.
    static EncodedImage parse(byte[] bytes) throws UnusableImageException {
        String mediaType = mediaTypeOf(bytes);
        try {
            return withReader(bytes,
                    reader -> new EncodedImage(bytes, mediaType, reader.getWidth(0), reader.getHeight(0)));
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

    /// Reads the pixels, with the colours they mean.
    ///
    /// @throws UnusableImageException if the picture cannot be decoded whole: what is missing would go out grey
    BufferedImage decode() throws UnusableImageException {
        try {
            return mediaType.equals(PNG) ? decodePng() : decodeJpeg();
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
    }

    /// Which way up the camera was held.
    Orientation orientation() {
        return Orientation.of(mediaType.equals(PNG) ? PngStructure.of(bytes).exif() : JpegStructure.of(bytes).exif());
    }

    private BufferedImage decodePng() throws IOException, UnusableImageException {
        PngStructure structure = PngStructure.of(bytes);
        if (structure.isDamaged()) {
            throw notWhole("its checksums do not fit");
        }
        return ColorProfile.toSrgb(pixels(new ArrayList<>()), structure.profile());
    }

    private BufferedImage decodeJpeg() throws IOException, UnusableImageException {
        List<String> warnings = new ArrayList<>();
        BufferedImage image = pixels(warnings);
        JpegStructure structure = JpegStructure.of(bytes);
        if (!structure.isEnded() && (!warnings.isEmpty() || !structure.hasAllScans())) {
            throw notWhole("its data breaks off");
        }
        if (warnings.stream().anyMatch(DAMAGED_DATA.asMatchPredicate())) {
            throw notWhole("its data is damaged");
        }
        return image;
    }

    private BufferedImage pixels(List<String> warnings) throws IOException {
        BufferedImage image = withReader(bytes, reader -> {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            return reader.read(0);
        });
        if (image.getWidth() != width || image.getHeight() != height) {
            throw new IOException("its size is not the one in its header");
        }
        return image;
    }

    private static UnusableImageException notWhole(String why) {
        return new UnusableImageException("the image is not whole: " + why, "a whole " + FORMATS.substring(2), REMEDY);
    }

    private static String mediaTypeOf(byte[] bytes) throws UnusableImageException {
        if (startsWith(bytes, 0x89, 'P', 'N', 'G')) {
            return PNG;
        }
        if (startsWith(bytes, 0xFF, 0xD8, 0xFF)) {
            return "image/jpeg";
        }
        throw new UnusableImageException(
                "the image begins with %s and is neither PNG nor JPEG".formatted(beginning(bytes)),
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
        LOG.debug("an image cannot be decoded", cause);
        return new UnusableImageException(
                "the image cannot be decoded: its data is damaged, or of a kind that is not supported", FORMATS,
                REMEDY);
    }

    private static <T> T withReader(byte[] bytes, Use<T> use) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(
                new SequenceInputStream(new ByteArrayInputStream(bytes), new ByteArrayInputStream(END_OF_JPEG)))) {
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
