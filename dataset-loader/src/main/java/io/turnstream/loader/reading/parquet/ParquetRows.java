package io.turnstream.loader.reading.parquet;

import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowRejection.Scope;
import io.turnstream.loader.reading.RowSink;
import io.turnstream.loader.reading.RowSink.Demand;
import io.turnstream.loader.reading.RowSource;
import io.turnstream.loader.reading.SourceFile;
import io.turnstream.loader.reading.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/// Reads Parquet with one row group in memory at a time, and only the columns that are needed.
///
/// A row group is held compressed and, column by column, decompressed; that is known from the footer before anything is
/// read, see [#memoryNeeded]. One that needs more than the budget is announced and left out. Why this reader and not
/// another: `docs/decisions/0003-parquet-reader.md`.
public final class ParquetRows implements RowSource {

    /// Columns of a row group that lie side by side are fetched into one buffer, so that pages are views of it, not
    /// copies.
    private static final int ONE_BUFFER = Integer.MAX_VALUE - 8;

    private static final int SMALLEST_FILE = 12;

    @Override
    public void read(SourceFile file, ReadRequest request, RowSink sink) {
        try (ParquetFileReader reader = open(file, request)) {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            List<ParquetColumn> columns = ParquetColumn.wanted(request.variants());
            checkColumns(file, reader, schema, columns);
            MessageType projection = new MessageType(
                    schema.getName(),
                    columns.stream()
                            .filter(column -> schema.containsField(column.columnName()))
                            .map(column -> schema.getType(column.columnName()))
                            .toList());
            reader.setRequestedSchema(projection);
            new Reading(file, request, sink, reader, projection, new ColumnIOFactory().getColumnIO(projection, schema))
                    .readRowGroups();
        } catch (IOException e) {
            throw unreadable(file, FileEnds.whatIsWrong(file.path()));
        }
    }

    private static ParquetFileReader open(SourceFile file, ReadRequest request) throws IOException {
        if (!Files.isReadable(file.path())) {
            throw unreadable(file, "permission denied");
        }
        if (Files.size(file.path()) < SMALLEST_FILE) {
            throw unreadable(file, Files.size(file.path()) == 0 ? "it is empty" : "it is too short to be Parquet");
        }
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageCodecs(request.budgetBytes()))
                .withMaxAllocationInBytes(ONE_BUFFER)
                .withUseHadoopVectoredIo(false)
                .build();
        try {
            return new ParquetFileReader(new FileBytes(file.path()), options);
        } catch (RuntimeException e) {
            // The library reports whatever is wrong with a footer by RuntimeExceptions of many kinds.
            throw unreadable(file, FileEnds.whatIsWrong(file.path()));
        }
    }

    private static void checkColumns(
            SourceFile file, ParquetFileReader reader, MessageType schema, List<ParquetColumn> columns) {
        for (ParquetColumn column : columns) {
            Optional<ParquetColumn.Mismatch> mismatch = column.check(schema);
            if (mismatch.isPresent()) {
                throw new UnusableFileException(RowRejection.ofFile(file, mismatch.get().column(),
                        mismatch.get().found(), mismatch.get().expected(),
                        "write the column in the layout of the public data set", reader.getRecordCount()));
            }
        }
        reader.getFooter().getBlocks().stream()
                .flatMap(block -> block.getColumns().stream())
                .filter(chunk -> columns.stream()
                        .anyMatch(column -> chunk.getPath().toArray()[0].equals(column.columnName())))
                .filter(chunk -> !PageCodecs.canRead(chunk.getCodec()))
                .findFirst()
                .ifPresent(chunk -> {
                    throw new UnusableFileException(RowRejection.ofFile(file, chunk.getPath().toDotString(),
                            "the column is compressed with " + chunk.getCodec(),
                            "uncompressed, SNAPPY, GZIP or ZSTD",
                            "write the file again with one of these codecs", reader.getRecordCount()));
                });
    }

    private static UnusableFileException unreadable(SourceFile file, String why) {
        return new UnusableFileException(RowRejection.ofFile(
                file, null, "the file cannot be read: " + why, "a Parquet file", "fetch or write the file again", 0));
    }

    /// Most memory that reading a row group takes, in bytes: all columns to read as they are stored, and all
    /// decompressed. (24 rows of four images of 1 MB: 98 MB + 98 MB; without the variants 25 MB + 25 MB.)
    static long memoryNeeded(BlockMetaData rowGroup, MessageType projection) {
        return rowGroup.getColumns().stream()
                .filter(chunk -> projection.containsField(chunk.getPath().toArray()[0]))
                .mapToLong(chunk -> chunk.getTotalSize() + chunk.getTotalUncompressedSize())
                .sum();
    }

    private record Reading(
            SourceFile file,
            ReadRequest request,
            RowSink sink,
            ParquetFileReader reader,
            MessageType projection,
            MessageColumnIO columns) {

        private static final long MEBI = 1024 * 1024;

        private void readRowGroups() {
            long position = 0;
            List<BlockMetaData> rowGroups = reader.getRowGroups();
            for (int i = 0; i < rowGroups.size(); i++) {
                BlockMetaData rowGroup = rowGroups.get(i);
                long rows = rowGroup.getRowCount();
                if (position + rows <= request.rowsToSkip()) {
                    sink.skipped(rows);
                } else if (memoryNeeded(rowGroup, projection) > request.budgetBytes()) {
                    sink.rejected(tooLarge(rowGroup, position));
                } else if (rows > 0 && readRowGroup(i, position, rows) == Demand.ENOUGH) {
                    return;
                }
                position += rows;
            }
        }

        private Demand readRowGroup(int index, long start, long rows) {
            try (PageReadStore pages = fetch(index)) {
                RecordReader<Group> records = recordsOf(pages);
                for (long done = 0; done < rows; done++) {
                    Optional<GroupRow.Read> row = next(records, start + done, rows - done);
                    if (row.isEmpty()) {
                        return Demand.MORE;
                    }
                    if (hand(row.get()) == Demand.ENOUGH) {
                        return Demand.ENOUGH;
                    }
                }
            } catch (IOException e) {
                sink.rejected(damaged(start, rows));
            }
            return Demand.MORE;
        }

        private PageReadStore fetch(int index) throws IOException {
            try {
                return reader.readRowGroup(index);
            } catch (RuntimeException e) {
                throw new IOException("damaged pages", e);
            }
        }

        private RecordReader<Group> recordsOf(PageReadStore pages) throws IOException {
            try {
                return columns.getRecordReader(pages, new GroupRecordConverter(projection));
            } catch (RuntimeException e) {
                throw new IOException("damaged pages", e);
            }
        }

        private Demand hand(GroupRow.Read row) {
            if (row.rejection().isPresent()) {
                sink.rejected(row.rejection().get());
                return Demand.MORE;
            }
            return sink.row(row.row());
        }

        private Optional<GroupRow.Read> next(RecordReader<Group> records, long position, long rowsLeft) {
            try {
                return Optional.of(new GroupRow(records.read(), file, position).read());
            } catch (RuntimeException e) {
                // Damaged pages come to light as RuntimeExceptions of many kinds; the sink's own are not caught.
                sink.rejected(damaged(position, rowsLeft));
                return Optional.empty();
            }
        }

        private RowRejection tooLarge(BlockMetaData rowGroup, long start) {
            long needed = memoryNeeded(rowGroup, projection);
            return new RowRejection(Scope.ROW_GROUP, file.name(), file.split(), start, null, null,
                    "rows %d to %d stand in one row group that needs %d MB of memory to read".formatted(
                            start, start + rowGroup.getRowCount() - 1, ceilMebi(needed)),
                    "at most " + request.budgetBytes() / MEBI + " MB",
                    "raise TURNSTREAM_LOADER_ROW_GROUP_MEMORY and the Java heap, or write the file with smaller row groups"
                            + (request.variants() ? ", or leave out --variants" : ""),
                    rowGroup.getRowCount());
        }

        private RowRejection damaged(long start, long rows) {
            return new RowRejection(Scope.ROW_GROUP, file.name(), file.split(), start, null, null,
                    "%d rows from row %d cannot be decoded: their pages are damaged".formatted(rows, start),
                    "intact pages", "fetch or write the file again", rows);
        }

        private static long ceilMebi(long bytes) {
            return (bytes + MEBI - 1) / MEBI;
        }
    }
}
