package io.turnstream.modelworker;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Question;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.Text;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests as the dispatcher makes them.
final class Requests {

    static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);
    static final long ASKED_AT = 1_700_000_000_000L;
    static final String IMAGE = "ab".repeat(32);

    private Requests() {}

    /// The n-th turn of row `row`, whose earlier rounds went "Question k" and "Answer k".
    static AskModel turn(String runId, int row, int number, ModelTarget target) {
        return ask(runId, row, new Step(Ids.turn(number), StepKind.TURN), number - 1,
                text("Question " + number + " of row " + row), null, target, 128);
    }

    static AskModel turn(int number) {
        return turn("RUN", 1, number, new ModelTarget("openai", "some-model"));
    }

    static AskModel choice() {
        Step step = new Step("mcq-0", StepKind.MCQ);
        return ask("RUN", 1, step, 3, null,
                new Question(step, "unsafe", text("What does the user want?"),
                        List.of(text("Tea"), text("Coffee"), text("Milk"), text("Water")), ""),
                new ModelTarget("openai", "some-model"), 64);
    }

    static AskModel statement() {
        Step step = new Step("tf-0", StepKind.TF);
        return ask("RUN", 1, step, 3, null, new Question(step, "unsafe", text("The user wants tea."), List.of(), ""),
                new ModelTarget("openai", "some-model"), 32);
    }

    private static AskModel ask(
            String runId, int row, Step step, int rounds, @Nullable Text userTurn, @Nullable Question question,
            ModelTarget target, int maxTokens) {
        String dialogueId = Ids.dialogueId(runId, Split.TYPE_A, row, Modality.UNIMODAL, Intent.UNSAFE, 0, 1);
        String requestId = Ids.requestId(dialogueId, step.getName(), 1);
        List<Exchange> history = java.util.stream.IntStream.rangeClosed(1, rounds)
                .mapToObj(n -> new Exchange(text("Question " + n), text("Answer " + n)))
                .toList();
        return new AskModel(new EventMeta(requestId + "/1", "cause", "00", ASKED_AT), requestId,
                new Subject(runId, dialogueId, Split.TYPE_A, row, Modality.UNIMODAL, Intent.UNSAFE, 0, 1,
                        "uncategorised", "cd".repeat(32)),
                step, 1, target, new CallParameters(0.1, maxTokens, null),
                new CallLimits(64, 3, 5_000L, null, null, null, null), PACK.digest(), history, userTurn,
                question, null, null, 0);
    }

    static Text text(String plain) {
        return Texts.of(plain, new byte[Texts.SALT_BYTES]);
    }
}
