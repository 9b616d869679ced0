package io.turnstream.loader.images;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// PNG files that Java itself does not write: grey with alpha, and headers that say anything.
final class GrayAlphaPng {

    private GrayAlphaPng() {}

    /// An image of one grey and one alpha.
    static byte[] of(int width, int height, int gray, int alpha) {
        byte[] rows = new byte[height * (1 + 2 * width)];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                rows[y * (1 + 2 * width) + 1 + 2 * x] = (byte) gray;
                rows[y * (1 + 2 * width) + 2 + 2 * x] = (byte) alpha;
            }
        }
        return png(width, height, rows);
    }

    /// A few bytes that say that they hold an enormous image.
    static byte[] bomb(int width, int height) {
        return png(width, height, new byte[1000]);
    }

    private static byte[] png(int width, int height, byte[] rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        byte bitDepth = 8;
        byte greyWithAlpha = 4;
        chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(bitDepth).put(greyWithAlpha)
                .put(new byte[3]).array());
        Deflater deflater = new Deflater();
        deflater.setInput(rows);
        deflater.finish();
        byte[] compressed = new byte[rows.length + 100];
        int length = deflater.deflate(compressed);
        deflater.end();
        chunk(out, "IDAT", java.util.Arrays.copyOf(compressed, length));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
