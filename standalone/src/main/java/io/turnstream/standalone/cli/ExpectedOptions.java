package io.turnstream.standalone.cli;

import io.turnstream.audit.Expected;
import io.turnstream.events.SealSignatures;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What somebody who checks a run knows from elsewhere.
final class ExpectedOptions {

    @Option(names = "--root", paramLabel = "HEX", order = FlagGroup.OF_DATA
            + 1, description = "A Merkle root that was kept elsewhere: one of the run's seals must have it.")
    private @Nullable String root;

    @Option(names = "--public-key", paramLabel = "FILE", order = FlagGroup.OF_DATA
            + 2, description = "The operator's public key (PEM, or its Base64 text): every seal must be signed with it.")
    private @Nullable String publicKey;

    /// @throws UsageException if one of them cannot be what it should
    Expected expected(Surroundings around) {
        if (root != null && !root.strip().toLowerCase(Locale.ROOT).matches("[0-9a-f]{64}")) {
            throw new UsageException("--root", "a Merkle root has 64 hexadecimal digits, and this has not",
                    "'turnstream verify' and 'turnstream export --format archive' print it.");
        }
        return new Expected(root, publicKey == null ? null : key(around, publicKey.strip()));
    }

    private static String key(Surroundings around, String given) {
        boolean text = given.length() == 60 && given.endsWith("=");
        try {
            return SealSignatures.publicKey(text ? given : around.folder().resolve(given).toString());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--public-key",
                    "neither a file with an Ed25519 public key that can be read nor the text of one is given",
                    "Make it of the private key with: openssl pkey -in operator.pem -pubout -out operator.pub.");
        }
    }
}
