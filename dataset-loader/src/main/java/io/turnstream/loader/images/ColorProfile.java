package io.turnstream.loader.images;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Converts decoded pixels to the colours that a profile says they mean.
final class ColorProfile {

    private static final int STRIP_ROWS = 64;
    private static final int[] COLORS = {0, 1, 2};

    private ColorProfile() {}

    /// The picture in sRGB. Where there is no profile for RGB, or it is that of sRGB, it is so already.
    ///
    /// @param image with sRGB's color model, whatever its pixels mean; changed in place
    /// @param profile an ICC profile; null for none
    static BufferedImage toSrgb(BufferedImage image, byte @Nullable [] profile) {
        ColorSpace colors = profile == null ? null : rgbOf(profile);
        if (colors == null) {
            return image;
        }
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return new BufferedImage(converted(palette, colors), image.getRaster(), false, null);
        }
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_RGB
                && image.getRaster().getNumBands() >= COLORS.length) {
            convert(image.getRaster(), colors);
        }
        return image;
    }

    /// Strip by strip, so that the picture is not held twice.
    private static void convert(WritableRaster pixels, ColorSpace colors) {
        ColorConvertOp conversion = new ColorConvertOp(colors, ColorSpace.getInstance(ColorSpace.CS_sRGB), null);
        for (int top = 0; top < pixels.getHeight(); top += STRIP_ROWS) {
            int rows = Math.min(STRIP_ROWS, pixels.getHeight() - top);
            WritableRaster strip = pixels.createWritableChild(0, top, pixels.getWidth(), rows, 0, 0, COLORS);
            WritableRaster meant = strip.createCompatibleWritableRaster();
            meant.setRect(strip);
            conversion.filter(meant, strip);
        }
    }

    private static @Nullable ColorSpace rgbOf(byte[] bytes) {
        try {
            ICC_Profile profile = ICC_Profile.getInstance(bytes);
            return profile.getColorSpaceType() != ColorSpace.TYPE_RGB || isSrgb(profile)
                    ? null
                    : new ICC_ColorSpace(profile);
        } catch (RuntimeException e) {
            // A profile is a remark beside the picture: one that is damaged is none, as viewers have it.
            return null;
        }
    }

    /// Profiles of sRGB are many and differ in the last bit; all say so in their description, in one or two bytes a
    /// letter.
    private static boolean isSrgb(ICC_Profile profile) {
        byte[] description = profile.getData(ICC_Profile.icSigProfileDescriptionTag);
        String text = description == null ? "" : new String(description, StandardCharsets.ISO_8859_1).replace("\0", "");
        return text.contains("sRGB") && !text.toLowerCase(Locale.ROOT).contains("linear");
    }

    private static IndexColorModel converted(IndexColorModel palette, ColorSpace colors) {
        int size = palette.getMapSize();
        int[] argb = new int[size];
        palette.getRGBs(argb);
        for (int i = 0; i < size; i++) {
            float[] rgb = colors.toRGB(
                    new float[] {(argb[i] >> 16 & 0xFF) / 255f, (argb[i] >> 8 & 0xFF) / 255f, (argb[i] & 0xFF) / 255f});
            argb[i] = argb[i] & 0xFF000000 | Math.round(rgb[0] * 255) << 16 | Math.round(rgb[1] * 255) << 8
                    | Math.round(rgb[2] * 255);
        }
        return new IndexColorModel(palette.getPixelSize(), size, argb, 0, palette.hasAlpha(), -1,
                palette.getTransferType());
    }
}
