package io.turnstream.audit.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Reads no more than was claimed, and digests it.
final class BoundedInput extends FilterInputStream {

    private final long most;
    private final MessageDigest sha256 = ArchiveWriter.newSha256();
    private long read;

    BoundedInput(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    long bytesRead() {
        return read;
    }

    byte[] digest() {
        return sha256.digest();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
        int count = in.read(buffer, start, length);
        if (count > 0) {
            read += count;
            if (read > most) {
                throw new IOException("it is larger than the " + most + " bytes that it claims");
            }
            sha256.update(buffer, start, count);
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
