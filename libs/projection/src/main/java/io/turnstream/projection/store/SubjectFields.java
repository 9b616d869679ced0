package io.turnstream.projection.store;

import io.turnstream.contracts.Subject;
import io.turnstream.projection.document.DialogueSubject;
import org.bson.Document;

/// The subject of a dialogue, to and from a document.
final class SubjectFields {

    private SubjectFields() {}

    static Document of(Subject subject) {
        return Fields.of("runId", subject.getRunId())
                .with("dialogueId", subject.getDialogueId())
                .with("split", subject.getSplit())
                .with("rowId", subject.getRowId())
                .with("modality", subject.getModality())
                .with("intent", subject.getIntent())
                .with("imageVariant", subject.getImageVariant())
                .with("epoch", subject.getEpoch())
                .with("category", subject.getCategory())
                .with("imageCluster", subject.getImageCluster())
                .document();
    }

    static DialogueSubject from(Document document) {
        return new DialogueSubject(Fields.text(document, "runId"), Fields.text(document, "dialogueId"),
                Fields.text(document, "split"),
                Fields.integer(document, "rowId"), Fields.text(document, "modality"), Fields.text(document, "intent"),
                Fields.integer(document, "imageVariant"), Fields.integer(document, "epoch"),
                Fields.text(document, "category"),
                Fields.text(document, "imageCluster"));
    }
}
