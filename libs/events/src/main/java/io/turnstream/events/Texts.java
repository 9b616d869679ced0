package io.turnstream.events;

import io.turnstream.contracts.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Makes and opens [Text]s: prompt or answer texts behind a salted commitment, `SHA-256(salt || UTF-8 text)`.
///
/// The salt keeps a withheld short answer ("B") from being guessed from its commitment.
public final class Texts {

    /// Length of a salt in bytes.
    public static final int SALT_BYTES = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Texts() {}

    /// A text under a new random salt.
    public static Text of(String text) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return of(text, salt);
    }

    /// A text under a given salt of [#SALT_BYTES] bytes. Half a surrogate pair, which has no form in UTF-8, is recorded
    /// as U+FFFD.
    public static Text of(String text, byte[] salt) {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("a salt has " + SALT_BYTES + " bytes, not " + salt.length);
        }
        String whole = isWhole(text) ? text : withReplacements(text);
        return new Text(commitment(whole, salt), ByteBuffer.wrap(salt.clone()), whole);
    }

    /// A text under a new random salt, or null for null.
    public static @Nullable Text ofNullable(@Nullable String text) {
        return text == null ? null : of(text);
    }

    /// The plain text, or null where there is none or it is withheld.
    public static @Nullable String plain(@Nullable Text text) {
        return text == null ? null : text.getText();
    }

    /// The same commitment with text and salt withheld.
    public static Text withheld(Text text) {
        return new Text(text.getCommitment(), null, null);
    }

    /// Whether the text, where it is present, is what the commitment says.
    public static boolean holds(Text text) {
        if (text.getText() == null || text.getSalt() == null) {
            return text.getText() == null && text.getSalt() == null;
        }
        ByteBuffer buffer = text.getSalt().duplicate();
        byte[] salt = new byte[buffer.remaining()];
        buffer.get(salt);
        return commitment(text.getText(), salt).equals(text.getCommitment());
    }

    /// Whether a text consists of whole characters. A surrogate without its other half has no form in UTF-8: Java
    /// writes a question mark.
    public static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isLowSurrogate(c) || i + 1 == text.length()
                    || !Character.isLowSurrogate(text.charAt(i + 1))) {
                return false;
            }
            i++;
        }
        return true;
    }

    /// U+FFFD for each half, as decoders write it (Unicode 15, 3.9).
    private static String withReplacements(String text) {
        return text.codePoints().map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    private static String commitment(String text, byte[] salt) {
        MessageDigest sha256 = EventDigests.sha256();
        sha256.update(salt);
        return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
