package io.turnstream.simulator;

/// Events of the last span of time, with the most that ever fell into any span of that length.
///
/// The peak is exact: a span that holds the most events can be moved until it ends with one of them, and every event's
/// own arrival is looked at. An event leaves the window once it is a whole span old.
final class SlidingWindow {

    private final long spanNanos;
    private long[] times = new long[256];
    private long[] weights = new long[256];
    private int first;
    private int count;
    private long weight;
    private long maxCount;
    private long maxWeight;

    SlidingWindow(long spanNanos) {
        this.spanNanos = spanNanos;
    }

    void add(long nowNanos, long eventWeight) {
        evict(nowNanos);
        if (count == times.length) {
            grow();
        }
        int slot = (first + count) & (times.length - 1);
        times[slot] = nowNanos;
        weights[slot] = eventWeight;
        count++;
        weight += eventWeight;
        maxCount = Math.max(maxCount, count);
        maxWeight = Math.max(maxWeight, weight);
    }

    /// How long to wait until one more event keeps the window at `limit` or below; 0 if no time.
    long waitNanos(long nowNanos, int limit) {
        evict(nowNanos);
        if (count < limit) {
            return 0;
        }
        int leaves = (first + count - limit) & (times.length - 1);
        return Math.max(1, times[leaves] + spanNanos - nowNanos);
    }

    long maxCount() {
        return maxCount;
    }

    long maxWeight() {
        return maxWeight;
    }

    /// Forgets the peaks, not the events.
    void resetPeaks(long nowNanos) {
        evict(nowNanos);
        maxCount = count;
        maxWeight = weight;
    }

    private void evict(long nowNanos) {
        while (count > 0 && nowNanos - times[first] >= spanNanos) {
            weight -= weights[first];
            first = (first + 1) & (times.length - 1);
            count--;
        }
    }

    private void grow() {
        long[] moreTimes = new long[times.length * 2];
        long[] moreWeights = new long[times.length * 2];
        for (int i = 0; i < count; i++) {
            int slot = (first + i) & (times.length - 1);
            moreTimes[i] = times[slot];
            moreWeights[i] = weights[slot];
        }
        times = moreTimes;
        weights = moreWeights;
        first = 0;
    }
}
