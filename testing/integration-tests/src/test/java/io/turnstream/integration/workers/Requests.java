package io.turnstream.integration.workers;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.Text;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;

/// Requests as the dispatcher makes them.
final class Requests {

    static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);
    static final long ASKED_AT = 1_700_000_000_000L;
    static final ModelTarget MODEL = new ModelTarget("sim", "contextual");

    private static final int CONNECTIONS = 64;

    private Requests() {}

    static List<AskModel> turns(String runId, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(row -> turn(runId, row, MODEL)).toList();
    }

    /// The first turn of a row.
    static AskModel turn(String runId, int row, ModelTarget target) {
        return turn(runId, row, target, CONNECTIONS);
    }

    /// @param connections most calls of its run at a time
    static AskModel turn(String runId, int row, ModelTarget target, int connections) {
        String dialogueId = dialogueId(runId, row);
        String requestId = Ids.requestId(dialogueId, Ids.turn(1), 1);
        return new AskModel(new EventMeta(requestId + "/1", "cause", "00", ASKED_AT), requestId,
                subject(runId, row, dialogueId),
                new Step(Ids.turn(1), StepKind.TURN), 1, target, new CallParameters(0.1, 128, null),
                limits(connections), PACK.digest(), List.of(),
                text("Question 1 of row " + row), null, null, null, 0);
    }

    /// The transcript of a row, to be judged.
    static AskJudge verdict(String runId, int row, ModelTarget judge) {
        String dialogueId = dialogueId(runId, row);
        String requestId = Ids.judgeRequestId(dialogueId, 1, "js-1");
        List<Exchange> exchanges = IntStream.rangeClosed(1, 3)
                .mapToObj(n -> new Exchange(text("Question " + n + " of row " + row),
                        n == 2 ? null : text("Answer " + n)))
                .toList();
        return new AskJudge(new EventMeta(requestId + "/1", "cause", "00", ASKED_AT), requestId,
                subject(runId, row, dialogueId), 1,
                "js-1", judge, new CallParameters(0.0, 128, null), limits(CONNECTIONS), PACK.digest(),
                text("A cup beside a kettle."), exchanges, null, 0);
    }

    static String dialogueId(String runId, int row) {
        return Ids.dialogueId(runId, Split.TYPE_A, row, Modality.UNIMODAL, Intent.UNSAFE, 0, 1);
    }

    static String dialogueIdOf(SpecificRecord request) {
        return switch (request) {
            case AskModel ask -> ask.getSubject().getDialogueId();
            case AskJudge ask -> ask.getSubject().getDialogueId();
            default -> throw new IllegalArgumentException(request.getSchema().getFullName());
        };
    }

    static String requestIdOf(SpecificRecord event) {
        return String.valueOf(EventTypes.requestIdOf(event));
    }

    private static Subject subject(String runId, int row, String dialogueId) {
        return new Subject(runId, dialogueId, Split.TYPE_A, row, Modality.UNIMODAL, Intent.UNSAFE, 0, 1,
                "uncategorised", "cd".repeat(32));
    }

    private static CallLimits limits(int connections) {
        return new CallLimits(connections, 3, 60_000L, null, null, null, null);
    }

    static Text text(String plain) {
        return Texts.of(plain, new byte[Texts.SALT_BYTES]);
    }
}
