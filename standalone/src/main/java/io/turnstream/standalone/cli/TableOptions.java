package io.turnstream.standalone.cli;

import io.turnstream.benchmark.Scoring;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/// Flags of commands that print results.
final class TableOptions {

    @Option(names = "--json", order = FlagGroup.OF_OUTPUT, description = "One JSON document on standard output and nothing else (see schemas/).")
    private boolean json;

    @Option(names = "--scoring", paramLabel = "corrected|reference", defaultValue = "corrected", order = FlagGroup.OF_OUTPUT
            + 1, description = {"corrected (default): strict parsers, every gap counted.",
                    "reference: as the published code scores, to lay beside published figures."})
    private String scoring = "corrected";

    @Option(names = "--by", paramLabel = "split|category", defaultValue = "split", order = FlagGroup.OF_OUTPUT
            + 2, description = "Rows of the table: split and modality (default), or safety scenario. With category, --json holds them, too.")
    private String by = "split";

    boolean json() {
        return json;
    }

    Scoring scoring() {
        return Choices.of("--scoring", scoring, List.of("corrected", "reference")).equals("reference")
                ? Scoring.REFERENCE
                : Scoring.CORRECTED;
    }

    boolean byCategory() {
        return Choices.of("--by", by.toLowerCase(Locale.ROOT), List.of("split", "category")).equals("category");
    }
}
