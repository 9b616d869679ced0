package io.turnstream.importer;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.importer.reading.Recording;

/// What is to be brought in, and as what.
///
/// @param recording as surveyed
/// @param pack whose strict parsers read the answers
/// @param judge what the recorded judge is called, since a result folder does not name it
/// @param requestedBy who asks
public record ImportOrder(Recording recording, ProtocolPack pack, String judge, String requestedBy) {

    /// What a judge is called that nobody named.
    public static final String UNNAMED_JUDGE = "unnamed-judge";

    public ImportOrder {
        if (judge.isBlank()) {
            throw new IllegalArgumentException("the recorded judge needs a name");
        }
    }
}
