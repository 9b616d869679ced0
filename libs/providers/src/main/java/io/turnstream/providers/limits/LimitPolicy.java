package io.turnstream.providers.limits;

import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// How many calls to have in flight at one model. Pure: time comes in as nanoseconds of a clock that only goes forward.
/// Not safe for threads; [AdaptiveLimiter] is.
///
/// It starts at 64 and doubles from window to window until a 429 comes or the bound is reached, as TCP does at the
/// start of a connection. From then on it holds for 4 windows (up to 32 if the last attempt to grow failed at once) and
/// then adds one a window, and faster the longer nothing is turned away; after a window with a 429 it falls to what was
/// accepted in that window, but by at least 5 and at most 50 %. A window is as long as a call takes, within 0.1 and 2
/// s, so that one burst of 429 is one decrease. Where a server takes 100 at a time this stays between 95 and 101.
///
/// A 429 counts only if it can be about the number in flight: if until a window later no call was served that went out
/// with as many in flight, or if more than 15 % of the calls are turned away. A few at random change nothing.
///
/// The very first call goes alone until it has ended, but for no longer than 2 s: a wrong key or an unknown model then
/// costs one call, and a healthy start one round trip.
///
/// A place that was turned away rests for as long as `Retry-After` says (if it says nothing: a window, but at least
/// 0.25 s), so that the next in the queue does not run into the same 429. If nobody has been served for a window, all
/// places rest.
final class LimitPolicy {

    private static final int START = 64;
    private static final double GENTLEST_DECREASE = 0.95;
    private static final double STRONGEST_DECREASE = 0.5;
    private static final int CHANCE_REFUSALS = 3;
    private static final double SHARE_THAT_IS_NO_CHANCE = 0.15;
    private static final int FEWEST_WINDOWS_HELD = 4;
    private static final int MOST_WINDOWS_HELD = 32;
    private static final int WINDOWS_PER_EXTRA_STEP = 8;
    private static final double LATENCY_SHARE_OF_NEWEST = 0.2;
    private static final long SHORTEST_WINDOW = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_WINDOW = Duration.ofSeconds(2).toNanos();
    private static final long REST_UNSAID = Duration.ofMillis(250).toNanos();
    private static final long LONGEST_REST = Duration.ofMinutes(2).toNanos();
    private static final long LONGEST_ALONE = Duration.ofSeconds(2).toNanos();

    private double limit = START;
    private int bound = 1;
    private int inFlight;
    private final PriorityQueue<Long> restingUntil = new PriorityQueue<>((a, b) -> Long.signum(a - b));
    private @Nullable Long pausedUntil;
    private @Nullable Long aloneUntil;
    private boolean known;
    private @Nullable Long lastServed;
    private long latency = Duration.ofMillis(250).toNanos();

    private boolean doubling = true;
    private @Nullable Long windowStart;
    private int served;
    private int turnedAway;
    private int levelTurnedAway;
    private int levelTurnedAwayBefore;
    private int levelServed;
    private int levelServedBefore;
    private boolean saturated;
    private int cleanWindows;
    private int windowsHeld = FEWEST_WINDOWS_HELD;

    /// How far the limit may grow: the bound of the widest of the runs that call now.
    void boundedBy(int maxConnections) {
        bound = maxConnections;
    }

    /// Calls that may be in flight, at least 1.
    int limit() {
        return (int) Math.max(1, Math.min(limit, bound));
    }

    int inFlight() {
        return inFlight;
    }

    int resting() {
        return restingUntil.size();
    }

    /// Whether one more call may be sent now.
    boolean mayAdmit(long now) {
        wake(now);
        if (pausedUntil != null || aloneUntil != null) {
            return false;
        }
        boolean room = inFlight + restingUntil.size() < limit();
        saturated |= !room;
        return room;
    }

    /// When a place comes free without a call ending; 0 if none will.
    ///
    /// @return nanoseconds from now
    long untilWake(long now) {
        wake(now);
        if (pausedUntil != null) {
            return Math.max(1, pausedUntil - now);
        }
        if (aloneUntil != null) {
            return Math.max(1, aloneUntil - now);
        }
        Long first = restingUntil.peek();
        return first == null ? 0 : Math.max(1, first - now);
    }

    private void wake(long now) {
        for (Long first = restingUntil.peek(); first != null && first - now <= 0; first = restingUntil.peek()) {
            restingUntil.poll();
        }
        if (pausedUntil != null && pausedUntil - now <= 0) {
            pausedUntil = null;
        }
        if (aloneUntil != null && aloneUntil - now <= 0) {
            getToKnow();
        }
    }

    /// Whatever the first call brought, the others may go.
    private void getToKnow() {
        known = true;
        aloneUntil = null;
    }

    /// @return how many are in flight with it, to be given back when the call is over
    int admitted(long now) {
        inFlight++;
        if (!known && aloneUntil == null) {
            aloneUntil = now + LONGEST_ALONE;
        }
        if (windowStart == null) {
            windowStart = now;
        }
        if (inFlight >= limit()) {
            saturated = true;
        }
        return inFlight;
    }

    /// A call that was admitted, but not made or given up.
    void abandoned() {
        inFlight--;
        aloneUntil = null;
    }

    /// A call was answered, well or badly, but not turned away.
    ///
    /// @param level from [#admitted]
    void served(int level, long startedAt, long now) {
        inFlight--;
        getToKnow();
        levelServed = Math.max(levelServed, level);
        lastServed = now;
        latency += (long) (LATENCY_SHARE_OF_NEWEST * (now - startedAt - latency));
        if (inWindow(startedAt)) {
            served++;
        }
        endWindow(now);
    }

    /// A call failed in a way that says nothing about how many the server takes.
    void failed(long now) {
        inFlight--;
        getToKnow();
        endWindow(now);
    }

    /// A call was turned away with 429.
    ///
    /// @param level from [#admitted]
    void turnedAway(int level, long startedAt, long now, @Nullable Duration retryAfter) {
        inFlight--;
        getToKnow();
        long rest = retryAfter == null ? Math.max(REST_UNSAID, window()) : Math.min(retryAfter.toNanos(), LONGEST_REST);
        if (retryAfter != null && (lastServed == null || now - lastServed > window())) {
            long until = now + rest;
            if (pausedUntil == null || until - pausedUntil > 0) {
                pausedUntil = until;
            }
        } else {
            restingUntil.add(now + rest);
        }
        if (inWindow(startedAt)) {
            turnedAway++;
            levelTurnedAway = Math.max(levelTurnedAway, level);
        }
        endWindow(now);
    }

    /// The next call goes alone again: the server has turned somebody down in a way that it would turn down everybody.
    void beStrangers() {
        known = false;
        aloneUntil = null;
    }

    /// Starts carefully anew, after an outage.
    void restart() {
        limit = Math.min(limit, START / 4.0);
        doubling = true;
        cleanWindows = 0;
    }

    private long window() {
        return Math.clamp(latency, SHORTEST_WINDOW, LONGEST_WINDOW);
    }

    private boolean inWindow(long startedAt) {
        return windowStart != null && startedAt - windowStart >= 0;
    }

    private void endWindow(long now) {
        if (windowStart == null || now - windowStart < window()) {
            return;
        }
        boolean byLevel = levelTurnedAwayBefore > Math.max(levelServed, levelServedBefore);
        boolean byShare = turnedAway > CHANCE_REFUSALS + SHARE_THAT_IS_NO_CHANCE * (turnedAway + served + inFlight);
        boolean byChance = levelTurnedAwayBefore > 0 && !byLevel;
        levelTurnedAwayBefore = levelTurnedAway;
        if (byLevel || byShare) {
            decrease();
            levelTurnedAwayBefore = 0;
        } else if (saturated && served > 0 && (turnedAway == 0 || byChance)) {
            increase();
        }
        windowStart = now;
        served = 0;
        turnedAway = 0;
        levelTurnedAway = 0;
        saturated = false;
        levelServedBefore = levelServed;
        levelServed = 0;
    }

    private void decrease() {
        int accepted = served + inFlight;
        int before = limit();
        limit = Math.max(1, Math.clamp(accepted, limit() * STRONGEST_DECREASE, limit() * GENTLEST_DECREASE));
        boolean failedAtOnce = !doubling && cleanWindows > windowsHeld && cleanWindows <= windowsHeld + 3;
        windowsHeld = failedAtOnce ? Math.min(2 * windowsHeld, MOST_WINDOWS_HELD) : FEWEST_WINDOWS_HELD;
        doubling = false;
        cleanWindows = 0;
        // The places that are taken away now need not rest as well.
        for (int gone = before - limit(); gone > 0 && !restingUntil.isEmpty(); gone--) {
            restingUntil.poll();
        }
    }

    private void increase() {
        cleanWindows++;
        double grown = limit;
        if (doubling) {
            grown = limit * 2;
        } else if (cleanWindows > windowsHeld) {
            grown = limit + 1 + (cleanWindows - windowsHeld) / WINDOWS_PER_EXTRA_STEP;
        }
        // A narrower run does not undo what was learnt with a wider one.
        limit = Math.max(limit, Math.min(grown, bound));
    }
}
