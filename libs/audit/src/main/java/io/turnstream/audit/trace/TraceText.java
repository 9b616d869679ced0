package io.turnstream.audit.trace;

import io.turnstream.audit.LoggedEvent;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.DialoguePlanned;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.RequestDeferred;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.contracts.Usage;
import io.turnstream.events.Ids;
import io.turnstream.messaging.Escapes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A trace for people to read. Control characters in what models wrote are shown as escapes, so that they cannot steer
/// a terminal.
public final class TraceText {

    private static final String INDENT = "    ";

    private final List<String> lines = new ArrayList<>();

    private TraceText() {}

    /// The lines to print.
    public static List<String> of(DialogueTrace trace) {
        TraceText text = new TraceText();
        text.lines.add("Dialogue " + Escapes.line(trace.dialogueId()));
        for (LoggedEvent event : trace.events()) {
            text.add(event, trace.isLeftOut(event));
        }
        return List.copyOf(text.lines);
    }

    private void add(LoggedEvent event, boolean leftOut) {
        lines.add("");
        lines.add(
                Instant.ofEpochMilli(DialogueTrace.writtenAtMillis(event)) + "  " + event.type() + "  " + event.place()
                        + (leftOut ? "  (never accepted)" : ""));
        switch (event.event()) {
            case RunRequested run -> {
                say("model", name(run.getTarget()));
                say("judge", run.getJudge() == null ? "none" : name(run.getJudge()));
                say("guardrail", run.getGuardrail() == null ? "none" : run.getGuardrail());
                say("protocol", run.getProtocolName() + ' ' + run.getProtocolDigest());
                if (run.getExpectDigest() != null) {
                    say("stated beforehand", run.getExpectDigest());
                }
                say("asked by", run.getRequestedBy() + ", code version " + run.getCodeVersion());
            }
            case DialoguePlanned planned -> plan(planned.getPlan());
            case DialogueOpened opened -> say("sequence", opened.getSequence() + ": the plan is accepted");
            case AskModel ask -> ask(ask);
            case AskJudge ask -> ask(ask);
            case TurnAnswered answered -> {
                say("request", answered.getRequestId());
                say("outcome", Ids.wireName(answered.getOutcome()));
                answer(answered.getAnswer());
            }
            case JudgementGiven given -> {
                say("request", given.getRequestId());
                say("outcome", Ids.wireName(given.getOutcome()));
                say("score", String.valueOf(given.getScore()));
                answer(given.getAnswer());
            }
            case RequestDeferred deferred -> {
                say("request", deferred.getRequestId());
                say("handed back", Ids.wireName(deferred.getReason()) + ": " + deferred.getDetail());
                quote("provider said", deferred.getProviderMessage());
            }
            case StepSettled settled -> {
                say("sequence", String.valueOf(settled.getSequence()));
                say("step", settled.getStep().getName() + " (" + Ids.wireName(settled.getOutcome()) + ", request "
                        + settled.getGeneration() + ')');
                say("ground truth", settled.getGroundTruth());
                say("reading", settled.getAnswer() == null ? null : settled.getAnswer().getReading());
            }
            case JudgementSettled settled -> {
                say("sequence", String.valueOf(settled.getSequence()));
                say("verdict",
                        (settled.getScore() == null ? "none" : settled.getScore()) + " ("
                                + Ids.wireName(settled.getOutcome()) + ") by "
                                + name(settled.getJudge()));
                say("judgement set", settled.getJudgementSetId());
            }
            case DialogueClosed closed -> {
                say("sequence", String.valueOf(closed.getSequence()));
                outcomes(closed.getOutcomes());
            }
            case DialogueFinished finished -> {
                say("leaves", finished.getLeaves().size() + " and " + finished.getJudgementLeaves().size()
                        + " of judgements");
                say("cost", money(finished.getCostNanoUsd()) + ", judge " + money(finished.getJudgeCostNanoUsd()));
            }
            default -> {
                /* its name, time and place say it all */ }
        }
    }

    private void plan(DialoguePlan plan) {
        say("category", plan.getSubject().getCategory());
        say("image", plan.getImageSha256());
        quote("caption", plan.getCaption());
        int turn = 0;
        for (Text user : plan.getUserTurns()) {
            quote("user turn " + ++turn, user);
        }
        plan.getQuestions().forEach(question -> question(question, question.getGroundTruth()));
    }

    private void ask(AskModel ask) {
        say("request", ask.getRequestId());
        say("model", name(ask.getTarget()));
        say("parameters", parameters(ask.getParameters()));
        say("image", ask.getImageSha256());
        say("history", ask.getHistory().size() + " rounds");
        quote("user", ask.getUserTurn());
        if (ask.getQuestion() != null) {
            question(ask.getQuestion(), null);
        }
    }

    private void ask(AskJudge ask) {
        say("request", ask.getRequestId());
        say("judge", name(ask.getTarget()));
        say("parameters", parameters(ask.getParameters()));
        say("judgement set", ask.getJudgementSetId());
        quote("caption", ask.getCaption());
        for (Exchange exchange : ask.getExchanges()) {
            quote("user", exchange.getUser());
            quote("assistant", exchange.getAssistant());
        }
    }

    private void question(Question question, @Nullable String groundTruth) {
        quote(question.getStep().getName() + " (" + question.getQuestionType() + ')', question.getText());
        char letter = 'A';
        for (Text option : question.getOptions()) {
            quote("option " + letter++, option);
        }
        say("ground truth", groundTruth);
    }

    private void answer(Answer answer) {
        say("served by", answer.getServedModel());
        say("requested", parameters(answer.getRequested()));
        say("effective", parameters(answer.getEffective()));
        say("prompt", "SHA-256 " + answer.getPromptDigest());
        int number = 0;
        for (Attempt attempt : answer.getAttempts()) {
            say("attempt " + ++number, attempt.getCause()
                    + (attempt.getHttpStatus() == null ? "" : ", HTTP " + attempt.getHttpStatus())
                    + ", " + attempt.getLatencyMillis() + " ms"
                    + (attempt.getWaitedMillis() > 0 ? " after waiting " + attempt.getWaitedMillis() + " ms" : ""));
        }
        say("error", answer.getError());
        quote("provider said", answer.getProviderMessage());
        Usage usage = answer.getUsage();
        say("tokens", usage == null ? null : usage.getInputTokens() + " in, " + usage.getOutputTokens() + " out");
        say("cost", answer.getCostNanoUsd() == null ? "not known" : money(answer.getCostNanoUsd()));
        say("finish reason", answer.getFinishReason());
        say("worker", answer.getWorker());
        quote("first text", answer.getFirstText());
        quote("reasoning", answer.getReasoning());
        quote("text", answer.getText());
        quote("explanation", answer.getExplanation());
        say("reading", answer.getReading());
    }

    private void outcomes(List<OutcomeCount> outcomes) {
        for (OutcomeCount count : outcomes) {
            say(Ids.wireName(count.getKind()), count.getCount() + " " + Ids.wireName(count.getOutcome()));
        }
    }

    private void say(String what, @Nullable String value) {
        if (value != null) {
            lines.add(INDENT + Escapes.line(what) + ": " + Escapes.line(value));
        }
    }

    private void quote(String what, @Nullable Text text) {
        if (text == null) {
            return;
        }
        if (text.getText() == null) {
            lines.add(INDENT + Escapes.line(what) + ": withheld, commitment " + Escapes.line(text.getCommitment()));
            return;
        }
        lines.add(INDENT + Escapes.line(what) + ':');
        Escapes.lines(text.getText().replace("\r\n", "\n")).lines().forEach(line -> lines.add(INDENT + "  | " + line));
    }

    private static String name(ModelTarget target) {
        return target.getProvider() + '/' + target.getModel();
    }

    private static String parameters(CallParameters parameters) {
        return (parameters.getTemperature() == null ? "no temperature" : "temperature " + parameters.getTemperature())
                + (parameters.getMaxTokens() == null
                        ? ", no token limit"
                        : ", at most " + parameters.getMaxTokens() + " tokens")
                + (parameters.getSeed() == null ? "" : ", seed " + parameters.getSeed());
    }

    private static String money(long nanoUsd) {
        return String.format(Locale.ROOT, "%.6f USD", nanoUsd / 1e9);
    }
}
