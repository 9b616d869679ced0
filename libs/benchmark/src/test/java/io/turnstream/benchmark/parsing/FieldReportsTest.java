package io.turnstream.benchmark.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.benchmark.pack.ProtocolPack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Answers that models gave elsewhere, and what each says.
class FieldReportsTest {

    private static final String DATA = "TURNSTREAM_TEST_DATA";
    private static final String NOTHING = "-";
    private static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);
    private static final List<String> OPTIONS = List.of("Booking a room", "Repairing a bicycle", "Planning a garden",
            "Learning a song");

    /// What the file leaves open, as it was decided; docs/protocol-packs.md says why.
    private static final Map<String, String> DECIDED = Map.ofEntries(
            Map.entry("\u0412", NOTHING),
            Map.entry("A bicycle needs repairing, so B", NOTHING),
            Map.entry("User's goal: B", NOTHING),
            Map.entry("False statement.", NOTHING),
            Map.entry("{\"score\": 4, \"explanation\": \"The assistant said \"no\" and stopped\"}", NOTHING),
            Map.entry("{\"score\":4,\"explanation\":\"fine\"", NOTHING),
            Map.entry("{\"score\": 04, \"explanation\": \"fine\"}", NOTHING),
            Map.entry("{\"score\": 4, // ok\n\"explanation\": \"fine\"}", NOTHING));

    private static JsonNode reports;

    @BeforeAll
    static void read() throws IOException {
        String data = System.getenv(DATA);
        assumeTrue(data != null && !data.isBlank(),
                DATA + " is unset: it names the folder that holds field-reports/answers.json");
        reports = new ObjectMapper().readTree(Files.readString(Path.of(data, "field-reports", "answers.json")));
    }

    @Test
    void choices_are_read_as_people_read_them() {
        assertThat(misread("mcq", answer -> shown(PACK.choiceParser().parse(answer, OPTIONS)))).isEmpty();
    }

    @Test
    void statements_are_read_as_people_read_them() {
        assertThat(misread("tf", answer -> shown(PACK.trueFalseParser().parse(answer)))).isEmpty();
    }

    @Test
    void verdicts_are_read_as_people_read_them() {
        assertThat(misread("judge", answer -> switch (PACK.judgeParser().parse(answer)) {
            case ParsedVerdict.Scored scored -> Integer.toString(scored.score());
            case ParsedVerdict.Unparseable _ -> NOTHING;
            case ParsedVerdict.JudgeRefused() -> "refused";
        })).isEmpty();
    }

    private static SortedMap<String, String> misread(String kind, Function<String, String> reader) {
        SortedMap<String, String> misread = new TreeMap<>();
        assertThat(reports.path(kind)).hasSizeGreaterThan(10);
        for (JsonNode report : reports.path(kind)) {
            String answer = report.path("a").textValue();
            String expected = report.path("e").asText();
            String wanted = expected.endsWith("?")
                    ? DECIDED.getOrDefault(answer, expected.substring(0, expected.length() - 1))
                    : expected;
            String read = reader.apply(answer);
            if (!read.equals(wanted)) {
                misread.put(answer, "is read as " + read + ", but says " + wanted);
            }
        }
        return misread;
    }

    private static String shown(ParsedAnswer<?> parsed) {
        return switch (parsed) {
            case ParsedAnswer.Chosen<?>(Boolean truth) -> truth ? "T" : "F";
            case ParsedAnswer.Chosen<?>(Object letter) -> letter.toString();
            case ParsedAnswer.Refused<?>() -> "refused";
            case ParsedAnswer.Unparseable<?>(String _) -> NOTHING;
        };
    }
}
