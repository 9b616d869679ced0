package io.turnstream.standalone.cli;

import io.turnstream.providers.Redactor;
import io.turnstream.standalone.render.Terminal;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// All that the commands know of the world around them.
///
/// @param environment variables, those of `.env` included
/// @param folder the working directory
/// @param out for results
/// @param err for progress and problems
/// @param screen what `out` goes to
/// @param status what `err` goes to
/// @param clock the time
/// @param platforms how platforms are reached
/// @param interrupts how Ctrl-C is heard
public record Surroundings(
        Map<String, String> environment, Path folder, PrintWriter out, PrintWriter err, Terminal screen,
        Terminal status, Clock clock,
        Platforms platforms, Interrupts interrupts) {

    private static final Pattern SECRET_NAME = Pattern.compile("(?i).*(KEY|TOKEN|SECRET|PASSWORD).*(?<!_FILE)");

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /// Those of this process; variables of `.env` in its folder included.
    ///
    /// @throws UsageException if a variable of ours in the `.env` file cannot be read
    public static Surroundings ofProcess(
            Map<String, String> environment, Path folder, PrintWriter out, PrintWriter err, Charset charset,
            Platforms platforms,
            Interrupts interrupts) {
        Map<String, String> all = DotEnv.over(environment, folder, warning -> err.println("turnstream: " + warning));
        return new Surroundings(all, folder, out, err, Terminal.of(1, all, charset), Terminal.of(2, all, charset),
                Clock.systemUTC(),
                platforms, interrupts);
    }

    /// Says that a platform is being started, where that takes a moment and none runs there.
    void announceStart(Place place) {
        if (!platforms.isRunning(place)) {
            say("Starting the platform in " + place.name() + " ...");
        }
    }

    /// Says that Ctrl-C was heard.
    void announcePause() {
        say(List.of("", "Pausing: calls under way may end. Press Ctrl-C again to stop at once."));
    }

    /// Tells the user now, beside the results.
    void say(String line) {
        say(List.of(line));
    }

    /// Several lines at once.
    void say(List<String> lines) {
        lines.forEach(err::println);
        err.flush();
    }

    /// Knows the keys among the variables, and takes them out of what people see.
    Redactor redactor() {
        return new Redactor(environment.entrySet().stream()
                .filter(variable -> SECRET_NAME.matcher(variable.getKey()).matches()).map(Map.Entry::getValue)
                .toList());
    }

    /// Without the variables: keys are among them.
    @Override
    public String toString() {
        return "Surroundings[" + folder + "]";
    }
}
