package io.turnstream.loader.images;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// PNG files that Java itself does not write: grey with alpha, 16 bits, chunks of all kinds, and headers that say
/// anything.
final class PngFixture {

    static final int GREY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GREY_ALPHA = 4;
    static final int RGBA = 6;

    private PngFixture() {}

    /// A chunk of a file.
    record Chunk(String type, byte[] data) {}

    /// An image of one grey and one alpha.
    static byte[] of(int width, int height, int gray, int alpha) {
        return filled(width, height, 8, GREY_ALPHA, new byte[] {(byte) gray, (byte) alpha}, List.of());
    }

    /// A few bytes that say that they hold an enormous image.
    static byte[] bomb(int width, int height) {
        return png(width, height, 8, GREY_ALPHA, new byte[1000], List.of());
    }

    /// An image whose pixels are all the same.
    ///
    /// @param pixel its bytes
    /// @param before chunks between header and pixels
    static byte[] filled(int width, int height, int bitDepth, int colorType, byte[] pixel, List<Chunk> before) {
        int rowBytes = 1 + width * pixel.length;
        byte[] rows = new byte[height * rowBytes];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(pixel, 0, rows, y * rowBytes + 1 + x * pixel.length, pixel.length);
            }
        }
        return png(width, height, bitDepth, colorType, rows, before);
    }

    private static byte[] png(int width, int height, int bitDepth, int colorType, byte[] rows, List<Chunk> before) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(out, "IHDR",
                ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) bitDepth).put((byte) colorType)
                        .put(new byte[3]).array());
        before.forEach(chunk -> chunk(out, chunk.type(), chunk.data()));
        chunk(out, "IDAT", deflated(rows));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /// The chunk as it stands in a file.
    static byte[] bytesOf(Chunk chunk) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        chunk(out, chunk.type(), chunk.data());
        return out.toByteArray();
    }

    static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater();
        deflater.setInput(bytes);
        deflater.finish();
        byte[] compressed = new byte[bytes.length + 100];
        int length = deflater.deflate(compressed);
        deflater.end();
        return java.util.Arrays.copyOf(compressed, length);
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
