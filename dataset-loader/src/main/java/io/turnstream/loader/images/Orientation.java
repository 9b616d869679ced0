package io.turnstream.loader.images;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import org.jspecify.annotations.Nullable;

/// Which way up the camera was held: Exif's eight, in its order, by what has to be done for the picture to stand
/// upright.
enum Orientation {
    UPRIGHT(false, false, false), MIRRORED(false, true, false), UPSIDE_DOWN(false, true, true), MIRRORED_UPSIDE_DOWN(
            false, false, true), TRANSPOSED(true, false, false), LYING_ON_ITS_LEFT(true, true,
                    false), TRANSVERSED(true, true, true), LYING_ON_ITS_RIGHT(true, false, true);

    private final boolean exchangesSides;
    private final boolean fromRight;
    private final boolean fromBottom;

    /// @param exchangesSides whether rows become columns
    /// @param fromRight whether the result's columns then run from right to left
    /// @param fromBottom whether its rows run from the bottom up
    Orientation(boolean exchangesSides, boolean fromRight, boolean fromBottom) {
        this.exchangesSides = exchangesSides;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /// What Exif data says; upright where it says nothing that can be read.
    ///
    /// @param exif from its byte order mark on; null for none
    static Orientation of(byte @Nullable [] exif) {
        if (exif == null) {
            return UPRIGHT;
        }
        try {
            Metadata metadata = new Metadata();
            new ExifReader().extract(new ByteArrayReader(exif), metadata);
            ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer number = directory == null ? null : directory.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
            return number == null || number < 1 || number > values().length ? UPRIGHT : values()[number - 1];
        } catch (RuntimeException e) {
            // Exif is a remark beside the picture: one that is damaged is none.
            return UPRIGHT;
        }
    }

    /// The picture upright.
    ///
    /// @param image in RGB, one whole number a pixel
    BufferedImage upright(BufferedImage image) {
        if (this == UPRIGHT) {
            return image;
        }
        int width = image.getWidth();
        int height = image.getHeight();
        BufferedImage turned = new BufferedImage(exchangesSides ? height : width, exchangesSides ? width : height,
                BufferedImage.TYPE_INT_RGB);
        int[] from = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        int[] to = ((DataBufferInt) turned.getRaster().getDataBuffer()).getData();
        int at = 0;
        for (int y = 0; y < turned.getHeight(); y++) {
            int row = fromBottom ? turned.getHeight() - 1 - y : y;
            for (int x = 0; x < turned.getWidth(); x++) {
                int column = fromRight ? turned.getWidth() - 1 - x : x;
                to[at++] = exchangesSides ? from[column * width + row] : from[row * width + column];
            }
        }
        return turned;
    }
}
