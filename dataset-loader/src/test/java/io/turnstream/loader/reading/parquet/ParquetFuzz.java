package io.turnstream.loader.reading.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// A Parquet file to break.
public final class ParquetFuzz {

    private ParquetFuzz() {}

    /// Three rows with small pictures.
    public static Path file(Path file) throws IOException {
        return ParquetFixture.write(file, 3, 100, 1 << 20, UnaryOperator.identity());
    }

    /// Bytes of the footer with its length and the magic number.
    public static int footerLength(byte[] file) {
        return ByteBuffer.wrap(file, file.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt() + 8;
    }
}
