package io.turnstream.projection.store;

import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Text;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import io.turnstream.projection.document.Dialogue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// The accepted events of a dialogue as fields of its document, and the document as a record.
final class DialogueFields {

    static final String PLAN = "plan";
    static final String STEPS = "steps";
    static final String JUDGEMENTS = "judgements";
    static final String CLOSING = "closing";

    private DialogueFields() {}

    static Document plan(DialoguePlan plan) {
        return Fields.of("ordinal", plan.getOrdinal())
                .with("model", target(plan.getTarget()))
                .with("judge", plan.getJudge() == null ? null : target(plan.getJudge()))
                .with("judgementSetId", plan.getJudgementSetId())
                .with("protocolDigest", plan.getProtocolDigest())
                .with("userTurns", plains(plan.getUserTurns()))
                .with("questions", plan.getQuestions().stream().map(DialogueFields::question).toList())
                .with("caption", Texts.plain(plan.getCaption()))
                .with("imageSha256", plan.getImageSha256())
                .with("imageMediaType", plan.getImageMediaType())
                .document();
    }

    static Document step(StepSettled event) {
        return Fields.of("kind", event.getStep().getKind())
                .with("sequence", (long) event.getSequence())
                .with("eventId", event.getMeta().getEventId())
                .with("requestId", event.getRequestId())
                .with("generation", event.getGeneration())
                .with("outcome", event.getOutcome())
                .with("prompt", Texts.plain(event.getPrompt()))
                .with("groundTruth", event.getGroundTruth())
                .with("answer", AnswerFields.of(event.getAnswer()))
                .document();
    }

    static Document judgement(JudgementSettled event) {
        return Fields.of("judge", target(event.getJudge()))
                .with("sequence", (long) event.getSequence())
                .with("eventId", event.getMeta().getEventId())
                .with("requestId", event.getRequestId())
                .with("generation", event.getGeneration())
                .with("outcome", event.getOutcome())
                .with("score", event.getScore())
                .with("answer", AnswerFields.of(event.getAnswer()))
                .document();
    }

    static Document closing(DialogueClosed event) {
        return Fields.of("sequence", (long) event.getSequence())
                .with("outcomes", outcomes(event.getOutcomes()))
                .with("complete", event.getComplete())
                .document();
    }

    static String target(ModelTarget target) {
        return target.getProvider() + '/' + target.getModel();
    }

    /// `{kind: {outcome: count}}`.
    static Document outcomes(List<OutcomeCount> counts) {
        Document byKind = new Document();
        for (OutcomeCount count : counts) {
            if (count.getCount() != 0) {
                byKind.computeIfAbsent(Ids.wireName(count.getKind()), kind -> new Document());
                Document kind = byKind.get(Ids.wireName(count.getKind()), Document.class);
                kind.merge(Ids.wireName(count.getOutcome()), count.getCount(), (a, b) -> (long) a + (long) b);
            }
        }
        return byKind;
    }

    /// `kind.outcome` to count.
    static Map<String, Long> flatOutcomes(Document byKind) {
        Map<String, Long> flat = new TreeMap<>();
        byKind.keySet().forEach(kind -> {
            Document outcomes = Fields.part(byKind, kind);
            outcomes.keySet().forEach(outcome -> flat.put(kind + '.' + outcome, Fields.whole(outcomes, outcome)));
        });
        return flat;
    }

    static Dialogue read(Document document) {
        List<Dialogue.Step> steps = new ArrayList<>();
        Document stored = Fields.part(document, STEPS);
        stored.keySet().forEach(name -> steps.add(step(name, Fields.part(stored, name))));
        steps.sort(Comparator.comparing((Dialogue.Step step) -> order(step.kind()))
                .thenComparing(step -> step.name().length())
                .thenComparing(Dialogue.Step::name));
        List<Dialogue.Judgement> judgements = new ArrayList<>();
        Document sets = Fields.part(document, JUDGEMENTS);
        sets.keySet().stream().sorted().forEach(set -> judgements.add(judgement(set, Fields.part(sets, set))));
        Document plan = Fields.partOrNull(document, PLAN);
        Document closing = Fields.partOrNull(document, CLOSING);
        return new Dialogue(SubjectFields.from(Fields.part(document, "subject")), Fields.whole(document, "version"),
                plan == null ? null : plan(plan), steps, judgements,
                closing == null
                        ? null
                        : new Dialogue.Closing(Fields.whole(closing, "sequence"),
                                flatOutcomes(Fields.part(closing, "outcomes")), Fields.flag(closing, "complete")));
    }

    private static int order(String kind) {
        return switch (kind) {
            case "turn" -> 0;
            case "mcq" -> 1;
            case "tf" -> 2;
            default -> 3;
        };
    }

    private static Dialogue.Plan plan(Document plan) {
        return new Dialogue.Plan(Fields.integer(plan, "ordinal"), Fields.text(plan, "model"), plan.getString("judge"),
                plan.getString("judgementSetId"), Fields.text(plan, "protocolDigest"),
                Fields.list(plan, "userTurns", String.class),
                Fields.list(plan, "questions", Document.class).stream()
                        .map(question -> new Dialogue.PlannedQuestion(Fields.text(question, "step"),
                                Fields.text(question, "kind"),
                                Fields.text(question, "questionType"), question.getString("text"),
                                Fields.list(question, "options", String.class), Fields.text(question, "groundTruth")))
                        .toList(),
                plan.getString("caption"), plan.getString("imageSha256"), plan.getString("imageMediaType"));
    }

    private static Dialogue.Step step(String name, Document step) {
        return new Dialogue.Step(name, Fields.text(step, "kind"), Fields.whole(step, "sequence"),
                Fields.text(step, "eventId"),
                Fields.text(step, "requestId"), Fields.integer(step, "generation"), Fields.text(step, "outcome"),
                step.getString("prompt"), step.getString("groundTruth"),
                AnswerFields.fromNullable(Fields.partOrNull(step, "answer")));
    }

    private static Dialogue.Judgement judgement(String set, Document judgement) {
        return new Dialogue.Judgement(set, Fields.text(judgement, "judge"), Fields.whole(judgement, "sequence"),
                Fields.text(judgement, "eventId"), Fields.text(judgement, "requestId"),
                Fields.integer(judgement, "generation"),
                Fields.text(judgement, "outcome"), Fields.integerOrNull(judgement, "score"),
                AnswerFields.fromNullable(Fields.partOrNull(judgement, "answer")));
    }

    private static Document question(Question question) {
        return Fields.of("step", question.getStep().getName())
                .with("kind", question.getStep().getKind())
                .with("questionType", question.getQuestionType())
                .with("text", Texts.plain(question.getText()))
                .with("options", plains(question.getOptions()))
                .with("groundTruth", question.getGroundTruth())
                .document();
    }

    /// Texts in order; a withheld one is null.
    private static List<@Nullable String> plains(List<Text> texts) {
        List<@Nullable String> plains = new ArrayList<>();
        texts.forEach(text -> plains.add(Texts.plain(text)));
        return plains;
    }
}
