package io.turnstream.projection.store;

import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.Selection;
import io.turnstream.events.Ids;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.bson.Document;

/// The events of a run, folded into its document one after the other.
///
/// Of request, plan and planning failure the first counts, as for the run controller, because a loader may repeat
/// itself after a crash; of states the one with the highest version; seals stand by their ids, judgement sets by
/// theirs.
final class RunFields {

    static final String REQUEST = "request";
    static final String PLAN = "plan";
    static final String FAILURE = "planningFailure";
    static final String STATE = "state";
    static final String SEALS = "seals";

    private RunFields() {}

    static void apply(SpecificRecord event, Document run) {
        switch (event) {
            case RunRequested requested -> run.putIfAbsent(REQUEST, request(requested));
            case RunPlanned planned -> run.putIfAbsent(PLAN, plan(planned));
            case PlanningFailed failed -> run.putIfAbsent(FAILURE, Fields.of("problem", failed.getProblem())
                    .with("where", failed.getWhere()).with("remedy", failed.getRemedy())
                    .at("at", failed.getMeta().getOccurredAtMillis()).document());
            case RunStateChanged changed -> {
                Document before = Fields.partOrNull(run, STATE);
                if (before == null || Fields.whole(before, "version") < changed.getVersion()) {
                    run.put(STATE, state(changed));
                }
            }
            case RunSealed sealed -> {
                Document seals = Fields.part(run, SEALS);
                seals.put(sealed.getSealId().replace('.', '_'), seal(sealed));
                run.put(SEALS, seals);
            }
            case RepeatsCounted counted -> SpendingFields.apply(counted, run);
            case JudgementSetOpened opened -> JudgementSetFields.apply(opened, run);
            case JudgementSetStateChanged changed -> JudgementSetFields.apply(changed, run);
            default -> {
                // commands stand in the log; what became of them is the state
            }
        }
    }

    private static Document request(RunRequested event) {
        Document parameters = Fields.of("dialogue", AnswerFields.parameters(event.getParameters().getDialogue()))
                .with("mcq", AnswerFields.parameters(event.getParameters().getMcq()))
                .with("tf", AnswerFields.parameters(event.getParameters().getTf()))
                .with("judge", AnswerFields.parameters(event.getParameters().getJudge()))
                .document();
        return Fields.of("model", DialogueFields.target(event.getTarget()))
                .with("judge", event.getJudge() == null ? null : DialogueFields.target(event.getJudge()))
                .with("guardrail", event.getGuardrail())
                .with("dataset", event.getDataset())
                .with("captions", event.getCaptions())
                .with("categories", event.getCategories())
                .with("selection", selection(event.getSelection()))
                .with("protocolName", event.getProtocolName())
                .with("protocolDigest", event.getProtocolDigest())
                .with("parameters", parameters)
                .with("limits", limits(event.getLimits()))
                .with("judgeLimits", limits(event.getJudgeLimits()))
                .with("window", event.getWindow())
                .with("failOnError", event.getFailOnError())
                .with("expectDigest", event.getExpectDigest())
                .with("expectations", event.getExpectations())
                .with(SpendingFields.LIMIT, event.getCostLimitNanoUsd())
                .with(SpendingFields.JUDGE_LIMIT, event.getJudgeCostLimitNanoUsd())
                .with("tags", event.getTags())
                .with("requestedBy", event.getRequestedBy())
                .with("codeVersion", event.getCodeVersion())
                .at("at", event.getMeta().getOccurredAtMillis())
                .document();
    }

    private static Document selection(Selection selection) {
        return Fields.of("splits", wireNames(selection.getSplits()))
                .with("modalities", wireNames(selection.getModalities()))
                .with("intents", wireNames(selection.getIntents()))
                .with("firstRow", selection.getFirstRow())
                .with("rowLimit", selection.getRowLimit())
                .with("sampleIds", selection.getSampleIds())
                .with("variants", selection.getVariants())
                .with("epochs", selection.getEpochs())
                .document();
    }

    private static List<String> wireNames(List<? extends Enum<?>> constants) {
        return constants.stream().map(Ids::wireName).toList();
    }

    private static Document limits(CallLimits limits) {
        return Fields.of("maxConnections", limits.getMaxConnections()).with("maxRetries", limits.getMaxRetries())
                .with("timeoutMillis", limits.getTimeoutMillis())
                .with("requestsPerMinute", limits.getRequestsPerMinute())
                .with("tokensPerMinute", limits.getTokensPerMinute())
                .with(SpendingFields.PRICE, SpendingFields.price(limits.getPrice()))
                .with("paidAttempts", limits.getPaidAttempts()).document();
    }

    private static Document plan(RunPlanned event) {
        List<Document> cells = event.getCells().stream()
                .map(cell -> Fields.of("split", cell.getSplit()).with("modality", cell.getModality())
                        .with("intent", cell.getIntent())
                        .with("category", cell.getCategory()).with("kind", cell.getKind())
                        .with("count", cell.getCount()).document())
                .toList();
        return Fields.of("dialogues", (long) event.getDialogues())
                .with("cells", cells)
                .with("rows", event.getRows())
                .with("rejectedRows", event.getRejectedRows())
                .with("rejectedQuestions", event.getRejectedQuestions())
                .with("warnings", event.getWarnings())
                .with("datasetDigest", event.getDatasetDigest())
                .with("captionsDigest", event.getCaptionsDigest())
                .with("judgementSetId", event.getJudgementSetId())
                .with("imagesPrepared", event.getImagesPrepared())
                .with("imagesReused", event.getImagesReused())
                .at("at", event.getMeta().getOccurredAtMillis())
                .document();
    }

    private static Document state(RunStateChanged event) {
        return Fields.of("version", event.getVersion())
                .with("name", event.getState())
                .with("reason", ProviderWords.behind(event.getReason(), event.getProviderMessage()))
                .with("outcomes", DialogueFields.outcomes(event.getOutcomes()))
                .with("dialogues", (long) event.getDialogues())
                .with("costNanoUsd", event.getCostNanoUsd())
                .with("judgeCostNanoUsd", event.getJudgeCostNanoUsd())
                .with("unpricedCalls", event.getUnpricedCalls())
                .with(SpendingFields.USAGE, SpendingFields.usage(event.getUsage()))
                .with(SpendingFields.JUDGE_USAGE, SpendingFields.usage(event.getJudgeUsage()))
                .with(SpendingFields.LIMIT, event.getCostLimitNanoUsd())
                .with(SpendingFields.JUDGE_LIMIT, event.getJudgeCostLimitNanoUsd())
                .at("at", event.getMeta().getOccurredAtMillis())
                .document();
    }

    private static Document seal(RunSealed event) {
        return Fields.of("sealId", event.getSealId())
                .with("judgementSetId", event.getJudgementSetId())
                .with("root", event.getRoot())
                .with("leaves", event.getLeaves())
                .with("supersedes", event.getSupersedes())
                .with("signature", event.getSignature())
                .with("publicKey", event.getPublicKey())
                .document();
    }
}
