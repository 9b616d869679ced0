package io.turnstream.events;

import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/// Merkle tree hash of RFC 6962, section 2.1, over event digests, built leaf by leaf in O(log n) memory.
///
/// A leaf is `SHA-256(0x00 || digest)`, a node `SHA-256(0x01 || left || right)`, the root of nothing `SHA-256()`. A
/// leaf's data are the 32 bytes of an event's digest.
public final class MerkleTree {

    private record Subtree(long leaves, byte[] hash) {}

    private final Deque<Subtree> complete = new ArrayDeque<>();
    private long leaves;

    /// Adds the next leaf.
    ///
    /// @param digestHex an event's digest, 64 hex digits
    public void add(String digestHex) {
        leaves++;
        Subtree subtree = new Subtree(1, leafHash(digestHex));
        while (!complete.isEmpty() && complete.peek().leaves() == subtree.leaves()) {
            Subtree left = complete.pop();
            subtree = new Subtree(left.leaves() + subtree.leaves(), nodeHash(left.hash(), subtree.hash()));
        }
        complete.push(subtree);
    }

    /// How many leaves were added.
    public long leaves() {
        return leaves;
    }

    /// The root (hex) over the leaves so far.
    public String root() {
        Iterator<Subtree> smallestFirst = complete.iterator();
        if (!smallestFirst.hasNext()) {
            return HexFormat.of().formatHex(EventDigests.sha256().digest());
        }
        byte[] right = smallestFirst.next().hash();
        while (smallestFirst.hasNext()) {
            right = nodeHash(smallestFirst.next().hash(), right);
        }
        return HexFormat.of().formatHex(right);
    }

    /// The audit path of RFC 6962, section 2.1.1: the sibling hashes (hex) from leaf `index` up to the root.
    public static List<String> auditPath(int index, List<String> digestsHex) {
        if (index < 0 || index >= digestsHex.size()) {
            throw new IllegalArgumentException("leaf " + index + " of " + digestsHex.size());
        }
        if (digestsHex.size() == 1) {
            return new ArrayList<>();
        }
        int split = Integer.highestOneBit(digestsHex.size() - 1);
        boolean left = index < split;
        List<String> path = auditPath(left ? index : index - split,
                left ? digestsHex.subList(0, split) : digestsHex.subList(split, digestsHex.size()));
        path.add(rootOf(left ? digestsHex.subList(split, digestsHex.size()) : digestsHex.subList(0, split)));
        return path;
    }

    /// The root (hex) that a leaf and its audit path lead to.
    public static String rootFrom(String digestHex, long index, long leaves, List<String> pathHex) {
        byte[] hash = leafHash(digestHex);
        long node = index;
        long last = leaves - 1;
        for (String siblingHex : pathHex) {
            byte[] sibling = HexFormat.of().parseHex(siblingHex);
            if ((node & 1) == 1 || node == last) {
                hash = nodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = nodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return HexFormat.of().formatHex(hash);
    }

    /// The root (hex) over some leaves.
    public static String rootOf(List<String> digestsHex) {
        MerkleTree tree = new MerkleTree();
        digestsHex.forEach(tree::add);
        return tree.root();
    }

    private static byte[] leafHash(String digestHex) {
        MessageDigest sha256 = EventDigests.sha256();
        sha256.update((byte) 0);
        return sha256.digest(HexFormat.of().parseHex(digestHex));
    }

    private static byte[] nodeHash(byte[] left, byte[] right) {
        MessageDigest sha256 = EventDigests.sha256();
        sha256.update((byte) 1);
        sha256.update(left);
        return sha256.digest(right);
    }
}
