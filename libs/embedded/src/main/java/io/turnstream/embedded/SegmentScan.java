package io.turnstream.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;

/// What one file of a log holds.
///
/// @param whole bytes from its beginning that are whole batches
/// @param end the offset behind the last of them
/// @param behindDamage where the next whole batch begins behind bytes that are none; -1 if there is none
record SegmentScan(long whole, long end, long behindDamage) {

    private static final int SIZE_AT = Long.BYTES;
    private static final int SIZE_ENDS = SIZE_AT + Integer.BYTES;
    private static final int MAGIC_AT = 16;
    private static final int INDEX_ENTRY = 8;

    /// Checks every batch.
    static SegmentScan of(Path file, long baseOffset) throws IOException {
        return scan(file, 0, baseOffset);
    }

    /// Checks the last few batches, from the last place that the segment's index names.
    static SegmentScan ofTheEnd(Path file, long baseOffset) throws IOException {
        long place = lastIndexed(file);
        if (place > 0) {
            SegmentScan end = scan(file, place, baseOffset);
            if (end.whole > place && end.behindDamage < 0) {
                return end;
            }
        }
        return scan(file, 0, baseOffset);
    }

    /// An index has entries of relative offset and place, in order, with zeros behind while it is in use.
    private static long lastIndexed(Path file) throws IOException {
        Path index = file.resolveSibling(file.getFileName().toString().replace(".log", ".index"));
        if (!Files.exists(index)) {
            return 0;
        }
        ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(index));
        for (int at = entries.capacity() / INDEX_ENTRY * INDEX_ENTRY - INDEX_ENTRY; at >= 0; at -= INDEX_ENTRY) {
            if (entries.getLong(at) != 0) {
                int place = entries.getInt(at + Integer.BYTES);
                return place < Files.size(file) ? place : 0;
            }
        }
        return 0;
    }

    private static SegmentScan scan(Path file, long from, long baseOffset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() <= from) {
                return new SegmentScan(channel.size(), baseOffset, -1);
            }
            // at most log.segment.bytes, and pages of it are read as they are looked at
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            int at = (int) from;
            long end = baseOffset;
            int size = sizeOfBatch(bytes, at, baseOffset, end);
            while (size > 0) {
                end = batch(bytes, at, size).nextOffset();
                at += size;
                size = sizeOfBatch(bytes, at, baseOffset, end);
            }
            return new SegmentScan(at, end, next(bytes, at + 1, baseOffset));
        }
    }

    private static long next(ByteBuffer bytes, int from, long baseOffset) {
        for (int at = from; at <= bytes.capacity() - DefaultRecordBatch.RECORD_BATCH_OVERHEAD; at++) {
            // offsets stand outside the checksum, so the last one before may have been the wrong one
            if (sizeOfBatch(bytes, at, baseOffset, baseOffset) > 0) {
                return at;
            }
        }
        return -1;
    }

    /// The size of the whole batch that begins there, 0 if none does.
    ///
    /// @param baseOffset of the segment, whose offsets are less than 2^31 apart
    /// @param least      its offset may not be smaller
    private static int sizeOfBatch(ByteBuffer bytes, int at, long baseOffset, long least) {
        int left = bytes.capacity() - at;
        if (left < DefaultRecordBatch.RECORD_BATCH_OVERHEAD || bytes.get(at + MAGIC_AT) != RecordBatch.MAGIC_VALUE_V2
                || bytes.getLong(at) < least || bytes.getLong(at) - baseOffset > Integer.MAX_VALUE) {
            return 0;
        }
        int size = bytes.getInt(at + SIZE_AT);
        if (size < DefaultRecordBatch.RECORD_BATCH_OVERHEAD - SIZE_ENDS || size > left - SIZE_ENDS) {
            return 0;
        }
        return batch(bytes, at, size + SIZE_ENDS).isValid() ? size + SIZE_ENDS : 0;
    }

    private static RecordBatch batch(ByteBuffer bytes, int at, int size) {
        return MemoryRecords.readableRecords(bytes.slice(at, size)).batches().iterator().next();
    }
}
