package io.turnstream.standalone.cli;

import picocli.CommandLine.ParseResult;

/// Whether `--debug` was given, at whatever level of the command line.
final class DebugFlag {

    private DebugFlag() {}

    static boolean isSet(ParseResult parsed) {
        for (ParseResult level = parsed; level != null; level = level.hasSubcommand() ? level.subcommand() : null) {
            if (level.commandSpec().findOption("--debug") != null
                    && Boolean.TRUE.equals(level.commandSpec().findOption("--debug").getValue())) {
                return true;
            }
        }
        return false;
    }
}
