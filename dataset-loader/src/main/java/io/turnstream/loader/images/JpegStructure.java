package io.turnstream.loader.images;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JPEG file as its markers tell it (ITU-T T.81, annex B): which scans it has, whether it comes to its end, and its
/// Exif data.
///
/// The decoder does not tell a file whose last scans are missing from one that has all of them.
final class JpegStructure {

    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int SOF2_PROGRESSIVE = 0xC2;
    private static final int APP1 = 0xE1;
    private static final int COEFFICIENTS = 64;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final Map<Integer, BitSet> complete = new HashMap<>();
    private boolean progressive;
    private boolean ended;
    private byte @Nullable [] exif;
    private int at;

    private JpegStructure(byte[] bytes) {
        this.bytes = bytes;
    }

    static JpegStructure of(byte[] bytes) {
        JpegStructure structure = new JpegStructure(bytes);
        structure.walk();
        return structure;
    }

    /// Whether the end marker is there.
    boolean isEnded() {
        return ended;
    }

    /// Whether every colour component has all of its coefficients in full.
    boolean hasAllScans() {
        return !complete.isEmpty()
                && complete.values().stream().allMatch(coefficients -> coefficients.cardinality() == COEFFICIENTS);
    }

    /// Exif data from its byte order mark on; null for none.
    byte @Nullable [] exif() {
        return exif;
    }

    private void walk() {
        at = 2;
        while (nextMarker()) {
            int marker = bytes[at - 1] & 0xFF;
            if (marker == EOI) {
                ended = true;
                return;
            }
            if (standsAlone(marker)) {
                continue;
            }
            int length = at + 1 < bytes.length ? (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF : 0;
            if (length < 2 || at + length > bytes.length) {
                return;
            }
            segment(marker, at + 2, at + length);
            at += length;
        }
    }

    /// Goes behind the next marker. Within the data of a scan, 0xFF that is followed by 0 is data.
    private boolean nextMarker() {
        while (at + 1 < bytes.length) {
            int next = bytes[at + 1] & 0xFF;
            if (bytes[at] == (byte) 0xFF && next != 0 && next != 0xFF) {
                at += 2;
                return true;
            }
            at++;
        }
        return false;
    }

    private static boolean standsAlone(int marker) {
        return marker == 0x01 || marker >= 0xD0 && marker <= SOI;
    }

    private void segment(int marker, int from, int to) {
        boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            frame(marker, from, to);
        } else if (marker == SOS) {
            scan(from, to);
        } else if (marker == APP1 && exif == null && to - from > EXIF.length
                && Arrays.equals(bytes, from, from + EXIF.length, EXIF, 0, EXIF.length)) {
            exif = Arrays.copyOfRange(bytes, from + EXIF.length, to);
        }
    }

    private void frame(int marker, int from, int to) {
        progressive = marker == SOF2_PROGRESSIVE;
        for (int component = from + 6; component + 2 < to; component += 3) {
            complete.put(bytes[component] & 0xFF, new BitSet(COEFFICIENTS));
        }
    }

    private void scan(int from, int to) {
        int components = from < to ? bytes[from] & 0xFF : 0;
        int settings = from + 1 + 2 * components;
        if (settings + 2 >= to) {
            return;
        }
        int first = progressive ? bytes[settings] & 0x3F : 0;
        int last = progressive ? bytes[settings + 1] & 0x3F : COEFFICIENTS - 1;
        boolean inFull = !progressive || (bytes[settings + 2] & 0x0F) == 0;
        for (int i = 0; i < components && inFull && first <= last; i++) {
            BitSet coefficients = complete.get(bytes[from + 1 + 2 * i] & 0xFF);
            if (coefficients != null) {
                coefficients.set(first, last + 1);
            }
        }
    }
}
