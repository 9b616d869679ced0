package io.turnstream.loader.reading.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/// Decompresses pages in the heap, without Hadoop's codecs and their configuration.
///
/// A page says in its own header how large it becomes; one that says more than the budget is refused before memory is
/// taken.
final class PageCodecs implements CompressionCodecFactory {

    private final long budgetBytes;

    PageCodecs(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    static boolean canRead(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED, SNAPPY, GZIP, ZSTD -> true;
            case LZO, BROTLI, LZ4, LZ4_RAW -> false;
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new PageDecompressor(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new IllegalStateException("data sets are read, never written");
    }

    @Override
    public void release() {
        // Nothing is pooled.
    }

    private final class PageDecompressor implements BytesInputDecompressor {

        private final CompressionCodecName codec;

        private PageDecompressor(CompressionCodecName codec) {
            this.codec = codec;
        }

        @Override
        public BytesInput decompress(BytesInput page, int decompressedSize) throws IOException {
            if (codec == CompressionCodecName.UNCOMPRESSED) {
                return page;
            }
            if (decompressedSize < 0 || decompressedSize > budgetBytes) {
                throw new IOException("a page says that it holds " + decompressedSize + " bytes");
            }
            // The chunk lies in one buffer on the heap, so this is a view of it and no copy.
            ByteBuffer compressed = page.toByteBuffer();
            byte[] from = compressed.array();
            int offset = compressed.arrayOffset() + compressed.position();
            int length = compressed.remaining();
            byte[] to = new byte[decompressedSize];
            int size = switch (codec) {
                case SNAPPY -> {
                    if (Snappy.uncompressedLength(from, offset, length) != decompressedSize) {
                        throw new IOException("a page is not as large as its header says");
                    }
                    yield Snappy.uncompress(from, offset, length, to, 0);
                }
                case ZSTD -> {
                    long written = Zstd.decompressByteArray(to, 0, to.length, from, offset, length);
                    if (Zstd.isError(written)) {
                        throw new IOException("a page is damaged: " + Zstd.getErrorName(written));
                    }
                    yield (int) written;
                }
                case GZIP -> {
                    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(from, offset, length))) {
                        yield in.readNBytes(to, 0, to.length);
                    }
                }
                case UNCOMPRESSED, LZO, BROTLI, LZ4, LZ4_RAW -> throw new IOException("pages in " + codec);
            };
            if (size != decompressedSize) {
                throw new IOException("a page holds %d bytes, its header says %d".formatted(size, decompressedSize));
            }
            return BytesInput.from(to);
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int decompressedSize)
                throws IOException {
            byte[] compressed = new byte[compressedSize];
            input.get(compressed);
            output.put(decompress(BytesInput.from(compressed), decompressedSize).toByteBuffer());
        }

        @Override
        public void release() {
            // Nothing is pooled.
        }
    }
}
