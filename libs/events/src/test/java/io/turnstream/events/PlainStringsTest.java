package io.turnstream.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.Text;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/// `--redact` withholds what stands in a [Text], and leaves each plain string. So of each there must be a reason why it
/// holds no prompt, no answer, no word of a provider and no text of a data set. Whoever adds a plain string finds a
/// reason here, or makes it a [Text].
class PlainStringsTest {

    /// Why a plain string holds none of these.
    private enum Reason {
        /// The platform makes it: an id, a digest, a root, a signature, a number in words, a name from a list.
        MADE_HERE,
        /// A line of ours: what was found, without what somebody else said. A provider's words stand in
        /// `providerMessage` beside it.
        OUR_WORDS,
        /// Who runs the platform wrote it: names of providers, models, files, people, expectations, the protocol's
        /// pack.
        OPERATOR,
        /// A parser's reading: one of a handful of values.
        READING,
        /// Foreign, and admitted only where [ForeignNames] takes it for a name; the workers' `ServedNames` and the
        /// loader see to it.
        NAME,
        /// A label from the data set that `--redact` keeps, as docs/auditing.md says.
        LABEL,
        /// The text itself, which is withheld.
        WITHHELD
    }

    private static final Map<Reason, Set<String>> BY_REASON = Map.of(
            Reason.MADE_HERE,
            Set.of("Answer.promptDigest", "Answer.worker", "AskJudge.protocolDigest", "AskLease.lane",
                    "AskLease.leaseId", "AskLease.worker",
                    "AskModel.imageMediaType", "AskModel.imageSha256", "AskModel.protocolDigest", "Attempt.cause",
                    "DialogueFinished.judgementLeaves",
                    "DialogueFinished.leaves", "DialoguePlan.imageMediaType", "DialoguePlan.imageSha256",
                    "DialoguePlan.protocolDigest",
                    "EventMeta.causeDigest", "EventMeta.causeId", "EventMeta.eventId", "JudgementFinished.leaves",
                    "JudgementSetOpened.codeVersion",
                    "JudgementSetRequested.codeVersion", "JudgementSpec.captionsDigest", "JudgementSpec.protocolDigest",
                    "LeaseGranted.lane",
                    "LeaseGranted.leaseId", "LeaseGranted.worker", "LeaseUse.leaseId", "ProtocolPackPublished.digest",
                    "RunAccount.formerRoot", "RunAccount.planDigest", "RunAccount.rejectedDigest", "RunAccount.runRoot",
                    "RunAccount.stateDigest",
                    "RunAccount.verdictsRoot", "RunPlanned.captionsDigest", "RunPlanned.datasetDigest",
                    "RunRequested.codeVersion",
                    "RunRequested.expectDigest", "RunRequested.protocolDigest", "RunSealed.publicKey", "RunSealed.root",
                    "RunSealed.sealId",
                    "RunSealed.signature", "RunSealed.supersedes", "ScoreCell.cellId", "ScoreRow.rowId", "Step.name",
                    "Subject.imageCluster",
                    "Text.commitment", "TranscriptReplayed.leaves"),
            Reason.OUR_WORDS,
            Set.of("Answer.error", "JudgementSetRefused.reason", "JudgementSetStateChanged.reason",
                    "PlanningFailed.problem",
                    "PlanningFailed.remedy", "RequestDeferred.detail", "RowRejected.expected", "RowRejected.field",
                    "RowRejected.problem",
                    "RowRejected.remedy", "RunControl.reason", "RunFaultReported.detail", "RunStateChanged.reason",
                    "TranscriptsReplayed.note",
                    "TranscriptsReplayed.problem"),
            Reason.OPERATOR,
            Set.of("AskLease.group", "FileEntry.path", "JudgementSetCommanded.reason",
                    "JudgementSetCommanded.requestedBy",
                    "JudgementSetOpened.dialogueIds", "JudgementSetOpened.requestedBy",
                    "JudgementSetRequested.dialogueIds",
                    "JudgementSetRequested.requestedBy", "JudgementSpec.protocolName", "LeaseGranted.group",
                    "ModelTarget.model", "ModelTarget.provider",
                    "PlanningFailed.where", "ProtocolPackPublished.name", "QuotaScope.name", "RowRejected.file",
                    "RunCommanded.reason", "RunCommanded.requestedBy", "RunRequested.captions",
                    "RunRequested.categories", "RunRequested.dataset",
                    "RunRequested.expectations", "RunRequested.guardrail", "RunRequested.protocolName",
                    "RunRequested.requestedBy", "RunRequested.tags"),
            Reason.READING, Set.of("Answer.reading", "Question.groundTruth", "StepSettled.groundTruth"),
            Reason.NAME,
            Set.of("Answer.finishReason", "Answer.servedModel", "Answer.systemFingerprint", "Question.questionType"),
            Reason.LABEL, Set.of("PlannedCell.category", "ScoreCell.category", "Subject.category"),
            Reason.WITHHELD, Set.of("Text.text"));

    /// Made here wherever they stand.
    private static final Set<String> IDS = Set.of("dialogueId", "judgementSetId", "requestId", "runId");

    @Test
    void every_plain_string_of_every_event_has_a_reason_to_hold_no_text_of_others() {
        Map<String, Schema> records = new TreeMap<>();
        EventTypes.schemas().forEach(schema -> collect(schema, records));
        Set<String> plain = new TreeSet<>();
        records.forEach((name, record) -> record.getFields().stream()
                .filter(field -> isString(field.schema()) && !IDS.contains(field.name()))
                .forEach(field -> plain.add(name + '.' + field.name())));

        Set<String> known = new TreeSet<>();
        BY_REASON.values().forEach(fields -> fields
                .forEach(field -> assertThat(known.add(field)).as("%s has one reason", field).isTrue()));
        assertThat(plain).as("plain strings of events, and why each may be one")
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void what_could_be_a_text_is_no_name() {
        assertThat(ForeignNames.isName("hf.co/unsloth/Qwen2.5-VL-7B:Q4_K_M")).isTrue();
        for (String text : new String[] {"", "two words", "a\nb", "\"quoted\"", "it's", "ножи", "k".repeat(129), "a,b",
                "a(b)", "<b>"}) {
            assertThat(ForeignNames.isName(text)).as(text).isFalse();
        }
        assertThat(ForeignNames.quotesNamesAlone("the image 'images/1.png' cannot be used: there is no such file"))
                .isTrue();
        assertThat(ForeignNames.quotesNamesAlone("the image '' is empty")).isTrue();
        assertThat(ForeignNames.quotesNamesAlone("the image 'how to sharpen a knife' is empty")).isFalse();
    }

    private static void collect(Schema schema, Map<String, Schema> records) {
        switch (schema.getType()) {
            case RECORD -> {
                if (records.put(schema.getName(), schema) == null) {
                    schema.getFields().forEach(field -> collect(field.schema(), records));
                }
            }
            case ARRAY -> collect(schema.getElementType(), records);
            case MAP -> collect(schema.getValueType(), records);
            case UNION -> schema.getTypes().forEach(type -> collect(type, records));
            default -> {
                /* holds no record */ }
        }
    }

    private static boolean isString(Schema schema) {
        return switch (schema.getType()) {
            case STRING -> true;
            case ARRAY -> isString(schema.getElementType());
            case MAP -> isString(schema.getValueType());
            case UNION -> schema.getTypes().stream().anyMatch(PlainStringsTest::isString);
            default -> false;
        };
    }
}
