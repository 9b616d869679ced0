package io.turnstream.loader.reading;

import io.turnstream.loader.reading.jsonl.JsonlRows;
import io.turnstream.loader.reading.parquet.ParquetRows;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The formats a data set can have; each knows its files by their names and how to read them.
public enum DatasetFormat {

    /// The layout of the public data set: images stand inside the file.
    PARQUET(".parquet", new ParquetRows()),
    /// One JSON object a line with the same fields, images as paths relative to the file.
    JSONL(".jsonl", new JsonlRows());

    private final String suffix;
    private final RowSource rows;

    DatasetFormat(String suffix, RowSource rows) {
        this.suffix = suffix;
        this.rows = rows;
    }

    /// Reads files of this format.
    public RowSource rows() {
        return rows;
    }

    static Optional<DatasetFormat> of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(format -> name.endsWith(format.suffix)).findFirst();
    }

    static String suffixes() {
        return Arrays.stream(values()).map(format -> format.suffix).collect(Collectors.joining(" or "));
    }
}
