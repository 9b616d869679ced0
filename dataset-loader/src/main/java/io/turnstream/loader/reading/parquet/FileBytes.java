package io.turnstream.loader.reading.parquet;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/// A file that is read straight into the buffers of a row group; the library's own reads everything twice into memory.
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
            super(in);
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
}
