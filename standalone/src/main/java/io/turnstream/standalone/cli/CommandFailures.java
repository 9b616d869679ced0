package io.turnstream.standalone.cli;

import io.turnstream.audit.Difference;
import io.turnstream.audit.UnreadableRecordException;
import io.turnstream.audit.archive.RunIsHereException;
import io.turnstream.audit.archive.UnusableArchiveException;
import io.turnstream.benchmark.pack.InvalidProtocolException;
import io.turnstream.console.PlatformUnreachableException;
import io.turnstream.console.UnacceptableRunException;
import io.turnstream.embedded.CannotStartException;
import io.turnstream.embedded.DamagedLogException;
import io.turnstream.messaging.DamagedRecord;
import io.turnstream.projection.report.AmbiguousRunException;
import io.turnstream.providers.Redactor;
import io.turnstream.providers.prices.InvalidPricesException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what went wrong into one message for people, and into an exit code. Stack traces are for `--debug`.
final class CommandFailures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Redactor redactor;

    /// @param redactor knows the keys of this process, which no message may hold
    CommandFailures(Redactor redactor) {
        this.redactor = redactor;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        Throwable cause = e.getCause() instanceof UsageException usage ? usage : e;
        say(err, cause instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched) : sentence(cause));
        err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.WRONG_INPUT.code();
    }

    private static String unmatched(UnmatchedArgumentException e) {
        String argument = e.getUnmatched().getFirst();
        boolean option = e.isUnknownOption();
        boolean top = !e.getCommandLine().getSubcommands().isEmpty();
        String kind = option ? "unknown flag '" : top ? "unknown command '" : "unexpected argument '";
        List<String> candidates = option
                ? Spelling.flags(e.getCommandLine())
                : top ? Spelling.commands(e.getCommandLine()) : List.of();
        String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        return kind + name + "'"
                + Spelling.nearest(name, candidates).map(near -> ". Did you mean '" + near + "'?").orElse("");
    }

    private static String sentence(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return message.isEmpty() ? e.getClass().getSimpleName() : message;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        boolean debug = DebugFlag.isSet(parsed);
        int code = report(e, err, command.getCommand() instanceof VerifyCommand);
        if (debug) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            err.print(redactor.withoutKnown(trace.toString()));
        }
        err.flush();
        return code;
    }

    /// @param checking whether the command was to find out if all is as it was
    private int report(Exception e, PrintWriter err, boolean checking) {
        return switch (e) {
            case UsageException usage -> say(err, usage, ExitCode.WRONG_INPUT);
            case UnacceptableRunException refused -> say(err, refused, ExitCode.WRONG_INPUT);
            case InvalidPricesException invalid -> say(err, invalid, ExitCode.WRONG_INPUT);
            case InvalidProtocolException invalid -> say(err, invalid, ExitCode.WRONG_INPUT);
            case AmbiguousRunException ambiguous -> say(err, ambiguous, ExitCode.WRONG_INPUT);
            case DamagedLogException damaged when checking -> say(err, damaged, ExitCode.CHECK_FAILED);
            case CannotStartException cannot -> say(err, cannot, ExitCode.WRONG_INPUT);
            case UnusableArchiveException unusable -> {
                say(err, unusable.getMessage()
                        + ". Get the file again from whoever wrote it; nothing of it was taken.");
                yield ExitCode.WRONG_INPUT.code();
            }
            case RunIsHereException here -> {
                say(err, here.getMessage()
                        + ". Nothing was written; import it into another --home to lay them side by side.");
                yield ExitCode.WRONG_INPUT.code();
            }
            case UnreadableRecordException unreadable -> {
                say(err, unreadable.getMessage() + ". " + Difference.Kind.UNREADABLE.meaning() + " "
                        + Difference.Kind.UNREADABLE.remedy());
                yield ExitCode.CHECK_FAILED.code();
            }
            case PlatformUnreachableException unreachable -> say(err, unreachable, ExitCode.INCOMPLETE);
            default -> DamagedRecord.in(e)
                    .map(damaged -> say(err, LastWords.unreadable(damaged, e), ExitCode.CHECK_FAILED)).orElseGet(() -> {
                        say(err, "this should not happen: " + e.getClass().getSimpleName() + ": " + e.getMessage());
                        err.println(
                                "What is recorded is safe. Repeat with --debug for the details; the log is under the home's logs folder.");
                        return ExitCode.INCOMPLETE.code();
                    });
        };
    }

    private int say(PrintWriter err, Exception e, ExitCode code) {
        say(err, String.valueOf(e.getMessage()));
        return code.code();
    }

    private void say(PrintWriter err, String message) {
        err.println("turnstream: " + redactor.withoutKnown(message));
    }
}
