package io.turnstream.standalone.export;

import io.turnstream.projection.report.ReportJson;
import io.turnstream.projection.report.Reports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A run as one JSON document, one element of each list per line:
/// `{"formatVersion": 1, "run": {..}, "rejections": [..], "rows": [..], "dialogues": [..]}`.
public final class JsonExport {

    private final Reports reports;

    public JsonExport(Reports reports) {
        this.reports = reports;
    }

    /// @param runId full id
    public void write(String runId, Writer out) throws IOException {
        out.write("{\"formatVersion\": 1,\n\"run\": ");
        out.write(reports.run(runId).map(ReportJson::line).orElse("null"));
        list("rejections", (id, sink) -> reports.rejections(id).forEach(sink), runId, out);
        list("rows", reports::rows, runId, out);
        list("dialogues", reports::dialogues, runId, out);
        out.write("\n}\n");
    }

    private static <T> void list(String name, BiConsumer<String, Consumer<T>> source, String runId, Writer out) throws IOException {
        out.write(",\n\"" + name + "\": [");
        String[] separator = {"\n"};
        source.accept(runId, (Consumer<T>) element -> {
            try {
                out.write(separator[0]);
                out.write(ReportJson.line(element));
                separator[0] = ",\n";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        out.write("]");
    }
}
