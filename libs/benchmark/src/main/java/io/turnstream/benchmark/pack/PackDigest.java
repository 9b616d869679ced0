package io.turnstream.benchmark.pack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/// The identity of a pack: SHA-256 over the ASCII line `turnstream-protocol-pack/1\n`, then, for each file in the order
/// of its path (by code unit; paths are ASCII), the length of the path, the path in UTF-8, the length of the content
/// and the content. Lengths are unsigned 64-bit integers, most significant byte first, so that no two packs have the
/// same input.
final class PackDigest {

    private static final byte[] DOMAIN = "turnstream-protocol-pack/1\n".getBytes(StandardCharsets.US_ASCII);

    private PackDigest() {}

    static String of(SortedMap<String, byte[]> files) {
        MessageDigest digest = sha256();
        digest.update(DOMAIN);
        files.forEach((path, content) -> {
            update(digest, path.getBytes(StandardCharsets.UTF_8));
            update(digest, content);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    static String sha256Hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static void update(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
