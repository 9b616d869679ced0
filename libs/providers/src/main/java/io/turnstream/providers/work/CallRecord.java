package io.turnstream.providers.work;

import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a call went, whatever came of it.
///
/// @param attempts every attempt, in order
/// @param effective parameters the provider accepted, or was last sent
/// @param usage tokens over all attempts that were answered; null where the provider counted none
/// @param costNanoUsd money in 1e-9 USD; null where the price is not known
/// @param finishReason as the provider named it
/// @param servedModel the model as the server named it
/// @param reasoning what the model reasoned before its last text
/// @param providerMessage what the provider said of a failure or a refusal, without secrets; it can quote the prompt
/// @param startedAtMillis first attempt, ms since the epoch
/// @param endedAtMillis answer or last failure, ms since the epoch
public record CallRecord(
        List<Attempt> attempts,
        CallParameters effective,
        @Nullable Usage usage,
        @Nullable Long costNanoUsd,
        @Nullable String finishReason,
        @Nullable String servedModel,
        @Nullable String systemFingerprint,
        @Nullable String reasoning,
        @Nullable String providerMessage,
        long startedAtMillis,
        long endedAtMillis) {

    /// Cause of an attempt that brought an answer.
    public static final String OK = "ok";

    /// Causes of attempts that brought an answer, of use or not: those are paid.
    private static final Set<String> ANSWERED = Set.of(
            OK, "unknown_finish", "empty", "truncated", "refused", "unparseable", "oversized", "unusable_answer");

    public CallRecord {
        attempts = List.copyOf(attempts);
    }

    /// A call that never got as far as an attempt.
    public static CallRecord none(CallParameters requested, long nowMillis) {
        return none(requested, nowMillis, Paid.NOTHING);
    }

    /// Nothing is known of the calls but what they have taken.
    static CallRecord none(CallParameters requested, long nowMillis, Paid paid) {
        return new CallRecord(List.of(), requested, paid.usage(), paid.costNanoUsd(), null, null, null, null, null,
                nowMillis, nowMillis);
    }

    /// This call and the one that repeated it as one: attempts in a row, tokens and money added up, the rest from the
    /// later.
    ///
    /// Money is unknown where one of the two cost an unknown amount.
    public CallRecord followedBy(CallRecord later) {
        List<Attempt> both = new ArrayList<>(attempts);
        both.addAll(later.attempts);
        Paid all = paid().plus(later.paid());
        return new CallRecord(both, later.effective, all.usage(), all.costNanoUsd(), later.finishReason,
                later.servedModel == null ? servedModel : later.servedModel,
                later.systemFingerprint == null ? systemFingerprint : later.systemFingerprint, later.reasoning,
                later.providerMessage == null ? providerMessage : later.providerMessage, startedAtMillis,
                later.endedAtMillis);
    }

    /// The same with another cause for the last attempt, where it brought an answer: the answer could not be used.
    public CallRecord answeredInVain(String cause) {
        if (attempts.isEmpty() || !attempts.getLast().getCause().equals(OK)) {
            return this;
        }
        List<Attempt> changed = new ArrayList<>(attempts);
        Attempt last = changed.removeLast();
        changed.add(new Attempt(cause, last.getHttpStatus(), last.getStartedAtMillis(), last.getLatencyMillis(),
                last.getWaitedMillis()));
        return new CallRecord(changed, effective, usage, costNanoUsd, finishReason, servedModel, systemFingerprint,
                reasoning, providerMessage,
                startedAtMillis, endedAtMillis);
    }

    /// The same with what was reasoned within the text, behind what the provider kept apart.
    public CallRecord withReasoning(@Nullable String within) {
        if (within == null || reasoning != null && reasoning.endsWith(within)) {
            return this;
        }
        return new CallRecord(attempts, effective, usage, costNanoUsd, finishReason, servedModel, systemFingerprint,
                reasoning == null ? within : reasoning + "\n\n" + within, providerMessage, startedAtMillis,
                endedAtMillis);
    }

    /// How many attempts brought an answer, of use or not.
    public int answered() {
        return (int) attempts.stream().filter(attempt -> ANSWERED.contains(attempt.getCause())).count();
    }

    /// Never the reasoning or the provider's words: what a model says, or a prompt, is not for logs.
    @Override
    public String toString() {
        return "CallRecord[%d attempts, %s, %s]".formatted(attempts.size(), finishReason, servedModel);
    }

    Paid paid() {
        return new Paid(usage, costNanoUsd);
    }
}
