package io.turnstream.events;

import io.turnstream.contracts.RunSealed;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What an operator signs of a [RunSealed]: these lines in UTF-8, each ended by a line feed, `-` where there is
/// nothing.
///
/// ```
/// turnstream-seal-v1
/// run 01JD...
/// seal 01JD.../s2
/// judgement-set -
/// root 3fa9...
/// leaves 312
/// supersedes 01JD.../s1
/// ```
public final class SealStatement {

    private SealStatement() {}

    /// The statement of a seal, signed or not.
    public static String of(RunSealed seal) {
        return "turnstream-seal-v1\n"
                + "run " + seal.getRunId() + '\n'
                + "seal " + seal.getSealId() + '\n'
                + "judgement-set " + orDash(seal.getJudgementSetId()) + '\n'
                + "root " + seal.getRoot() + '\n'
                + "leaves " + seal.getLeaves() + '\n'
                + "supersedes " + orDash(seal.getSupersedes()) + '\n';
    }

    static byte[] bytesOf(RunSealed seal) {
        return of(seal).getBytes(StandardCharsets.UTF_8);
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
