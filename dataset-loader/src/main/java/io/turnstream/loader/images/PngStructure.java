package io.turnstream.loader.images;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// A PNG file as its chunks tell it: whether those that make the picture are as they were written, its Exif data and
/// colour profile.
///
/// Java's reader looks at no checksum, and at no colour profile.
final class PngStructure {

    private static final int SIGNATURE = 8;
    private static final int AROUND_DATA = 12;
    private static final int LARGEST_PROFILE = 4 * 1024 * 1024;

    private boolean damaged;
    private byte @Nullable [] exif;
    private byte @Nullable [] profile;

    private PngStructure() {}

    static PngStructure of(byte[] bytes) {
        PngStructure structure = new PngStructure();
        ByteBuffer png = ByteBuffer.wrap(bytes);
        int at = SIGNATURE;
        while (at + AROUND_DATA <= bytes.length) {
            int length = png.getInt(at);
            if (length < 0 || length > bytes.length - at - AROUND_DATA) {
                break;
            }
            String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
            structure.chunk(type, bytes, at + 8, length, png.getInt(at + 8 + length));
            at += AROUND_DATA + length;
        }
        return structure;
    }

    private void chunk(String type, byte[] bytes, int from, int length, int checksum) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from - 4, length + 4);
        boolean intact = (int) crc.getValue() == checksum;
        switch (type) {
            case "IHDR", "PLTE", "tRNS", "IDAT" -> damaged |= !intact;
            case "eXIf" -> exif = intact ? Arrays.copyOfRange(bytes, from, from + length) : exif;
            case "iCCP" -> profile = intact ? inflated(Arrays.copyOfRange(bytes, from, from + length)) : profile;
            default -> {
                /* nothing that changes the picture */ }
        }
    }

    /// A name that ends with 0, a method that is 0, and the profile, deflated.
    private static byte @Nullable [] inflated(byte[] data) {
        int end = 0;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        if (end + 2 > data.length) {
            return null;
        }
        try (InflaterInputStream in = new InflaterInputStream(
                new ByteArrayInputStream(data, end + 2, data.length - end - 2))) {
            return in.readNBytes(LARGEST_PROFILE);
        } catch (IOException e) {
            return null;
        }
    }

    /// Whether a chunk that makes the picture is not as it was written.
    boolean isDamaged() {
        return damaged;
    }

    /// Exif data from its byte order mark on; null for none.
    byte @Nullable [] exif() {
        return exif;
    }

    /// The colour profile (ICC); null for none.
    byte @Nullable [] profile() {
        return profile;
    }
}
