package io.turnstream.judgeworker;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.pack.Exchange;
import io.turnstream.benchmark.pack.PromptMessage;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.Subject;
import io.turnstream.events.Texts;
import io.turnstream.providers.work.Prompt;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns a request for a verdict into the calls that its protocol pack describes.
final class JudgePrompts {

    /// What a person sets to raise the judge's token limit.
    static final String MAX_TOKENS_FLAG = "--judge-max-tokens";

    private final AskJudge ask;
    private final ProtocolPack pack;

    JudgePrompts(AskJudge ask, ProtocolPack pack) {
        this.ask = ask;
        this.pack = pack;
    }

    /// The first call.
    Prompt first() {
        Subject subject = ask.getSubject();
        return prompt(pack.judge(split(subject), modality(subject), intent(subject), Texts.plain(ask.getCaption()),
                exchanges()), 1, paidAttemptsLeft(0));
    }

    /// The call after an answer that holds no verdict.
    ///
    /// @param round 2.., which of the calls for this verdict it is
    /// @param unusable that answer; blank or null where it had no text
    /// @param left how many more answers may be paid
    Prompt again(int round, @Nullable String unusable, int left) {
        Subject subject = ask.getSubject();
        return prompt(pack.judgeReminder(
                split(subject), modality(subject), intent(subject), Texts.plain(ask.getCaption()), exchanges(),
                unusable), round, left);
    }

    /// How many more answers may be paid.
    int paidAttemptsLeft(int answered) {
        Integer most = ask.getLimits().getPaidAttempts();
        return most == null ? Integer.MAX_VALUE : most - answered;
    }

    private Prompt prompt(List<PromptMessage> messages, int round, int left) {
        CallLimits limits = ask.getLimits().getPaidAttempts() == null
                ? ask.getLimits()
                : CallLimits.newBuilder(ask.getLimits()).setPaidAttempts(left).build();
        return new Prompt(ask.getSubject().getRunId(), ask.getTarget(), ask.getParameters(), limits, messages, null,
                null,
                Prompt.LAST_OF_A_DIALOGUE, MAX_TOKENS_FLAG, ask.getRequestId() + '/' + round);
    }

    private List<Exchange> exchanges() {
        return ask.getExchanges().stream()
                .map(exchange -> new Exchange(
                        Objects.requireNonNull(Texts.plain(exchange.getUser()),
                                () -> ask.getRequestId() + " lacks a user turn"),
                        Texts.plain(exchange.getAssistant())))
                .toList();
    }

    private Split split(Subject subject) {
        return switch (subject.getSplit()) {
            case TYPE_A -> Split.TYPE_A;
            case TYPE_B -> Split.TYPE_B;
            case UNKNOWN -> throw new IllegalArgumentException(ask.getRequestId() + " has no split");
        };
    }

    private Modality modality(Subject subject) {
        return switch (subject.getModality()) {
            case MULTIMODAL -> Modality.MULTIMODAL;
            case UNIMODAL -> Modality.UNIMODAL;
            case UNKNOWN -> throw new IllegalArgumentException(ask.getRequestId() + " has no modality");
        };
    }

    private Intent intent(Subject subject) {
        return switch (subject.getIntent()) {
            case SAFE -> Intent.SAFE;
            case UNSAFE -> Intent.UNSAFE;
            case UNKNOWN -> throw new IllegalArgumentException(ask.getRequestId() + " has no intent");
        };
    }
}
