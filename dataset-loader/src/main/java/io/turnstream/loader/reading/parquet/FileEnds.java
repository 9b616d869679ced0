package io.turnstream.loader.reading.parquet;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Tells by its first and last bytes what a file is that cannot be read as Parquet. The library's own messages show its
/// inside.
final class FileEnds {

    private static final int LOOKED_AT = 64;
    private static final String MAGIC = "PAR1";

    private FileEnds() {}

    /// One clause for people; nothing of the file is repeated.
    static String whatIsWrong(Path file) {
        String start;
        String end;
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            start = read(bytes, 0, LOOKED_AT);
            end = read(bytes, Math.max(0, bytes.length() - MAGIC.length()), MAGIC.length());
        } catch (IOException e) {
            return "the disk or the file system does not give it";
        }
        if (start.startsWith("version https://git-lfs")) {
            return "it is a Git LFS pointer and not the file itself ('git lfs pull' fetches that)";
        }
        if (start.stripLeading().startsWith("<")) {
            return "it looks like an HTML page, as servers send it instead of a file, and is no Parquet file";
        }
        if (end.equals("PARE")) {
            return "it is encrypted";
        }
        if (!start.startsWith(MAGIC)) {
            return "it is no Parquet file";
        }
        return end.equals(MAGIC) ? "its footer is damaged" : "it is cut short: the footer at its end is missing";
    }

    private static String read(RandomAccessFile bytes, long from, int length) throws IOException {
        byte[] read = new byte[(int) Math.min(length, bytes.length() - from)];
        bytes.seek(from);
        bytes.readFully(read);
        return new String(read, StandardCharsets.ISO_8859_1);
    }
}
