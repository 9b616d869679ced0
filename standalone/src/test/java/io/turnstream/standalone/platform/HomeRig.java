package io.turnstream.standalone.platform;

import io.turnstream.standalone.cli.ExitCode;
import io.turnstream.standalone.cli.Interrupts;
import io.turnstream.standalone.cli.Surroundings;
import io.turnstream.standalone.cli.Turnstream;
import io.turnstream.standalone.render.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Runs command lines on homes with their real parts, in this JVM. Only the REST API is missing.
final class HomeRig {

    /// What a command left behind.
    record Done(int code, String out, String err) {}

    final MachinePlatforms platforms;
    final Map<String, String> environment = new HashMap<>();
    private final Path folder;

    /// @param folder the working directory
    HomeRig(Path folder) {
        this.folder = folder;
        this.platforms = new HomeUnderTest(folder).platforms();
    }

    /// Runs a command and expects it to succeed.
    Done done(String... arguments) {
        Done done = run(arguments);
        if (done.code() != ExitCode.DONE.code()) {
            throw new AssertionError(
                    String.join(" ", arguments) + " ended with " + done.code() + ":\n" + done.out() + done.err());
        }
        return done;
    }

    Done run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Interrupts interrupts = new Interrupts() {
            @Override
            public boolean interrupted() {
                return false;
            }

            @Override
            public void pause(long millis) {
                LockSupport.parkNanos(millis * 1_000_000);
            }
        };
        Terminal terminal = Terminal.plain(120, true);
        Surroundings around = new Surroundings(environment, folder, new PrintWriter(out, true),
                new PrintWriter(err, true), terminal, terminal,
                Clock.systemUTC(), platforms, interrupts);
        int code = new Turnstream(around, "0.1.0").run(arguments);
        return new Done(code, out.toString(), err.toString());
    }
}
