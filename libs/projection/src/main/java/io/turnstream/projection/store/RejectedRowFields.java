package io.turnstream.projection.store;

import io.turnstream.contracts.RowRejected;
import io.turnstream.events.EventDigests;
import io.turnstream.projection.document.RejectedRow;
import org.bson.Document;

/// A rejected row, to and from a document. Its id says where it stands and what is wrong, so that a loader's repetition
/// is no second one.
final class RejectedRowFields {

    private RejectedRowFields() {}

    static Document of(RowRejected row) {
        Document document = Fields.of("runId", row.getRunId())
                .with("file", row.getFile())
                .with("split", row.getSplit())
                .with("row", row.getRow())
                .with("rowId", row.getRowId())
                .with("field", row.getField())
                .with("problem", row.getProblem())
                .with("expected", row.getExpected())
                .with("remedy", row.getRemedy())
                .with("warning", row.getWarning())
                .document();
        return document.append("_id",
                row.getRunId() + '/' + EventDigests.sha256Hex(document.toJson()).substring(0, 16));
    }

    static RejectedRow read(Document document) {
        return new RejectedRow(Fields.text(document, "runId"), Fields.text(document, "file"),
                document.getString("split"),
                Fields.wholeOrNull(document, "row"), Fields.integerOrNull(document, "rowId"),
                document.getString("field"),
                Fields.text(document, "problem"), Fields.text(document, "expected"), Fields.text(document, "remedy"),
                Fields.flag(document, "warning"));
    }
}
