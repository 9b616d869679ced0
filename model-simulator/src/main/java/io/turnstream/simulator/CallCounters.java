package io.turnstream.simulator;

import java.util.Map;
import java.util.TreeMap;

/// Counts as they run up, for one model or for all; used from the server's event loop only.
final class CallCounters {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Map<String, Long> byStatus = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();
    private final Map<String, Long> limited = new TreeMap<>();
    private int minuteMillis;
    private SlidingWindow arrivals;
    private SlidingWindow admissions;
    private long calls;
    private long succeeded;
    private long repeatedRequests;
    private long repeatedKeys;
    private long blocked;
    private long slow;
    private long inFlight;
    private long maxInFlight;
    private long inFlightNanos;
    private long changedAtNanos;
    private long promptTokens;
    private long completionTokens;
    private long images;
    private long imageBytes;

    CallCounters(int minuteMillis) {
        this.minuteMillis = minuteMillis;
        this.arrivals = new SlidingWindow(minuteMillis * NANOS_PER_MILLI);
        this.admissions = new SlidingWindow(minuteMillis * NANOS_PER_MILLI);
    }

    /// From now on a minute lasts that long; what was counted by the minute is forgotten if that is a change.
    void minuteLasts(int millis) {
        if (millis != minuteMillis) {
            minuteMillis = millis;
            arrivals = new SlidingWindow(millis * NANOS_PER_MILLI);
            admissions = new SlidingWindow(millis * NANOS_PER_MILLI);
        }
    }

    void arrived(long nowNanos) {
        calls++;
        arrivals.add(nowNanos, 0);
    }

    /// A call passed all limits. Its tokens count from now on, as a provider's quota has it.
    void admitted(long nowNanos, long tokens) {
        admissions.add(nowNanos, tokens);
    }

    void started(long nowNanos) {
        settleInFlight(nowNanos);
        inFlight++;
        maxInFlight = Math.max(maxInFlight, inFlight);
    }

    void ended(long nowNanos, String status) {
        settleInFlight(nowNanos);
        inFlight--;
        answered(status);
    }

    void answered(String status) {
        byStatus.merge(status, 1L, Long::sum);
    }

    /// @param key of a fault or a form
    void fault(String key) {
        faults.merge(key, 1L, Long::sum);
    }

    void limited(String cause) {
        limited.merge(cause, 1L, Long::sum);
    }

    void succeeded(long prompt, long completion) {
        succeeded++;
        promptTokens += prompt;
        completionTokens += completion;
    }

    void repeatedRequest() {
        repeatedRequests++;
    }

    void repeatedKey() {
        repeatedKeys++;
    }

    void blocked() {
        blocked++;
    }

    void slow() {
        slow++;
    }

    void image(long base64Length) {
        images++;
        imageBytes += base64Length;
    }

    long inFlight() {
        return inFlight;
    }

    /// Nanoseconds until another call may be admitted under a limit per minute; 0 if it may now.
    long waitNanos(long nowNanos, int perMinute) {
        return admissions.waitNanos(nowNanos, perMinute);
    }

    /// Everything back to zero, except for what is in flight and the admissions that limits still have to know.
    void reset(long nowNanos) {
        byStatus.clear();
        faults.clear();
        limited.clear();
        arrivals.resetPeaks(nowNanos);
        admissions.resetPeaks(nowNanos);
        calls = succeeded = repeatedRequests = repeatedKeys = blocked = slow = 0;
        inFlightNanos = promptTokens = completionTokens = images = imageBytes = 0;
        changedAtNanos = nowNanos;
        maxInFlight = inFlight;
    }

    SimulatorStats.Counts snapshot(long nowNanos) {
        settleInFlight(nowNanos);
        return new SimulatorStats.Counts(calls, byStatus, faults, limited, succeeded, repeatedRequests, repeatedKeys,
                blocked, slow, inFlight, maxInFlight, inFlightNanos / 1_000_000, promptTokens, completionTokens, images,
                imageBytes, arrivals.maxCount(), admissions.maxWeight());
    }

    private void settleInFlight(long nowNanos) {
        inFlightNanos += inFlight * (nowNanos - changedAtNanos);
        changedAtNanos = nowNanos;
    }
}
