package io.turnstream.providers.http;

import io.turnstream.providers.ImageRef;
import io.turnstream.providers.ImageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Images as they stand in requests, `data:image/jpeg;base64,...`, kept as bytes up to a total size. An image takes 4/3
/// of its size here: 300 KB become 400 KB, so that 96 MB hold about 240.
///
/// What was used longest ago is dropped first, however often it was used: dialogues come in the order of the data set,
/// so that an image is asked for some twenty times within seconds and then no more. (A cache that keeps what was used
/// often keeps what is over.)
public final class ImageBodies {

    /// 96 MB, or an eighth of the heap if that is less. It lives in the old generation, which is collected the more
    /// often the fuller it is, and that costs more than to encode an image anew.
    public static final long DEFAULT_BYTES = Math.min(96L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final ImageSource source;
    private final long maximumBytes;
    private final Map<ImageRef, CompletableFuture<byte[]>> dataUrls = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /// @param source       where images come from
    /// @param maximumBytes most bytes to keep; what was used longest ago is dropped first
    public ImageBodies(ImageSource source, long maximumBytes) {
        this.source = source;
        this.maximumBytes = maximumBytes;
    }

    /// The image's data URL in ASCII. The array is shared: it must not be written to.
    ///
    /// @throws IOException if the image cannot be had
    public byte[] dataUrl(ImageRef image) throws IOException {
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        CompletableFuture<byte[]> known;
        synchronized (dataUrls) {
            known = dataUrls.putIfAbsent(image, mine);
        }
        if (known == null) {
            load(image, mine);
            known = mine;
        }
        try {
            return known.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case UncheckedIOException failure -> throw failure.getCause();
                case RuntimeException failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    private void load(ImageRef image, CompletableFuture<byte[]> loading) {
        try {
            byte[] dataUrl = encoded(image);
            synchronized (dataUrls) {
                bytes += dataUrl.length;
                loading.complete(dataUrl);
                makeRoom(image);
            }
        } catch (IOException e) {
            giveUp(image, loading, new UncheckedIOException(e));
        } catch (RuntimeException e) {
            giveUp(image, loading, e);
        } finally {
            if (!loading.isDone()) {
                giveUp(image, loading, new IllegalStateException("image " + image.sha256() + " could not be encoded"));
            }
        }
    }

    /// The next to ask tries again.
    private void giveUp(ImageRef image, CompletableFuture<byte[]> loading, RuntimeException failure) {
        synchronized (dataUrls) {
            dataUrls.remove(image, loading);
        }
        loading.completeExceptionally(failure);
    }

    /// @param latest stays, whatever its size, since it is about to be sent
    private void makeRoom(ImageRef latest) {
        Iterator<Map.Entry<ImageRef, CompletableFuture<byte[]>>> oldestFirst = dataUrls.entrySet().iterator();
        while (bytes > maximumBytes && oldestFirst.hasNext()) {
            Map.Entry<ImageRef, CompletableFuture<byte[]>> oldest = oldestFirst.next();
            if (!oldest.getKey().equals(latest) && oldest.getValue().isDone()) {
                bytes -= oldest.getValue().join().length;
                oldestFirst.remove();
            }
        }
    }

    private byte[] encoded(ImageRef image) throws IOException {
        byte[] base64 = Base64.getEncoder().encode(source.bytes(image.sha256()));
        byte[] prefix = ("data:" + image.mediaType() + ";base64,").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(prefix.length + base64.length).put(prefix).put(base64).array();
    }
}
