package io.turnstream.loader.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.events.EventDigests;
import io.turnstream.loader.DatasetFixture;
import io.turnstream.providers.images.ImageStore;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagePreparerTest {

    private static final ImageSettings JPEG = new ImageSettings.Jpeg(100, 85);
    private static final byte[] PHOTO = DatasetFixture.png(DatasetFixture.picture(400, 300, Color.GREEN));

    @TempDir
    private Path dir;

    private ImageStore store;
    private ImagePreparer preparer;

    @BeforeEach
    void openStore() {
        store = new ImageStore(dir);
        preparer = new ImagePreparer(store, new ImageLimits(1_000_000, 1_000_000));
    }

    @Test
    void anImageIsScaledEncodedAndStoredUnderItsDigest() throws Exception {
        PreparedImage prepared = preparer.prepare(PHOTO, JPEG);

        byte[] stored = store.get(prepared.sha256());
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(stored));
        assertThat(prepared.mediaType()).isEqualTo("image/jpeg");
        assertThat(prepared.reused()).isFalse();
        assertThat(prepared.sourceSha256()).isEqualTo(EventDigests.sha256Hex(PHOTO));
        assertThat(image.getWidth()).isEqualTo(100);
        assertThat(image.getHeight()).isEqualTo(75);
    }

    @Test
    void theSameImageIsNotPreparedAgainNotEvenByTheNextProcess() throws Exception {
        PreparedImage first = preparer.prepare(PHOTO, JPEG);

        PreparedImage second = new ImagePreparer(new ImageStore(dir), ImageLimits.DEFAULT).prepare(PHOTO, JPEG);

        assertThat(second.reused()).isTrue();
        assertThat(second.sha256()).isEqualTo(first.sha256());
    }

    @Test
    void otherSettingsGiveAnotherImage() throws Exception {
        PreparedImage small = preparer.prepare(PHOTO, JPEG);
        PreparedImage large = preparer.prepare(PHOTO, new ImageSettings.Jpeg(200, 85));

        assertThat(large.reused()).isFalse();
        assertThat(large.sha256()).isNotEqualTo(small.sha256());
    }

    @Test
    void theSameSourceBecomesTheSameBytes() throws Exception {
        PreparedImage here = preparer.prepare(PHOTO, JPEG);
        PreparedImage elsewhere = new ImagePreparer(new ImageStore(dir.resolve("other")), ImageLimits.DEFAULT)
                .prepare(PHOTO, JPEG);

        assertThat(elsewhere.sha256()).isEqualTo(here.sha256());
    }

    @Test
    void aDamagedResultIsPreparedAgain() throws Exception {
        PreparedImage first = preparer.prepare(PHOTO, JPEG);
        Files.write(dir.resolve("images").resolve(first.sha256().substring(0, 2)).resolve(first.sha256()),
                new byte[] {0});

        PreparedImage again = preparer.prepare(PHOTO, JPEG);

        assertThat(again.reused()).isFalse();
        assertThat(store.get(again.sha256())).hasSizeGreaterThan(100);
    }

    @Test
    void originalPassesTheBytesOnUntouched() throws Exception {
        PreparedImage prepared = preparer.prepare(PHOTO, new ImageSettings.Original());

        assertThat(store.get(prepared.sha256())).isEqualTo(PHOTO);
        assertThat(prepared.mediaType()).isEqualTo("image/png");
        assertThat(prepared.sha256()).isEqualTo(prepared.sourceSha256());
    }

    @Test
    void anImageWithTooManyPixelsIsRefusedByItsHeaderBeforeItIsDecoded() {
        byte[] bomb = PngFixture.bomb(60_000, 60_000);

        assertThat(bomb.length).isLessThan(200);
        for (ImageSettings settings : new ImageSettings[] {JPEG, new ImageSettings.Original()}) {
            assertThatThrownBy(() -> preparer.prepare(bomb, settings))
                    .isInstanceOfSatisfying(UnusableImageException.class, e -> {
                        assertThat(e.problem()).contains("60000 x 60000 = 3600000000 pixels");
                        assertThat(e.expected()).contains("1000000");
                    });
        }
    }

    @Test
    void anImageWithTooManyBytesIsRefused() {
        assertThatThrownBy(() -> preparer.prepare(new byte[1_000_001], JPEG))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageContaining("1000001 bytes");
    }

    @Test
    void whatIsNoImageIsRefusedWithItsFirstBytes() {
        assertThatThrownBy(() -> preparer.prepare("GIF89a".getBytes(StandardCharsets.US_ASCII), JPEG))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageContaining("47494638");
    }

    @Test
    void anImageThatBreaksOffIsRefused() {
        assertThatThrownBy(() -> preparer.prepare(Arrays.copyOf(PHOTO, 40), JPEG))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageContaining("cannot be decoded");
    }
}
