package io.turnstream.standalone.cli;

import io.turnstream.embedded.CannotStartException;
import io.turnstream.messaging.DamagedRecord;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// What is said when the platform of this process cannot go on in the middle of its work: the disk is full, a file of
/// the log is damaged. The process then ends at once, as if it had been killed, since nothing could be closed cleanly;
/// a home can take that at any time.
public final class LastWords implements Consumer<CannotStartException> {

    private static final Logger LOG = Logger.getLogger(LastWords.class);

    private final PrintWriter err;
    private final AtomicBoolean said = new AtomicBoolean();

    public LastWords(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void accept(CannotStartException why) {
        if (said.compareAndSet(false, true)) {
            err.println();
            err.println("turnstream: " + why.getMessage());
            err.println(
                    "What is recorded is kept. Then 'turnstream list' names what stands still, and 'turnstream eval --resume RUN' goes on.");
            err.flush();
            Runtime.getRuntime().halt(ExitCode.INCOMPLETE.code());
        }
    }

    /// What a thread ends of is for the log, unless it is a log that cannot be read: whoever follows it would try for
    /// ever.
    public void uncaught(Thread thread, Throwable failure) {
        LOG.errorf(failure, "thread %s has ended", thread.getName());
        DamagedRecord.in(failure).ifPresent(damaged -> accept(unreadable(damaged, failure)));
    }

    /// What a record that cannot be read means to people.
    static CannotStartException unreadable(DamagedRecord damaged, Throwable cause) {
        return new CannotStartException("A record of the log cannot be read: " + damaged.problem(),
                damaged.partition().toString(),
                "Put back the folder of that name, under the home's kafka folder, from a copy; 'turnstream verify RUN' names the place.",
                cause);
    }
}
