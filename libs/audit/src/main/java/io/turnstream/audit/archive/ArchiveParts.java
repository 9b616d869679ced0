package io.turnstream.audit.archive;

import java.util.Map;
import java.util.Optional;

/// What a run refers to but does not hold.
public interface ArchiveParts {

    /// A prepared image by its SHA-256 (hex).
    Optional<byte[]> image(String sha256);

    /// A protocol pack's files by its digest (hex).
    Optional<Map<String, byte[]>> pack(String digest);
}
