package io.turnstream.loader.reading;

/// Streams the rows of one file.
public interface RowSource {

    /// Hands every row of a file to a sink, in file order, one at a time, until the sink has enough.
    ///
    /// A row that cannot be read is rejected to the sink, and reading goes on.
    ///
    /// @throws UnusableFileException if nothing of the file can be read
    void read(SourceFile file, ReadRequest request, RowSink sink);
}
