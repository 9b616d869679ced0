package io.turnstream.events;

import io.turnstream.contracts.RunSealed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// Checks what [SealSigner] wrote.
public final class SealSignatures {

    private SealSignatures() {}

    /// Whether a seal's signature over its [SealStatement] is good under the public key that the seal itself names.
    /// That alone says nothing about who made it: compare the key with one that came another way.
    ///
    /// @throws IllegalArgumentException if the seal is not signed
    public static boolean holds(RunSealed seal) {
        if (seal.getSignature() == null || seal.getPublicKey() == null) {
            throw new IllegalArgumentException("seal " + seal.getSealId() + " is not signed");
        }
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(seal.getPublicKey())));
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(SealStatement.bytesOf(seal));
            return signature.verify(Base64.getDecoder().decode(seal.getSignature()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /// A public key as seals name it, from a PEM file or from the Base64 text itself.
    ///
    /// @throws IllegalArgumentException if it is neither
    public static String publicKey(String fileOrBase64) {
        String given = fileOrBase64.strip();
        try {
            byte[] encoded = given.length() == 60 && given.endsWith("=")
                    ? Base64.getDecoder().decode(given)
                    : pem(Files.readString(Path.of(given), StandardCharsets.US_ASCII), "PUBLIC KEY");
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            return Base64.getEncoder().encodeToString(key.getEncoded());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the public key " + given + ": there is no such file, or it is no text", e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    given + " is no Ed25519 public key: expected a PEM file, as openssl pkey -pubout writes it, "
                            + "or its Base64 text",
                    e);
        }
    }

    static byte[] pem(String text, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END " + label + "-----");
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no " + label + " in PEM");
        }
        return Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
    }
}
