package io.turnstream.loader.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.loader.DatasetFixture;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class AreaAverageTest {

    @Test
    void theLongestSideBecomesTheLimitAndTheOtherKeepsTheProportion() {
        BufferedImage scaled = AreaAverage.scaleDown(DatasetFixture.picture(3000, 1960, Color.BLUE), 1568);

        // 1960 * 1568 / 3000 = 1024.4
        assertThat(scaled.getWidth()).isEqualTo(1568);
        assertThat(scaled.getHeight()).isEqualTo(1024);
        assertThat(rgb(scaled, 700, 500)).isEqualTo(0x0000FF);
    }

    @Test
    void aSmallImageIsNeverMadeLarger() {
        BufferedImage same = AreaAverage.scaleDown(DatasetFixture.picture(333, 187, Color.RED), 1568);

        assertThat(same.getWidth()).isEqualTo(333);
        assertThat(same.getHeight()).isEqualTo(187);
    }

    @Test
    void eachNewPixelIsTheMeanOfTheAreaItCovers() {
        // Given three pixels in a row: 0, 90, 180
        BufferedImage source = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
        source.setRGB(0, 0, 0x000000);
        source.setRGB(1, 0, 0x5A5A5A);
        source.setRGB(2, 0, 0xB4B4B4);

        BufferedImage scaled = AreaAverage.scaleDown(source, 2);

        // Each of the two covers one and a half: (0 + 90/2) / 1.5 = 30 and (90/2 + 180) / 1.5 = 150
        assertThat(rgb(scaled, 0, 0)).isEqualTo(0x1E1E1E);
        assertThat(rgb(scaled, 1, 0)).isEqualTo(0x969696);
    }

    @Test
    void rowsAreAveragedAcrossTheStripsTheImageIsTakenIn() {
        // Given 200 rows, white above and black below, and strips of 64
        BufferedImage source = new BufferedImage(2, 200, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 100; y++) {
            source.setRGB(0, y, 0xFFFFFF);
            source.setRGB(1, y, 0xFFFFFF);
        }

        BufferedImage scaled = AreaAverage.scaleDown(source, 3);

        // The middle of three covers rows 66.7 to 133.3, half of them white
        assertThat(rgb(scaled, 0, 0)).isEqualTo(0xFFFFFF);
        assertThat(rgb(scaled, 0, 1)).isEqualTo(0x808080);
        assertThat(rgb(scaled, 0, 2)).isEqualTo(0x000000);
    }

    @Test
    void transparentPartsAreLaidOnWhite() {
        BufferedImage source = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        source.setRGB(0, 0, 0x00FF0000);
        source.setRGB(1, 0, 0x80000000);

        BufferedImage flat = AreaAverage.scaleDown(source, 10);

        assertThat(rgb(flat, 0, 0)).isEqualTo(0xFFFFFF);
        assertThat(rgb(flat, 1, 0) & 0xFF).isBetween(0x7E, 0x80);
    }

    @Test
    void greyStaysAsDarkAsItWasWithAndWithoutAlpha() throws IOException {
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setPixels(0, 0, 4, 4, filled(16, 100));
        BufferedImage greyAlpha = decode(PngFixture.of(4, 4, 100, 255));

        assertThat(rgb(AreaAverage.scaleDown(decode(DatasetFixture.png(grey)), 10), 1, 1)).isEqualTo(0x646464);
        assertThat(greyAlpha.getRaster().getNumBands()).isEqualTo(2);
        assertThat(rgb(AreaAverage.scaleDown(greyAlpha, 10), 1, 1)).isEqualTo(0x646464);
    }

    private static int[] filled(int length, int value) {
        int[] values = new int[length];
        java.util.Arrays.fill(values, value);
        return values;
    }

    private static BufferedImage decode(byte[] bytes) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }
}
