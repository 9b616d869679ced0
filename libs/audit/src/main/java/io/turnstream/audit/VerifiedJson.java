package io.turnstream.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What came of a verification as one JSON document, see `docs/auditing.md`.
public final class VerifiedJson {

    private VerifiedJson() {}

    /// @param proof of one dialogue; null where the whole run was checked, or nothing could be proven
    public static ObjectNode of(Verified verified, @Nullable DialogueProof proof) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("formatVersion", 1).put("verified", verified.holds());
        document.set("run", run(verified.run()));
        document.set("difference", verified.difference() == null ? null : difference(verified.difference()));
        ArrayNode seals = document.putArray("seals");
        verified.seals().forEach(seal -> seals.add(seal(seal)));
        ObjectNode checked = document.putObject("checked");
        verified.checked().forEach(checked::put);
        ObjectNode types = document.putObject("eventTypes");
        verified.types().forEach(types::put);
        ArrayNode unaccepted = document.putArray("unaccepted");
        for (UnacceptedAnswer answer : verified.unaccepted()) {
            at(unaccepted.addObject().put("requestId", answer.requestId()).put("eventId", answer.eventId())
                    .put("outcome", answer.outcome()),
                    answer.place());
        }
        ArrayNode notes = document.putArray("notes");
        verified.notes().forEach(notes::add);
        if (proof != null) {
            document.set("proof", proof(proof));
        }
        return document;
    }

    private static ObjectNode run(AuditedRun run) {
        return JsonNodeFactory.instance.objectNode().put("id", run.runId())
                .put("state", run.state().toLowerCase(Locale.ROOT))
                .put("model", run.model()).put("judge", run.judge()).put("requestedBy", run.requestedBy())
                .put("requestedAt", run.requestedAt() == null ? null : run.requestedAt().toString())
                .put("codeVersion", run.codeVersion())
                .put("protocolDigest", run.protocolDigest()).put("datasetDigest", run.datasetDigest())
                .put("expectDigest", run.expectDigest());
    }

    private static ObjectNode difference(Difference difference) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("kind", difference.kind().wireName());
        return at(node, difference.place()).put("problem", difference.problem()).put("expected", difference.expected())
                .put("found", difference.found()).put("meaning", difference.kind().meaning())
                .put("remedy", difference.kind().remedy());
    }

    private static ObjectNode seal(CheckedSeal seal) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("sealId", seal.sealId())
                .put("judgementSetId", seal.judgementSetId())
                .put("root", seal.root()).put("leaves", seal.leaves()).put("supersedes", seal.supersedes())
                .put("signedBy", seal.signedBy());
        ArrayNode covers = node.putArray("covers");
        seal.covers().words().forEach(covers::add);
        return at(node, seal.place());
    }

    private static ObjectNode proof(DialogueProof proof) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("dialogueId", proof.dialogueId())
                .put("sealId", proof.seal().sealId())
                .put("root", proof.seal().root()).put("leaves", proof.seal().leaves());
        ArrayNode proven = node.putArray("proven");
        for (DialogueProof.ProvenLeaf leaf : proof.leaves()) {
            ObjectNode one = at(proven.addObject().put("what", leaf.what()).put("sequence", leaf.sequence()),
                    leaf.place())
                    .put("digest", leaf.digest()).put("index", leaf.index());
            ArrayNode path = one.putArray("path");
            leaf.path().forEach(path::add);
        }
        return node;
    }

    private static ObjectNode at(ObjectNode node, Place place) {
        return node.put("topic", place.topic()).put("partition", place.partition()).put("offset", place.offset());
    }
}
