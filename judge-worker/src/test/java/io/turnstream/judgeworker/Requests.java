package io.turnstream.judgeworker;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.Text;
import io.turnstream.events.Ids;
import io.turnstream.events.Texts;
import java.util.List;
import java.util.stream.IntStream;

/// Requests for verdicts as the dispatcher makes them.
final class Requests {

    static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);
    static final long ASKED_AT = 1_700_000_000_000L;

    private Requests() {}

    static AskJudge verdict() {
        return verdict("RUN", 1, new ModelTarget("openai", "some-judge"));
    }

    static AskJudge verdict(String runId, int row, ModelTarget judge) {
        String dialogueId = Ids.dialogueId(runId, Split.TYPE_B, row, Modality.MULTIMODAL, Intent.UNSAFE, 0, 1);
        String requestId = Ids.judgeRequestId(dialogueId, 1, "js-1");
        List<Exchange> exchanges = IntStream.rangeClosed(1, 3)
                .mapToObj(n -> new Exchange(text("Question " + n + " of row " + row),
                        n == 2 ? null : text("Answer " + n)))
                .toList();
        return new AskJudge(new EventMeta(requestId + "/1", "cause", "00", ASKED_AT), requestId,
                new Subject(runId, dialogueId, Split.TYPE_B, row, Modality.MULTIMODAL, Intent.UNSAFE, 0, 1,
                        "uncategorised", "cd".repeat(32)),
                1,
                "js-1", judge, new CallParameters(0.0, 128, null),
                new CallLimits(64, 3, 5_000L, null, null, null, null), PACK.digest(),
                text("A cup beside a kettle."), exchanges, null, 0);
    }

    static Text text(String plain) {
        return Texts.of(plain, new byte[Texts.SALT_BYTES]);
    }
}
