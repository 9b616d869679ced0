package io.turnstream.performance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {

    private final StringWriter errors = new StringWriter();
    private final CommandLine line = BenchCommand
            .commandLine(new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC())
            .setErr(new PrintWriter(errors, true));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--against HEAD full start          | --against cannot compare full, only overhead, efficiency, start",
            "--against no-such-revision start   | there is no revision 'no-such-revision'",
            "nothing                            | there is no benchmark nothing, only overhead",
            "--runs 0                           | --runs must be 1 or more, not 0",
    })
    void what_cannot_be_measured_is_refused_before_anything_starts(String arguments, String message) {
        assertThat(line.execute(arguments.strip().split(" +"))).isEqualTo(2);
        assertThat(errors.toString()).contains(message);
    }

    @Test
    void help_tells_of_comparing() {
        assertThat(line.getUsageMessage()).contains("--against=REF").contains("overhead, efficiency and start");
    }
}
