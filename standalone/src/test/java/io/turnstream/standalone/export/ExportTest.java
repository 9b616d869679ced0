package io.turnstream.standalone.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.projection.document.AnswerFacts;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.DialogueSubject;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.document.ScoredStep.Contribution;
import io.turnstream.standalone.cli.SampleReports;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportTest {

    private static final String RUN = "01JD0000000000000000000001";
    private static final DialogueSubject SUBJECT = new DialogueSubject(RUN, RUN + "/type_a/1/unimodal/unsafe/v0/e1",
            "type_a", 1, "unimodal", "unsafe", 0, 1, "Drugs", "f0");

    private static AnswerFacts answer(String text, String reading, String explanation) {
        Instant then = Instant.parse("2026-03-01T12:00:00Z");
        Parameters parameters = new Parameters(0.1, 64, null);
        return new AnswerFacts(text, null, reading, explanation, "stop", "served-1", null, parameters, parameters,
                new AnswerFacts.Tokens(10, 2, 0), 5L,
                List.of(new AnswerFacts.AttemptFacts("ok", 200, then, 1, 0)), "d", null, "w", then, then);
    }

    private static SampleReports reports() {
        Dialogue dialogue = new Dialogue(SUBJECT, 9,
                new Dialogue.Plan(0, "openai/x", "openai/j", "js-1", "d", List.of("a"), List.of(), null, null, null),
                List.of(new Dialogue.Step("r1", "turn", 1, "e1", "q1", 1, "answered", "Hello, \"you\"", null,
                        answer("two\nlines", null, null)),
                        new Dialogue.Step("mcq-0", "mcq", 2, "e2", "q2", 1, "answered", "Which?", "B",
                                answer("B", "B", null))),
                List.of(new Dialogue.Judgement("js-1", "openai/j", 3, "e3", "q3", 1, "judged", 4,
                        answer("{}", "4", "fine"))),
                null);
        ScoredStep mcq = new ScoredStep(SUBJECT.dialogueId() + "#mcq-0", 2, SUBJECT, "mcq-0", "mcq", null, "answered",
                new Contribution(true, 1),
                new Contribution(true, 0), 1, 10, 2, 5L);
        ScoredStep verdict = new ScoredStep(SUBJECT.dialogueId() + "#judge:js-1", 3, SUBJECT, "judge", "judge", "js-1",
                "judged",
                new Contribution(true, 4), new Contribution(true, 4), 1, 10, 2, 5L);
        return new SampleReports(RUN, List.of(mcq, verdict), List.of(dialogue));
    }

    @Test
    void csv_has_a_line_per_step_with_texts_readings_and_both_scorings() throws IOException {
        StringWriter out = new StringWriter();

        new CsvExport(reports(), false).write(RUN, out);

        List<String> records = Arrays.asList(out.toString().split("\r\n"));
        assertThat(records).hasSize(4);
        assertThat(records.getFirst()).isEqualTo(String.join(",", CsvExport.COLUMNS));
        assertThat(records.get(1)).contains(
                "r1,turn,,1,answered,\"Hello, \"\"you\"\"\",\"two\nlines\",,,,,,,,,openai/x,served-1,stop,0.1,64,1,10,2,5,");
        assertThat(records.get(2)).contains("mcq-0,mcq,,1,answered,Which?,B,B,B,,,true,1,true,0,openai/x,");
        assertThat(records.get(3)).contains("judge,judge,js-1,1,judged,,{},4,,4,fine,true,4,true,4,openai/j,");
        assertThat(records.get(1)).as("requested parameters, data set, protocol, guardrail, code, who, start, end")
                .endsWith(",0.1,64,," + "d".repeat(64) + ",,0.1.0,somebody,2026-03-01T12:00:00Z,2026-03-01T12:00:00Z");
    }

    @Test
    void json_holds_report_rows_and_dialogues_in_one_document() throws IOException {
        StringWriter out = new StringWriter();

        new JsonExport(reports(), false).write(RUN, out);

        JsonNode document = new ObjectMapper().readTree(out.toString());
        assertThat(document.path("formatVersion").asInt()).isEqualTo(1);
        assertThat(document.at("/run/id").asText()).isEqualTo(RUN);
        assertThat(document.path("rows")).hasSize(2);
        assertThat(document.at("/dialogues/0/steps/0/answer/text").asText()).isEqualTo("two\nlines");
        assertThat(document.at("/dialogues/0/judgements/0/score").asInt()).isEqualTo(4);
        assertThat(document.path("rejections")).isEmpty();
    }

    /// Read by somebody else's program, and turned back by the rule that docs/cli.md gives.
    @Test
    void csv_holds_nothing_that_a_spreadsheet_computes_and_gives_every_text_back() throws IOException {
        for (String text : List.of("=HYPERLINK(\"http://x\")", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
                "\uff1d1+1", "'quoted'", "plain", "a=b", "''")) {
            StringWriter out = new StringWriter();
            new CsvExport(saying(text), false).write(RUN, out);

            List<String> cells = cells(out.toString(), 1);
            String answer = cells.get(CsvExport.COLUMNS.indexOf("answer"));
            assertThat(answer.substring(0, 1)).as(text).doesNotContainPattern("[=+@\t\r\n\uff1d-]");
            assertThat(answer.startsWith("'") ? answer.substring(1) : answer).isEqualTo(text);
            assertThat(cells.get(CsvExport.COLUMNS.indexOf("temperature"))).as("a number stays one").isEqualTo("0.1");
        }
    }

    @Test
    void what_is_redacted_holds_no_prompt_answer_explanation_or_word_of_the_provider() throws IOException {
        StringWriter csv = new StringWriter();
        StringWriter json = new StringWriter();

        new CsvExport(saying("how to sharpen a knife"), true).write(RUN, csv);
        new JsonExport(saying("how to sharpen a knife"), true).write(RUN, json);

        assertThat(csv.toString()).doesNotContain("knife").contains(",r1,turn,,1,answered,,,B,");
        assertThat(json.toString()).doesNotContain("knife");
        JsonNode document = new ObjectMapper().readTree(json.toString());
        assertThat(document.at("/dialogues/0/steps/0/answer/text").isNull()).isTrue();
        assertThat(document.at("/dialogues/0/steps/0/outcome").asText()).isEqualTo("answered");
        assertThat(document.at("/dialogues/0/plan/userTurns/0").isNull()).isTrue();
        assertThat(document.at("/dialogues/0/steps/0/answer/finishReason").isNull()).isTrue();
        assertThat(document.path("rows")).isEqualTo(new ObjectMapper().readTree(written(saying("x"))).path("rows"));
    }

    @Test
    void a_rejection_of_an_earlier_version_that_quotes_more_than_a_name_is_withheld() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode named = json.readTree("{\"row\": 1, \"problem\": \"the image 'images/1.png' is empty\"}");
        assertThat(Redaction.ofRejection(named.deepCopy())).isEqualTo(named);
        assertThat(Redaction
                .ofRejection(
                        json.readTree("{\"row\": 1, \"problem\": \"the image 'how to sharpen a knife' is empty\"}"))
                .toString())
                .isEqualTo("{\"row\":1,\"problem\":null}");
    }

    private static String written(SampleReports reports) throws IOException {
        StringWriter out = new StringWriter();
        new JsonExport(reports, false).write(RUN, out);
        return out.toString();
    }

    /// A run in which every text is this one.
    private static SampleReports saying(String text) {
        AnswerFacts said = answer(text, "B", text);
        // an earlier version took over whatever a provider gave for a name
        AnswerFacts failed = new AnswerFacts(text, text, "B", text, text, text, text, said.requested(),
                said.effective(), said.tokens(), 5L,
                said.attempts(), "d", text, "w", said.startedAt(), said.endedAt());
        Dialogue dialogue = new Dialogue(SUBJECT, 9,
                new Dialogue.Plan(0, "openai/x", "openai/j", "js-1", "d", List.of(text),
                        List.of(new Dialogue.PlannedQuestion("mcq-0", "mcq", text, text, List.of(text, text), "B")),
                        text, null, null),
                List.of(new Dialogue.Step("r1", "turn", 1, "e1", "q1", 1, "answered", text, null, failed)),
                List.of(new Dialogue.Judgement("js-1", "openai/j", 3, "e3", "q3", 1, "judged", 4, failed)), null);
        return new SampleReports(RUN, List.of(), List.of(dialogue));
    }

    /// The cells of a record, by the rules of RFC 4180.
    private static List<String> cells(String csv, int record) {
        List<List<String>> records = new ArrayList<>(List.of(new ArrayList<>()));
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (c == '"' && quoted && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                cell.append(csv.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted || c != ',' && c != '\r') {
                cell.append(c);
            } else {
                records.getLast().add(cell.toString());
                cell.setLength(0);
                if (c == '\r') {
                    records.add(new ArrayList<>());
                    i++;
                }
            }
        }
        return records.get(record);
    }
}
