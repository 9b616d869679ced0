package io.turnstream.loader.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.turnstream.benchmark.pack.ImageSettings;
import io.turnstream.loader.DatasetFixture;
import io.turnstream.providers.images.ImageStore;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is sent looks as the picture looks in a viewer, or the picture is refused.
class FaithfulImageTest {

    private static final ImageSettings JPEG = new ImageSettings.Jpeg(200, 95);
    private static final ImageSettings ORIGINAL = new ImageSettings.Original();
    private static final byte[] PHOTO = JpegFixture.encode(JpegFixture.noise(160, 120), false);

    @TempDir
    private Path dir;

    private ImageStore store;
    private ImagePreparer preparer;

    @BeforeEach
    void open_store() {
        store = new ImageStore(dir);
        preparer = new ImagePreparer(store, ImageLimits.DEFAULT);
    }

    /// Colours of the corners of a picture that is red, green, blue and white from the upper left on by row, once it is
    /// turned.
    @ParameterizedTest
    @CsvSource({
            "1, RED, GREEN, BLUE, WHITE", "2, GREEN, RED, WHITE, BLUE", "3, WHITE, BLUE, GREEN, RED",
            "4, BLUE, WHITE, RED, GREEN",
            "5, RED, BLUE, GREEN, WHITE", "6, BLUE, RED, WHITE, GREEN", "7, WHITE, GREEN, BLUE, RED",
            "8, GREEN, WHITE, RED, BLUE",
            "0, RED, GREEN, BLUE, WHITE", "9, RED, GREEN, BLUE, WHITE",
    })
    void a_picture_is_turned_the_way_the_camera_was_held(int orientation, String upperLeft, String upperRight,
            String lowerLeft, String lowerRight)
            throws Exception {
        byte[] jpeg = JpegFixture.withOrientation(JpegFixture.encode(corners(), false), orientation);
        byte[] png = inserted(DatasetFixture.png(corners()),
                new PngFixture.Chunk("eXIf", JpegFixture.exif(orientation)));

        for (byte[] source : List.of(jpeg, png)) {
            for (ImageSettings settings : List.of(JPEG, new ImageSettings.Jpeg(30, 95))) {
                BufferedImage image = prepared(source, settings);
                boolean upright = orientation < 5 || orientation > 8;
                assertThat(image.getWidth() > image.getHeight()).isEqualTo(upright);
                int right = image.getWidth() * 3 / 4;
                int bottom = image.getHeight() * 3 / 4;
                assertColor(image, right / 3, bottom / 3, named(upperLeft));
                assertColor(image, right, bottom / 3, named(upperRight));
                assertColor(image, right / 3, bottom, named(lowerLeft));
                assertColor(image, right, bottom, named(lowerRight));
            }
        }
    }

    @Test
    void damaged_exif_data_turns_nothing_and_refuses_nothing() throws Exception {
        byte[] exif = "Exif\0\0MM\0*\0\0\0\10\377\377broken".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        BufferedImage image = prepared(JpegFixture.withSegment(JpegFixture.encode(corners(), false), 0xE1, exif), JPEG);

        assertColor(image, 5, 5, Color.RED);
    }

    static Stream<Arguments> inks() {
        int[] skyBlue = {227, 163, 55, 0};
        int[] darkRed = {0, 200, 200, 120};
        return Stream.of(Arguments.of(skyBlue, new Color(28, 92, 200)), Arguments.of(darkRed, new Color(135, 29, 29)));
    }

    @ParameterizedTest
    @MethodSource("inks")
    void inks_are_laid_over_each_other(int[] inks, Color seen) throws Exception {
        int[] inverted = Arrays.stream(inks).map(ink -> 255 - ink).toArray();
        int[] ycck = ycck(inks);

        assertColor(prepared(JpegFixture.withAdobe(JpegFixture.fourBands(40, 30, inverted), 0), JPEG), 20, 15, seen);
        assertColor(prepared(JpegFixture.withAdobe(JpegFixture.fourBands(40, 30, ycck), 2), JPEG), 20, 15, seen);
        // without the marker as browsers read it
        assertColor(prepared(JpegFixture.fourBands(40, 30, inverted), JPEG), 20, 15, seen);
        assertColor(prepared(JpegFixture.withAdobe(JpegFixture.fourBands(400, 300, inverted), 0), JPEG), 20, 15, seen);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_jpeg_that_breaks_off_is_refused_with_how_it_is_sent(boolean progressive) {
        byte[] whole = JpegFixture.encode(JpegFixture.noise(160, 120), progressive);

        for (ImageSettings settings : List.of(JPEG, ORIGINAL)) {
            for (int share : List.of(20, 40, 90, 99)) {
                assertThatThrownBy(() -> preparer.prepare(Arrays.copyOf(whole, whole.length * share / 100), settings))
                        .as("%d %%, %s", share, settings)
                        .isInstanceOfSatisfying(UnusableImageException.class,
                                e -> assertThat(e.problem()).contains("not whole"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_jpeg_that_lacks_only_its_end_marker_is_fine(boolean progressive) throws Exception {
        byte[] whole = JpegFixture.encode(JpegFixture.noise(160, 120), progressive);

        PreparedImage cut = preparer.prepare(Arrays.copyOf(whole, whole.length - 2), JPEG);

        assertThat(cut.sha256()).isEqualTo(preparer.prepare(whole, JPEG).sha256());
    }

    @Test
    void a_progressive_jpeg_without_its_last_scans_is_refused() {
        byte[] whole = JpegFixture.encode(JpegFixture.noise(160, 120), true);
        int lastScan = lastIndexOf(whole, 0xDA);

        assertThatThrownBy(() -> preparer.prepare(Arrays.copyOf(whole, lastScan), JPEG))
                .isInstanceOf(UnusableImageException.class);
    }

    @Test
    void what_stands_behind_the_end_of_a_jpeg_is_no_harm() throws Exception {
        byte[] longer = Arrays.copyOf(PHOTO, PHOTO.length + 500);
        Arrays.fill(longer, PHOTO.length, longer.length, (byte) 0x5A);

        assertThat(preparer.prepare(longer, JPEG).sha256()).isEqualTo(preparer.prepare(PHOTO, JPEG).sha256());
    }

    @Test
    void a_jpeg_with_damaged_data_is_refused() {
        byte[] damaged = PHOTO.clone();
        Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 400, (byte) 0xFE);

        assertThatThrownBy(() -> preparer.prepare(damaged, JPEG)).isInstanceOf(UnusableImageException.class);
    }

    @Test
    void a_png_that_breaks_off_or_is_damaged_is_refused() {
        byte[] whole = DatasetFixture.png(JpegFixture.noise(160, 120));
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 0x55;

        for (ImageSettings settings : List.of(JPEG, ORIGINAL)) {
            for (int share : List.of(20, 40, 90, 99)) {
                assertThatThrownBy(() -> preparer.prepare(Arrays.copyOf(whole, whole.length * share / 100), settings))
                        .as("%d %%, %s", share, settings).isInstanceOf(UnusableImageException.class);
            }
            assertThatThrownBy(() -> preparer.prepare(damaged, settings)).as("damaged, %s", settings)
                    .isInstanceOf(UnusableImageException.class);
        }
    }

    static Stream<Arguments> pngs() {
        byte[] palette = {10, 20, 30, (byte) 200, 100, 50};
        return Stream.of(
                Arguments.of("grey, 16 bits",
                        PngFixture.filled(9, 7, 16, PngFixture.GREY, new byte[] {100, 0}, List.of()),
                        new Color(100, 100, 100)),
                Arguments.of("RGB, 16 bits",
                        PngFixture.filled(9, 7, 16, PngFixture.RGB, new byte[] {(byte) 200, 0, 100, 0, 50, 0},
                                List.of()),
                        new Color(200, 100, 50)),
                Arguments.of("RGBA, 16 bits", PngFixture.filled(9, 7, 16, PngFixture.RGBA,
                        new byte[] {(byte) 200, 0, 100, 0, 50, 0, (byte) 255, (byte) 255}, List.of()),
                        new Color(200, 100, 50)),
                Arguments.of("RGBA, half transparent",
                        PngFixture.filled(9, 7, 8, PngFixture.RGBA, new byte[] {0, 0, 0, (byte) 128}, List.of()),
                        new Color(127, 127, 127)),
                Arguments.of("grey and alpha, 16 bits",
                        PngFixture.filled(9, 7, 16, PngFixture.GREY_ALPHA, new byte[] {100, 0, (byte) 255, (byte) 255},
                                List.of()),
                        new Color(100, 100, 100)),
                Arguments.of("palette",
                        PngFixture.filled(9, 7, 8, PngFixture.PALETTE, new byte[] {1},
                                List.of(new PngFixture.Chunk("PLTE", palette))),
                        new Color(200, 100, 50)),
                Arguments.of("palette, transparent", PngFixture.filled(9, 7, 8, PngFixture.PALETTE, new byte[] {1},
                        List.of(new PngFixture.Chunk("PLTE", palette),
                                new PngFixture.Chunk("tRNS", new byte[] {(byte) 255, 0}))),
                        Color.WHITE),
                Arguments.of("one colour transparent", PngFixture.filled(9, 7, 8, PngFixture.RGB, new byte[] {1, 2, 3},
                        List.of(new PngFixture.Chunk("tRNS", new byte[] {0, 1, 0, 2, 0, 3}))), Color.WHITE),
                Arguments.of("one grey transparent", PngFixture.filled(9, 7, 8, PngFixture.GREY, new byte[] {9},
                        List.of(new PngFixture.Chunk("tRNS", new byte[] {0, 9}))), Color.WHITE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pngs")
    void a_png_of_every_kind_keeps_its_colours(String kind, byte[] png, Color seen) throws Exception {
        assertColor(prepared(png, JPEG), 4, 3, seen);
    }

    /// A profile of linear light: the same bytes mean brighter colours.
    @Test
    void a_colour_profile_is_taken_into_account() throws Exception {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] iccp = ByteBuffer.allocate(4 + PngFixture.deflated(profile).length).put(new byte[] {'p', 'q', 0, 0})
                .put(PngFixture.deflated(profile)).array();
        List<PngFixture.Chunk> chunks = List.of(new PngFixture.Chunk("iCCP", iccp),
                new PngFixture.Chunk("PLTE", new byte[] {100, 100, 100}));
        byte opaque = (byte) 255;
        List<byte[]> pngs = List.of(PngFixture.filled(9, 200, 8, PngFixture.RGB, new byte[] {100, 100, 100}, chunks),
                PngFixture.filled(9, 200, 8, PngFixture.RGBA, new byte[] {100, 100, 100, opaque}, chunks),
                PngFixture.filled(9, 200, 16, PngFixture.RGB, new byte[] {100, 100, 100, 100, 100, 100}, chunks),
                PngFixture.filled(9, 200, 8, PngFixture.PALETTE, new byte[] {0}, chunks));
        byte[] app2 = ByteBuffer.allocate(14 + profile.length)
                .put("ICC_PROFILE\0\1\1".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)).put(profile).array();
        byte[] jpeg = JpegFixture.withSegment(
                JpegFixture.encode(DatasetFixture.picture(90, 70, new Color(100, 100, 100)), false), 0xE2, app2);

        // linear 100 / 255 is 0.392, in sRGB 0.66 of 255
        assertColor(prepared(jpeg, JPEG), 40, 30, new Color(168, 168, 168));
        for (byte[] png : pngs) {
            assertColor(prepared(png, JPEG), 4, 150, new Color(168, 168, 168));
        }
    }

    @Test
    void the_pictures_that_came_from_the_field_are_sent_as_they_look() throws Exception {
        String data = System.getenv("TURNSTREAM_TEST_DATA");
        Assumptions.assumeTrue(data != null,
                "TURNSTREAM_TEST_DATA is not set: no data outside the repository to test with");
        Path images = Path.of(data, "field-reports", "images");

        BufferedImage turned = prepared(Files.readAllBytes(images.resolve("exif6.jpg")), JPEG);
        assertThat(turned.getHeight()).isEqualTo(120);
        assertThat(turned.getWidth()).isEqualTo(80);
        assertColor(prepared(Files.readAllBytes(images.resolve("cmyk.jpg")), JPEG), 80, 20, new Color(28, 92, 200));
        byte[] cut = Files.readAllBytes(images.resolve("trunc.jpg"));
        assertThatThrownBy(() -> preparer.prepare(cut, JPEG)).isInstanceOf(UnusableImageException.class)
                .hasMessageContaining("not whole");
    }

    private BufferedImage prepared(byte[] source, ImageSettings settings) throws Exception {
        return ImageIO.read(new ByteArrayInputStream(store.get(preparer.prepare(source, settings).sha256())));
    }

    private static BufferedImage corners() {
        BufferedImage image = new BufferedImage(120, 80, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 80; y++) {
            for (int x = 0; x < 120; x++) {
                Color color = y < 40 ? x < 60 ? Color.RED : Color.GREEN : x < 60 ? Color.BLUE : Color.WHITE;
                image.setRGB(x, y, color.getRGB());
            }
        }
        return image;
    }

    private static Color named(String name) throws ReflectiveOperationException {
        return (Color) Color.class.getField(name).get(null);
    }

    private static void assertColor(BufferedImage image, int x, int y, Color expected) {
        Color found = new Color(image.getRGB(x, y));
        assertThat(found.getRed()).as("red of %s", found).isCloseTo(expected.getRed(), within(6));
        assertThat(found.getGreen()).as("green of %s", found).isCloseTo(expected.getGreen(), within(6));
        assertThat(found.getBlue()).as("blue of %s", found).isCloseTo(expected.getBlue(), within(6));
    }

    /// As libjpeg writes them: the first three inks as brightness and colour differences, the fourth inverted.
    private static int[] ycck(int[] inks) {
        double y = 0.299 * inks[0] + 0.587 * inks[1] + 0.114 * inks[2];
        return new int[] {(int) Math.round(y), (int) Math.round((inks[2] - y) / 1.772 + 128),
                (int) Math.round((inks[0] - y) / 1.402 + 128), 255 - inks[3]};
    }

    private static byte[] inserted(byte[] png, PngFixture.Chunk chunk) {
        int header = 8 + 25;
        byte[] written = PngFixture.bytesOf(chunk);
        return ByteBuffer.allocate(png.length + written.length).put(png, 0, header).put(written)
                .put(png, header, png.length - header).array();
    }

    private static int lastIndexOf(byte[] bytes, int marker) {
        for (int i = bytes.length - 2; i > 0; i--) {
            if (bytes[i] == (byte) 0xFF && bytes[i + 1] == (byte) marker) {
                return i;
            }
        }
        throw new IllegalArgumentException("no such marker");
    }
}
