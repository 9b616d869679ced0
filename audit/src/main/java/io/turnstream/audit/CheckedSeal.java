package io.turnstream.audit;

import org.jspecify.annotations.Nullable;

/// A seal that holds.
///
/// @param judgementSetId null for turns and questions
/// @param root Merkle root (hex), recomputed
/// @param signedBy public key whose signature holds; null where the seal is not signed
public record CheckedSeal(
        String sealId,
        @Nullable String judgementSetId,
        String root,
        long leaves,
        @Nullable String supersedes,
        @Nullable String signedBy,
        Place place) {}
