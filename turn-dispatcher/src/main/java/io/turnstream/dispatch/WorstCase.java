package io.turnstream.dispatch;

import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.events.Costs;
import io.turnstream.events.RecordedProvider;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What calls may cost at most, in 1e-9 USD, before they are made. Pure.
///
/// Of a prompt the texts are counted, three characters a token where English has about four, and an allowance for what
/// the protocol pack puts around them; of each answer the whole token limit, and once more in every later prompt that
/// repeats it; each call as often as it may be paid. Where that was too little, the budget learns it from the first
/// dialogue that ends (see [Budgets]).
///
/// The answer is null where the price is not known, or answers have no token limit: then nothing can be said.
final class WorstCase {

    private static final int CHARACTERS_PER_TOKEN = 3;
    private static final int PER_MESSAGE = 8;
    private static final int PER_IMAGE = 1_600;
    /// What a pack says beside the texts of the data set: in a turn, in a question, and to a judge with its rubric and
    /// reminder.
    private static final int AROUND_TURN = 100;
    private static final int AROUND_QUESTION = 300;
    private static final int AROUND_TRANSCRIPT = 1_800;
    /// How often a judge is asked again after an answer without a verdict, where nothing limits it.
    private static final int REMINDERS = 2;

    private WorstCase() {}

    /// A dialogue's calls to the model under test.
    static @Nullable Long ofModel(DialoguePlan plan) {
        if (RecordedProvider.hasAnswered(plan.getTarget())) {
            return 0L;
        }
        Integer spoken = plan.getParameters().getDialogue().getMaxTokens();
        if (spoken == null) {
            return null;
        }
        Calls calls = new Calls(plan.getLimits(), 0);
        long image = plan.getImageSha256() == null ? 0 : PER_IMAGE;
        long history = image;
        for (Text userTurn : plan.getUserTurns()) {
            history += tokens(userTurn) + 2 * PER_MESSAGE;
            calls.add(history + AROUND_TURN, plan.getParameters().getDialogue());
            history += spoken;
        }
        for (Question question : plan.getQuestions()) {
            long asked = tokens(question.getText())
                    + question.getOptions().stream().mapToLong(option -> tokens(option) + PER_MESSAGE).sum();
            calls.add(history + asked + AROUND_QUESTION, switch (question.getStep().getKind()) {
                case MCQ -> plan.getParameters().getMcq();
                case TF -> plan.getParameters().getTf();
                case TURN, JUDGE, UNKNOWN ->
                    throw new IllegalArgumentException(question.getStep().getName() + " is no question");
            });
        }
        return calls.nanoUsd();
    }

    /// A dialogue's verdict by the run's own judge; 0 where it has none.
    static @Nullable Long ofJudge(DialoguePlan plan) {
        Integer spoken = plan.getParameters().getDialogue().getMaxTokens();
        if (plan.getJudge() == null || RecordedProvider.hasAnswered(plan.getJudge())) {
            return 0L;
        }
        if (spoken == null) {
            return null;
        }
        long transcript = tokens(plan.getCaption());
        for (Text userTurn : plan.getUserTurns()) {
            transcript += tokens(userTurn) + spoken + 2 * PER_MESSAGE;
        }
        return verdict(transcript, plan.getParameters().getJudge(), plan.getJudgeLimits());
    }

    /// A verdict on a recorded dialogue.
    static @Nullable Long ofVerdict(TranscriptReplayed recorded) {
        long transcript = tokens(recorded.getCaption());
        for (Exchange exchange : recorded.getExchanges()) {
            transcript += tokens(exchange.getUser()) + tokens(exchange.getAssistant()) + 2 * PER_MESSAGE;
        }
        return verdict(transcript, recorded.getSpec().getParameters(), recorded.getSpec().getLimits());
    }

    private static @Nullable Long verdict(long transcript, CallParameters parameters, CallLimits limits) {
        Integer said = parameters.getMaxTokens();
        Calls calls = new Calls(limits, REMINDERS);
        calls.add(transcript + AROUND_TRANSCRIPT + (said == null ? 0 : said), parameters);
        return calls.nanoUsd();
    }

    private static long tokens(@Nullable Text text) {
        String plain = text == null ? null : text.getText();
        return plain == null ? 0 : tokens(plain);
    }

    /// Of a text beyond ASCII every byte can be a token.
    static long tokens(String text) {
        long bytes = text.getBytes(StandardCharsets.UTF_8).length;
        long ascii = text.chars().filter(c -> c < 128).count();
        return Math.ceilDiv(ascii, CHARACTERS_PER_TOKEN) + bytes - ascii;
    }

    /// Tokens of some calls, added up.
    private static final class Calls {

        private final CallLimits limits;
        private final int paid;
        private long input;
        private long output;
        private boolean bounded = true;

        Calls(CallLimits limits, int reminders) {
            this.limits = limits;
            Integer most = limits.getPaidAttempts();
            this.paid = most == null ? 1 + reminders + limits.getMaxRetries() : most;
        }

        void add(long promptTokens, CallParameters parameters) {
            Integer most = parameters.getMaxTokens();
            bounded &= most != null;
            input = Costs.plus(input, Costs.times(paid, promptTokens));
            output = Costs.plus(output, Costs.times(paid, most == null ? 0 : most));
        }

        @Nullable
        Long nanoUsd() {
            return bounded && limits.getPrice() != null ? (Long) Costs.nanoUsd(limits.getPrice(), input, output) : null;
        }
    }
}
