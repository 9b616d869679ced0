package io.turnstream.loader.reading;

/// Takes what a file holds.
public interface RowSink {

    /// Whether the sink wants more.
    enum Demand {
        /// The next row, please.
        MORE,
        /// The rest of the file is not needed.
        ENOUGH
    }

    /// Takes a row; it is the sink's own from then on.
    Demand row(RawRow row);

    /// Takes note of rows that could not be read.
    void rejected(RowRejection rejection);

    /// Takes note of rows that were passed over unread, because the request said so.
    void skipped(long rows);
}
