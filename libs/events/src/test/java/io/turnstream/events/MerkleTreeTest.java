package io.turnstream.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

    private static final List<String> DIGESTS = IntStream.range(0, 33)
            .mapToObj(i -> EventDigests.sha256Hex("event " + i)).toList();

    @Test
    void theRootOfNothingIsTheHashOfNothing() {
        assertThat(new MerkleTree().root())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void followsTheRecursiveDefinitionOfRfc6962() throws Exception {
        for (int n = 1; n <= DIGESTS.size(); n++) {
            assertThat(MerkleTree.rootOf(DIGESTS.subList(0, n))).as("%d leaves", n)
                    .isEqualTo(HexFormat.of().formatHex(recursive(DIGESTS.subList(0, n))));
        }
    }

    @Test
    void everyLeafIsProvenByItsAuditPathAndNoOtherIs() {
        for (int n : List.of(1, 2, 3, 7, 8, 33)) {
            List<String> digests = DIGESTS.subList(0, n);
            String root = MerkleTree.rootOf(digests);
            for (int i = 0; i < n; i++) {
                List<String> path = MerkleTree.auditPath(i, digests);
                assertThat(MerkleTree.rootFrom(digests.get(i), i, n, path)).isEqualTo(root);
                assertThat(MerkleTree.rootFrom(EventDigests.sha256Hex("forged"), i, n, path)).isNotEqualTo(root);
            }
        }
    }

    @Test
    void orderCounts() {
        assertThat(MerkleTree.rootOf(List.of(DIGESTS.get(0), DIGESTS.get(1))))
                .isNotEqualTo(MerkleTree.rootOf(List.of(DIGESTS.get(1), DIGESTS.get(0))));
    }

    @Test
    void aLeafOutsideTheTreeHasNoPath() {
        assertThatThrownBy(() -> MerkleTree.auditPath(3, DIGESTS.subList(0, 3))).hasMessageContaining("leaf 3 of 3");
    }

    /// MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])), k the largest power of two smaller than n (RFC 6962,
    /// 2.1).
    private static byte[] recursive(List<String> digests) throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        if (digests.size() == 1) {
            sha256.update((byte) 0);
            return sha256.digest(HexFormat.of().parseHex(digests.getFirst()));
        }
        int k = 1;
        while (k * 2 < digests.size()) {
            k *= 2;
        }
        byte[] left = recursive(digests.subList(0, k));
        byte[] right = recursive(digests.subList(k, digests.size()));
        sha256.update((byte) 1);
        sha256.update(left);
        return sha256.digest(right);
    }
}
