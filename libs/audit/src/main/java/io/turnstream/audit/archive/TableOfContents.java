package io.turnstream.audit.archive;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// The size of a ZIP file's table of contents, as its end says (APPNOTE.TXT, 4.3.14 and 4.3.16). Whoever opens a ZIP
/// file reads all of the table into memory before anything in it can be looked at.
final class TableOfContents {

    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int END_64_BYTES = 56;
    private static final int LONGEST_COMMENT = 0xFFFF;
    private static final long IN_64 = 0xFFFFFFFFL;

    private TableOfContents() {}

    /// Its size in bytes. Whoever opens a ZIP file may take for its end what another passes over, so one that is not
    /// where the file ends is not looked behind.
    ///
    /// @throws IOException if the file does not end as a ZIP file does
    static long bytes(Path zip) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(zip.toFile(), "r")) {
            long length = file.length();
            int tail = (int) Math.min(length, END_BYTES + LONGEST_COMMENT);
            ByteBuffer bytes = read(file, length - tail, tail);
            for (int at = tail - END_BYTES; at >= 0; at--) {
                if (bytes.getInt(at) == END) {
                    if (at + END_BYTES + Short.toUnsignedInt(bytes.getShort(at + 20)) != tail) {
                        break;
                    }
                    long size = Integer.toUnsignedLong(bytes.getInt(at + 12));
                    return Math.max(size == IN_64 ? 0 : size, bytes64(file, length - tail + at));
                }
            }
            throw new IOException("it does not end as a ZIP file does");
        }
    }

    private static long bytes64(RandomAccessFile file, long end) throws IOException {
        if (end < LOCATOR_BYTES) {
            return 0;
        }
        ByteBuffer locator = read(file, end - LOCATOR_BYTES, LOCATOR_BYTES);
        long at = locator.getLong(8);
        if (locator.getInt(0) != LOCATOR_64 || at < 0 || at > end - END_64_BYTES) {
            return 0;
        }
        ByteBuffer end64 = read(file, at, END_64_BYTES);
        return end64.getInt(0) == END_64 ? end64.getLong(40) : 0;
    }

    private static ByteBuffer read(RandomAccessFile file, long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.seek(from);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
