package io.turnstream.audit;

import io.turnstream.events.SealSignatures;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is known of a run from elsewhere, and cannot be forged together with its log.
///
/// @param root Merkle root (hex) of one of its seals, or null
/// @param publicKey the operator's public key as [SealSignatures#publicKey] gives it; every seal must be signed with
///         it. Or null
public record Expected(@Nullable String root, @Nullable String publicKey) {

    public Expected {
        if (root != null) {
            root = root.strip().toLowerCase(Locale.ROOT);
            if (!root.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("a Merkle root has 64 hex digits: " + root);
            }
        }
    }

    public static Expected nothing() {
        return new Expected(null, null);
    }
}
