package io.turnstream.standalone.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.Reports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A run as one JSON document, one element of each list per line:
/// `{"formatVersion": 1, "run": {..}, "rejections": [..], "rows": [..], "dialogues": [..]}`.
public final class JsonExport {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Reports reports;
    private final boolean redact;

    /// @param redact whether texts are withheld
    public JsonExport(Reports reports, boolean redact) {
        this.reports = reports;
        this.redact = redact;
    }

    /// @param runId full id
    public void write(String runId, Writer out) throws IOException {
        out.write("{\"formatVersion\": 1,\n\"run\": ");
        out.write(reports.run(runId).map(run -> line(run, Redaction::ofReport)).orElse("null"));
        list("rejections", (id, sink) -> reports.rejections(id).forEach(sink), Redaction::ofRejection, runId, out);
        list("rows", reports::rows, UnaryOperator.identity(), runId, out);
        list("dialogues", reports::dialogues, Redaction::ofDialogue, runId, out);
        out.write("\n}\n");
    }

    private String line(Object value, UnaryOperator<JsonNode> redaction) {
        String line = ReportJson.line(value);
        if (!redact) {
            return line;
        }
        try {
            return redaction.apply(JSON.readTree(line)).toString();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> void list(
            String name, BiConsumer<String, Consumer<T>> source, UnaryOperator<JsonNode> redaction, String runId,
            Writer out) throws IOException {
        out.write(",\n\"" + name + "\": [");
        String[] separator = {"\n"};
        source.accept(runId, (Consumer<T>) element -> {
            try {
                out.write(separator[0]);
                out.write(line(element, redaction));
                separator[0] = ",\n";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        out.write("]");
    }
}
