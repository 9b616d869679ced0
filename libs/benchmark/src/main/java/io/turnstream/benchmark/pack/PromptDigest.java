package io.turnstream.benchmark.pack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The identity of a rendered prompt, so that anybody with the pack and the texts can check what was sent.
///
/// SHA-256, in lower-case hex, over the ASCII line `turnstream-prompt/1\n` and then, for each message in order: the
/// role's wire name (`system`, `user`, `assistant`), the text in UTF-8, and the image's SHA-256 in lower-case hex where
/// the message carries the image, or nothing. Each of the three is preceded by its length in bytes as a 64-bit integer,
/// most significant byte first.
public final class PromptDigest {

    private static final byte[] DOMAIN = "turnstream-prompt/1\n".getBytes(StandardCharsets.US_ASCII);

    private PromptDigest() {}

    /// The digest of messages as they are sent.
    ///
    /// @param imageSha256 digest (hex) of the image that goes with the messages that say so; null where there is none
    public static String of(List<PromptMessage> messages, @Nullable String imageSha256) {
        MessageDigest digest = sha256();
        digest.update(DOMAIN);
        for (PromptMessage message : messages) {
            update(digest, message.role().name().toLowerCase(java.util.Locale.ROOT));
            update(digest, message.text());
            update(digest, message.withImage() && imageSha256 != null ? imageSha256 : "");
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
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
