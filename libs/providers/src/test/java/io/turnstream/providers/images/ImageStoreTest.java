package io.turnstream.providers.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {

    private static final byte[] IMAGE = "abc".getBytes(StandardCharsets.US_ASCII);
    /// SHA-256 of "abc", FIPS 180-2, appendix B.1.
    private static final String IMAGE_SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String SOURCE_SHA = "0".repeat(64);

    @TempDir
    private Path dir;

    private ImageStore store;

    @BeforeEach
    void openStore() {
        store = new ImageStore(dir);
    }

    @Test
    void anImageIsFoundUnderTheDigestOfItsBytes() {
        assertThat(store.put(IMAGE)).isEqualTo(IMAGE_SHA);
        assertThat(store.get(IMAGE_SHA)).isEqualTo(IMAGE);
    }

    @Test
    void nothingButTheFinishedFileIsLeftBehind() throws IOException {
        store.put(IMAGE);
        store.put(IMAGE);

        assertThat(files()).containsExactly(dir.resolve("images/ba").resolve(IMAGE_SHA));
    }

    @Test
    void anImageThatWasNeverStoredIsNamedInTheError() {
        assertThatThrownBy(() -> store.get(IMAGE_SHA))
                .isInstanceOf(UnavailableImageException.class)
                .hasMessageContaining(IMAGE_SHA)
                .hasMessageContaining("not in the image store");
    }

    @Test
    void aDamagedImageIsNeverHandedOut() throws IOException {
        store.put(IMAGE);
        damage(IMAGE_SHA);

        assertThatThrownBy(() -> store.get(IMAGE_SHA))
                .isInstanceOf(UnavailableImageException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void puttingADamagedImageAgainHealsIt() throws IOException {
        store.put(IMAGE);
        damage(IMAGE_SHA);

        store.put(IMAGE);

        assertThat(store.get(IMAGE_SHA)).isEqualTo(IMAGE);
    }

    @Test
    void whatASourceBecameIsRememberedPerSettings() {
        String prepared = store.put(IMAGE);
        store.remember(SOURCE_SHA, "jpeg 1568", prepared);

        assertThat(new ImageStore(dir).preparedFor(SOURCE_SHA, "jpeg 1568")).contains(prepared);
        assertThat(store.preparedFor(SOURCE_SHA, "jpeg 768")).isEmpty();
        assertThat(store.preparedFor("1".repeat(64), "jpeg 1568")).isEmpty();
    }

    @Test
    void aRememberedImageThatIsGoneOrDamagedIsToBePreparedAgain() throws IOException {
        store.remember(SOURCE_SHA, "jpeg 1568", IMAGE_SHA);
        assertThat(store.preparedFor(SOURCE_SHA, "jpeg 1568")).isEmpty();

        store.put(IMAGE);
        damage(IMAGE_SHA);
        assertThat(store.preparedFor(SOURCE_SHA, "jpeg 1568")).isEmpty();
    }

    @Test
    void aNameThatIsNoDigestNeverReachesTheFileSystem() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.get("../../etc/hostname"));
    }

    private void damage(String sha256) throws IOException {
        Files.write(dir.resolve("images").resolve(sha256.substring(0, 2)).resolve(sha256), new byte[] {1});
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
