package io.turnstream.events;

import io.turnstream.contracts.RunSealed;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Signs seals with the operator's Ed25519 key.
///
/// The key is a file in PEM, as `openssl genpkey -algorithm ed25519 -out operator.pem` writes it; its path stands in
/// `TURNSTREAM_SIGNING_KEY_FILE`. Ed25519 signatures are deterministic, so a repeated transaction writes the same seal.
public final class SealSigner {

    /// Environment variable that names the file with the operator's private key.
    public static final String KEY_FILE = "TURNSTREAM_SIGNING_KEY_FILE";

    private static final String ALGORITHM = "Ed25519";

    private final PrivateKey key;
    private final String publicKey;

    private SealSigner(PrivateKey key, String publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /// The signer that an environment names; empty where it names none.
    ///
    /// @throws IllegalArgumentException if the file is missing or holds no Ed25519 key
    public static Optional<SealSigner> from(Map<String, String> environment) {
        String file = environment.get(KEY_FILE);
        return file == null || file.isBlank() ? Optional.empty() : Optional.of(of(Path.of(file)));
    }

    /// The signer with the key in a PEM file.
    ///
    /// @throws IllegalArgumentException if the file is missing or holds no Ed25519 key
    public static SealSigner of(Path file) {
        try {
            byte[] encoded = SealSignatures.pem(Files.readString(file, StandardCharsets.US_ASCII), "PRIVATE KEY");
            PrivateKey key = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new SealSigner(key, publicKeyOf(key));
        } catch (CharacterCodingException e) {
            throw noKey(file, null);
        } catch (IOException e) {
            // what is no file may be the key itself, and the cause repeats it
            throw new IllegalArgumentException(Files.exists(file)
                    ? KEY_FILE + ": cannot read " + file
                    : KEY_FILE + " must name a file with the key in it, and there is none of that name");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw noKey(file, e);
        }
    }

    private static IllegalArgumentException noKey(Path file, @Nullable Exception cause) {
        return new IllegalArgumentException(
                KEY_FILE + ": " + file + " holds no Ed25519 private key in PEM; make one with "
                        + "openssl genpkey -algorithm ed25519 -out operator.pem",
                cause);
    }

    /// The operator's public key: Base64 of its X.509 encoding, the body of what `openssl pkey -pubout` writes.
    public String publicKey() {
        return publicKey;
    }

    /// The seal with signature and public key.
    public RunSealed sign(RunSealed seal) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(SealStatement.bytesOf(seal));
            return RunSealed.newBuilder(seal)
                    .setSignature(Base64.getEncoder().encodeToString(signature.sign()))
                    .setPublicKey(publicKey)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign seal " + seal.getSealId(), e);
        }
    }

    /// Names the public key only.
    @Override
    public String toString() {
        return "SealSigner[" + publicKey + ']';
    }

    /// A private key in PKCS#8 does not hold its public key. Key generation is "take 32 random bytes as private key,
    /// compute the public one" (RFC 8032, section 5.1.5), so a generator whose random bytes are the private key gives
    /// the pair.
    private static String publicKeyOf(PrivateKey key) throws GeneralSecurityException {
        byte[] seed = ((EdECPrivateKey) key).getBytes()
                .orElseThrow(() -> new GeneralSecurityException("the key cannot be read"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return Base64.getEncoder().encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    }
}
