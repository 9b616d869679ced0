package io.turnstream.providers.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.turnstream.providers.ImageRef;
import io.turnstream.providers.ImageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Images as they stand in requests, `data:image/jpeg;base64,...`, kept as bytes up to a total size. An image takes 4/3
/// of its size here: 300 KB become 400 KB, so that 128 MB hold about 320.
public final class ImageBodies {

    /// 128 MB, or an eighth of the heap if that is less.
    public static final long DEFAULT_BYTES = Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final ImageSource source;
    private final Cache<ImageRef, byte[]> dataUrls;

    /// @param source       where images come from
    /// @param maximumBytes most bytes to keep; what was used least is dropped first
    public ImageBodies(ImageSource source, long maximumBytes) {
        this.source = source;
        this.dataUrls = Caffeine.newBuilder()
            .maximumWeight(maximumBytes)
            .weigher((ImageRef image, byte[] dataUrl) -> dataUrl.length)
            .build();
    }

    /// The image's data URL in ASCII. The array is shared: it must not be written to.
    ///
    /// @throws IOException if the image cannot be had
    public byte[] dataUrl(ImageRef image) throws IOException {
        try {
            return dataUrls.get(image, this::encoded);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private byte[] encoded(ImageRef image) {
        try {
            byte[] base64 = Base64.getEncoder().encode(source.bytes(image.sha256()));
            byte[] prefix = ("data:" + image.mediaType() + ";base64,").getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(prefix.length + base64.length).put(prefix).put(base64).array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
