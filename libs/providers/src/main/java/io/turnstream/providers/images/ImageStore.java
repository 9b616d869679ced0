package io.turnstream.providers.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Prepared images in a folder, each under the SHA-256 of its bytes; in a cluster the folder is a shared volume.
///
/// ```
/// images/3f/3fa9...e1               the bytes of one prepared image
/// index/77/77c0...4b-<16 hex>       for a source image and the settings it was prepared with: the name of the result
/// ```
///
/// A file appears under its name only when it is complete (written beside it, forced to disk, renamed), so that several
/// processes can write the same image at the same time. Every read checks the bytes against the name.
public final class ImageStore {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Path images;
    private final Path index;

    /// @param dir the store's folder; it is made on the first write
    public ImageStore(Path dir) {
        this.images = dir.resolve("images");
        this.index = dir.resolve("index");
    }

    /// Stores an image, unless it is there already and intact.
    ///
    /// @return its SHA-256, hex
    public String put(byte[] bytes) {
        String sha256 = sha256Hex(bytes);
        if (!isIntact(sha256)) {
            writeAtomically(fileOf(images, sha256, sha256), bytes);
        }
        return sha256;
    }

    /// The bytes of an image.
    ///
    /// @throws UnavailableImageException if it is missing, or its bytes have another digest than its name says
    public byte[] get(String sha256) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(fileOf(images, requireSha256(sha256), sha256));
        } catch (NoSuchFileException e) {
            throw new UnavailableImageException(sha256, "is not in the image store");
        } catch (IOException e) {
            throw new UncheckedIOException("reading image " + sha256, e);
        }
        if (!sha256Hex(bytes).equals(sha256)) {
            throw new UnavailableImageException(sha256, "is damaged in the image store: its bytes have another digest");
        }
        return bytes;
    }

    /// Whether the store holds an image and its bytes have the digest that its name says.
    public boolean isIntact(String sha256) {
        try {
            get(sha256);
            return true;
        } catch (UnavailableImageException e) {
            return false;
        }
    }

    /// What a source image became under some settings, where that was remembered and the result is there and intact.
    ///
    /// @param sourceSha256 SHA-256 (hex) of the image as the data set holds it
    /// @param settingsKey everything the result depends on beside the source
    public Optional<String> preparedFor(String sourceSha256, String settingsKey) {
        try {
            // any bytes: an entry that is damaged counts as none
            String prepared = Files.readString(indexFile(sourceSha256, settingsKey), StandardCharsets.ISO_8859_1)
                    .strip();
            return SHA256.matcher(prepared).matches() && isIntact(prepared) ? Optional.of(prepared) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the index entry of image " + sourceSha256, e);
        }
    }

    /// Remembers what a source image became under some settings, so that nobody needs to prepare it again.
    public void remember(String sourceSha256, String settingsKey, String preparedSha256) {
        writeAtomically(indexFile(sourceSha256, settingsKey),
                requireSha256(preparedSha256).getBytes(StandardCharsets.US_ASCII));
    }

    private Path indexFile(String sourceSha256, String settingsKey) {
        String settings = sha256Hex(settingsKey.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        return fileOf(index, requireSha256(sourceSha256), sourceSha256 + "-" + settings);
    }

    private static Path fileOf(Path folder, String sha256, String name) {
        return folder.resolve(sha256.substring(0, 2)).resolve(name);
    }

    private static String requireSha256(String text) {
        if (!SHA256.matcher(text).matches()) {
            throw new IllegalArgumentException("not a SHA-256 in lower-case hex: " + text);
        }
        return text;
    }

    private static void writeAtomically(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            // Not a temporary file: those are for their owner only, and workers may run as somebody else.
            Path unfinished = file.resolveSibling(".unfinished-" + UUID.randomUUID());
            try {
                try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    channel.force(true);
                }
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file.getFileName() + " to the image store", e);
        }
    }

    private static String sha256Hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
