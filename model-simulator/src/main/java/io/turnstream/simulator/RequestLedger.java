package io.turnstream.simulator;

/// What is remembered of each distinct request: how often it was admitted, how many faults it met in a row, and whether
/// it was ever answered with success. Open addressing over two arrays, so that a million requests take 24 MB.
final class RequestLedger {

    private static final int SEEN_MASK = 0x00FF_FFFF;
    private static final int FAULTS_SHIFT = 24;
    private static final int FAULTS_MASK = 0x7F;
    private static final int SUCCEEDED = 1 << 31;

    private long[] keys = new long[1024];
    private int[] states = new int[1024];
    private int size;

    /// Counts one more admission and returns how many there were before.
    int seen(long request) {
        int slot = slot(request);
        int before = states[slot] & SEEN_MASK;
        if (before < SEEN_MASK) {
            states[slot]++;
        }
        return before;
    }

    int faultsInARow(long request) {
        return state(request) >>> FAULTS_SHIFT & FAULTS_MASK;
    }

    void faulted(long request) {
        int slot = slot(request);
        if ((states[slot] >>> FAULTS_SHIFT & FAULTS_MASK) < FAULTS_MASK) {
            states[slot] += 1 << FAULTS_SHIFT;
        }
    }

    void spared(long request) {
        int slot = slot(request);
        states[slot] &= ~(FAULTS_MASK << FAULTS_SHIFT);
    }

    boolean hasSucceeded(long request) {
        return (state(request) & SUCCEEDED) != 0;
    }

    void succeeded(long request) {
        int slot = slot(request);
        states[slot] |= SUCCEEDED;
    }

    int size() {
        return size;
    }

    void clear() {
        keys = new long[1024];
        states = new int[1024];
        size = 0;
    }

    /// The state of a request, 0 if it is new; takes no slot.
    private int state(long request) {
        return states[probe(keys, key(request))];
    }

    /// Key 0 marks a free slot, so request 0 goes by another name.
    private static long key(long request) {
        return request == 0 ? 1 : request;
    }

    /// The slot of a request, taken if it is new. May replace both arrays: call it before looking at either.
    private int slot(long request) {
        long key = key(request);
        int slot = probe(keys, key);
        if (keys[slot] == 0) {
            if (2 * (size + 1) > keys.length) {
                grow();
                slot = probe(keys, key);
            }
            keys[slot] = key;
            size++;
        }
        return slot;
    }

    private static int probe(long[] in, long key) {
        int slot = (int) Chance.mix(key) & (in.length - 1);
        while (in[slot] != 0 && in[slot] != key) {
            slot = (slot + 1) & (in.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] moreKeys = new long[keys.length * 2];
        int[] moreStates = new int[keys.length * 2];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int slot = probe(moreKeys, keys[i]);
                moreKeys[slot] = keys[i];
                moreStates[slot] = states[i];
            }
        }
        keys = moreKeys;
        states = moreStates;
    }
}
