package io.turnstream.standalone;

import io.quarkus.runtime.annotations.QuarkusMain;
import io.turnstream.events.ProcessLocale;
import io.turnstream.standalone.cli.ExitCode;
import io.turnstream.standalone.cli.GuestWatch;
import io.turnstream.standalone.cli.LastWords;
import io.turnstream.standalone.cli.SignalInterrupts;
import io.turnstream.standalone.cli.Surroundings;
import io.turnstream.standalone.cli.Turnstream;
import io.turnstream.standalone.home.ScratchFolder;
import io.turnstream.standalone.platform.MachinePlatforms;
import io.turnstream.standalone.render.HarmlessWriter;
import io.turnstream.standalone.render.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/// Where `turnstream` starts. The command line is read before anything else does: wrong usage and `--help` start no
/// service.
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... arguments) {
        ProcessLocale.fix();
        ScratchFolder.given().ifPresent(ScratchFolder::claim);
        Charset charset = System.out.charset();
        PrintWriter out = shown(1, FileDescriptor.out, charset, false);
        PrintWriter err = shown(2, FileDescriptor.err, charset, true);
        // whatever a library prints is no result
        System.setOut(System.err);
        String version = version();
        LastWords lastWords = new LastWords(err);
        Thread.setDefaultUncaughtExceptionHandler(lastWords::uncaught);
        AtomicReference<Surroundings> around = new AtomicReference<>();
        MachinePlatforms platforms = new MachinePlatforms(version,
                (reached, guests) -> GuestWatch.stay(around.get(), reached, guests), lastWords,
                remark -> err.println("turnstream: " + remark));
        int code;
        try {
            around.set(
                    Surroundings.ofProcess(System.getenv(), Path.of("").toAbsolutePath(), out, err, charset, platforms,
                            SignalInterrupts.listening()));
            code = new Turnstream(around.get(), version).run(arguments);
        } catch (io.turnstream.standalone.cli.UsageException e) {
            err.println("turnstream: " + e.getMessage());
            code = ExitCode.WRONG_INPUT.code();
        }
        out.flush();
        err.flush();
        System.exit(code);
    }

    /// A person's terminal gets nothing that it would act on; a file or a pipe gets every character as it is.
    private static PrintWriter shown(int descriptor, FileDescriptor file, Charset charset, boolean autoFlush) {
        Writer writer = new OutputStreamWriter(new FileOutputStream(file), charset);
        return Terminal.isTerminal(descriptor)
                ? new HarmlessWriter(writer, autoFlush)
                : new PrintWriter(writer, autoFlush);
    }

    private static String version() {
        try (InputStream in = Main.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
