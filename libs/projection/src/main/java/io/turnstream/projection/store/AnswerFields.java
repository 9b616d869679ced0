package io.turnstream.projection.store;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.CallParameters;
import io.turnstream.events.Texts;
import io.turnstream.projection.document.AnswerFacts;
import io.turnstream.projection.document.Parameters;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// An answer, to and from a document.
final class AnswerFields {

    private AnswerFields() {}

    static @Nullable Document of(@Nullable Answer answer) {
        if (answer == null) {
            return null;
        }
        Fields fields = Fields.of("text", Texts.plain(answer.getText()))
                .with("firstText", Texts.plain(answer.getFirstText()))
                .with("reading", answer.getReading())
                .with("explanation", Texts.plain(answer.getExplanation()))
                .with("finishReason", answer.getFinishReason())
                .with("servedModel", answer.getServedModel())
                .with("systemFingerprint", answer.getSystemFingerprint())
                .with("requested", parameters(answer.getRequested()))
                .with("effective", parameters(answer.getEffective()));
        if (answer.getUsage() != null) {
            fields.with("tokens", Fields.of("input", answer.getUsage().getInputTokens())
                    .with("output", answer.getUsage().getOutputTokens())
                    .with("reasoning", answer.getUsage().getReasoningTokens()).document());
        }
        List<Document> attempts = answer.getAttempts().stream()
                .map(attempt -> Fields.of("cause", attempt.getCause()).with("httpStatus", attempt.getHttpStatus())
                        .at("startedAt", attempt.getStartedAtMillis()).with("latencyMillis", attempt.getLatencyMillis())
                        .with("waitedMillis", attempt.getWaitedMillis()).document())
                .toList();
        return fields.with("costNanoUsd", answer.getCostNanoUsd())
                .with("attempts", attempts)
                .with("promptDigest", answer.getPromptDigest())
                .with("error", ProviderWords.behind(answer.getError(), answer.getProviderMessage()))
                .with("worker", answer.getWorker())
                .at("startedAt", answer.getStartedAtMillis())
                .at("endedAt", answer.getEndedAtMillis())
                .document();
    }

    static @Nullable AnswerFacts fromNullable(@Nullable Document answer) {
        if (answer == null) {
            return null;
        }
        Document tokens = Fields.partOrNull(answer, "tokens");
        return new AnswerFacts(answer.getString("text"), answer.getString("firstText"), answer.getString("reading"),
                answer.getString("explanation"), answer.getString("finishReason"), answer.getString("servedModel"),
                answer.getString("systemFingerprint"), parameters(Fields.part(answer, "requested")),
                parameters(Fields.part(answer, "effective")),
                tokens == null
                        ? null
                        : new AnswerFacts.Tokens(Fields.whole(tokens, "input"), Fields.whole(tokens, "output"),
                                Fields.whole(tokens, "reasoning")),
                Fields.wholeOrNull(answer, "costNanoUsd"),
                Fields.list(answer, "attempts", Document.class).stream()
                        .map(attempt -> new AnswerFacts.AttemptFacts(Fields.text(attempt, "cause"),
                                Fields.integerOrNull(attempt, "httpStatus"), Fields.time(attempt, "startedAt"),
                                Fields.whole(attempt, "latencyMillis"), Fields.whole(attempt, "waitedMillis")))
                        .toList(),
                Fields.text(answer, "promptDigest"), answer.getString("error"), Fields.text(answer, "worker"),
                Fields.time(answer, "startedAt"), Fields.time(answer, "endedAt"));
    }

    static Document parameters(CallParameters parameters) {
        return Fields.of("temperature", parameters.getTemperature()).with("maxTokens", parameters.getMaxTokens())
                .with("seed", parameters.getSeed()).document();
    }

    static Parameters parameters(Document document) {
        return new Parameters(document.getDouble("temperature"), Fields.integerOrNull(document, "maxTokens"),
                Fields.wholeOrNull(document, "seed"));
    }
}
