package io.turnstream.providers.http;

import io.turnstream.providers.FailureCause;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// Bodies that a server compresses although nobody asked it to.
final class ContentEncoding {

    private ContentEncoding() {}

    /// The body as it was before it was compressed.
    ///
    /// @param encodings values of `Content-Encoding`; a body that begins like gzip is taken for that without one
    /// @param mostBytes a longer one is given up
    /// @throws ExchangeException          if it cannot be read
    /// @throws ExchangeException.TooLarge if it is longer
    static byte[] decoded(List<String> encodings, byte[] body, int mostBytes) {
        String encoding = String.join(",", encodings).strip().toLowerCase(Locale.ROOT);
        boolean gzip = encoding.contains("gzip")
                || encoding.isEmpty() && body.length > 2 && body[0] == 0x1f && body[1] == (byte) 0x8b;
        if (body.length == 0 || encoding.equals("identity") || encoding.isEmpty() && !gzip) {
            return body;
        }
        if (!gzip && !encoding.equals("deflate")) {
            throw new ExchangeException(FailureCause.MALFORMED_BODY,
                    "the answer is compressed in a way that was not asked for and is not known", encoding);
        }
        try (InputStream in = gzip
                ? new GZIPInputStream(new ByteArrayInputStream(body))
                : new InflaterInputStream(new ByteArrayInputStream(body))) {
            byte[] decoded = in.readNBytes(mostBytes + 1);
            if (decoded.length > mostBytes) {
                throw new ExchangeException.TooLarge(mostBytes);
            }
            return decoded;
        } catch (IOException e) {
            throw new ExchangeException(FailureCause.MALFORMED_BODY,
                    "the answer is said to be compressed, but is not, or breaks off",
                    String.valueOf(e.getMessage()));
        }
    }
}
