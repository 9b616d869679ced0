package io.turnstream.loader.reading.parquet;

import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/// A file that is read straight into the buffers of a row group; the library's own takes the memory twice.
record FileBytes(Path path) implements InputFile {

    @Override
    public long getLength() throws IOException {
        return Files.size(path);
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        return new Stream(new FileInputStream(path.toFile()));
    }

    private static final class Stream extends DelegatingSeekableInputStream {

        private final FileInputStream in;

        private Stream(FileInputStream in) {
            super(new Pieces(in));
            this.in = in;
        }

        @Override
        public long getPos() throws IOException {
            return in.getChannel().position();
        }

        @Override
        public void seek(long position) throws IOException {
            in.getChannel().position(position);
        }
    }

    /// Java reads into memory of its own first, as much as is asked for: asked for a row group at once, it takes that
    /// twice.
    private static final class Pieces extends FilterInputStream {

        private static final int PIECE = 256 * 1024;

        private Pieces(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(length, PIECE));
        }
    }
}
