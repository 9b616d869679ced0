package io.turnstream.standalone.platform;

import io.turnstream.embedded.CannotStartException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// Looks after the parts of the platform of this process, as an orchestrator does in a deployment. A part that has
/// stopped and is not back after some looks is told to `lost`, which ends the process: whoever waits for a run would
/// wait for ever. Nothing is lost by that, since a home can be left at any moment.
final class PlatformWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PlatformWatch.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    /// A part may replace what has failed in it by itself.
    private static final int LOOKS = 6;
    private static final String REMEDY = "The home's logs folder says more; what it was doing is in the log and begun anew after a restart.";

    private final List<VitalPart> parts;
    private final Consumer<CannotStartException> lost;
    private final Map<String, Integer> looksInTrouble = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    PlatformWatch(List<VitalPart> parts, Consumer<CannotStartException> lost) {
        this.parts = List.copyOf(parts);
        this.lost = lost;
    }

    /// Begins to look.
    PlatformWatch start() {
        Thread.ofPlatform().name("platform-watch").daemon().start(this::watch);
        return this;
    }

    private void watch() {
        try {
            while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (look()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the watch was ended");
        }
    }

    /// Looks at every part once.
    ///
    /// @return whether one is lost, which has been told then
    boolean look() {
        for (VitalPart part : parts) {
            Optional<String> trouble = trouble(part);
            int looks = trouble.isEmpty() ? 0 : looksInTrouble.getOrDefault(part.name(), 0) + 1;
            looksInTrouble.put(part.name(), looks);
            if (looks == 1) {
                LOG.warnf("%s: %s", part.name(), trouble.get());
            }
            if (looks >= LOOKS) {
                lost.accept(new CannotStartException("A part of the platform does not go on: " + trouble.get(),
                        "the " + part.name(), REMEDY));
                return true;
            }
        }
        return false;
    }

    /// Whoever cannot be asked is in trouble, and the others are looked at all the same.
    private static Optional<String> trouble(VitalPart part) {
        try {
            return part.trouble().get();
        } catch (RuntimeException e) {
            return Optional.of("its health cannot be told (" + e + ")");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
