package io.turnstream.dispatch;

import io.turnstream.audit.archive.ArchiveParts;
import io.turnstream.benchmark.pack.ProtocolPack;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// The one image and the one protocol pack that recorded runs refer to.
final class ArchivedParts implements ArchiveParts {

    static final byte[] IMAGE = "pixels of a harbour".getBytes(StandardCharsets.UTF_8);
    static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);

    @Override
    public Optional<byte[]> image(String sha256) {
        return sha256.equals(RecordedRun.IMAGE) ? Optional.of(IMAGE) : Optional.empty();
    }

    @Override
    public Optional<Map<String, byte[]>> pack(String digest) {
        return digest.equals(PACK.digest()) ? Optional.of(PACK.files()) : Optional.empty();
    }
}
