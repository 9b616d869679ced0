package io.turnstream.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.RunSealed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealSignerTest {

    /// RFC 8032, section 7.1, test 1: the secret key, and the public key that belongs to it.
    private static final String SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    private static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    /// What precedes the 32 bytes in PKCS#8 and X.509 (RFC 8410, section 7 and 4).
    private static final String PKCS8 = "302e020100300506032b657004220420";
    private static final String X509 = "302a300506032b6570032100";

    @TempDir
    Path folder;

    @Test
    void theStatementIsWhatTheDocumentationSays() {
        assertThat(SealStatement.of(seal("ab".repeat(32)))).isEqualTo("""
                turnstream-seal-v1
                run 01JD0000000000000000000001
                seal 01JD0000000000000000000001/s2
                judgement-set -
                root %s
                leaves 7
                supersedes 01JD0000000000000000000001/s1
                """.formatted("ab".repeat(32)));
    }

    @Test
    void theKeyComesFromTheFileThatTheEnvironmentNames() throws IOException {
        SealSigner signer = SealSigner.from(Map.of(SealSigner.KEY_FILE, keyFile().toString())).orElseThrow();
        assertThat(signer.publicKey()).isEqualTo(base64(X509 + PUBLIC));
        assertThat(signer.toString()).doesNotContain(base64(PKCS8 + SECRET));
        assertThat(SealSigner.from(Map.of())).isEmpty();
    }

    @Test
    void aSignedSealHoldsAndAChangedOneDoesNot() throws IOException {
        SealSigner signer = SealSigner.of(keyFile());
        RunSealed signed = signer.sign(seal("ab".repeat(32)));
        assertThat(SealSignatures.holds(signed)).isTrue();
        assertThat(signer.sign(seal("ab".repeat(32)))).as("signed again").isEqualTo(signed);
        assertThat(SealSignatures.holds(RunSealed.newBuilder(signed).setRoot("cd".repeat(32)).build())).isFalse();
        assertThat(SealSignatures.holds(RunSealed.newBuilder(signed).setLeaves(8L).build())).isFalse();
        assertThat(SealSignatures.holds(RunSealed.newBuilder(signed).setSignature("bm9uZQ==").build())).isFalse();
    }

    @Test
    void aPublicKeyIsReadFromPemOrFromItsText() throws IOException {
        String text = base64(X509 + PUBLIC);
        Path pem = Files.writeString(folder.resolve("public.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n");
        assertThat(SealSignatures.publicKey(pem.toString())).isEqualTo(text);
        assertThat(SealSignatures.publicKey(text)).isEqualTo(text);
        assertThatThrownBy(() -> SealSignatures.publicKey(folder.resolve("missing").toString()))
                .hasMessageContaining("cannot read the public key");
    }

    @Test
    void aFileWithoutAKeySaysHowToMakeOne() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "secret");
        assertThatThrownBy(() -> SealSigner.of(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl genpkey").hasMessageNotContaining("secret");
    }

    @Test
    void aKeyInPlaceOfItsFileIsNeitherRepeatedNorInTheCause() {
        assertThatThrownBy(() -> SealSigner.of(Path.of(SECRET))).isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageContaining(SealSigner.KEY_FILE + " must name a file").hasMessageNotContaining(SECRET);
    }

    private Path keyFile() throws IOException {
        return Files.writeString(folder.resolve("operator.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + base64(PKCS8 + SECRET) + "\n-----END PRIVATE KEY-----\n");
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static RunSealed seal(String root) {
        String run = "01JD0000000000000000000001";
        return new RunSealed(new EventMeta("e", null, null, 0L), run, run + "/s2", null, root, 7L, run + "/s1", null,
                null, null);
    }
}
