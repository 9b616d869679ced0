package io.turnstream.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.Step;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.Subject;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Ids;
import io.turnstream.events.RecordedProvider;
import io.turnstream.events.Texts;
import io.turnstream.importer.reading.DialogueKey;
import io.turnstream.importer.reading.RecordedDialogue;
import io.turnstream.importer.reading.RecordedDialogue.Round;
import io.turnstream.providers.work.Conclusion;
import io.turnstream.providers.work.Permission;
import io.turnstream.providers.work.Unanswered;
import io.turnstream.providers.work.WorkItem;
import io.turnstream.providers.work.WorkSession;
import io.turnstream.providers.work.WorkerName;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedAnswersTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final String DIALOGUE = Ids.dialogueId("RUN", Split.TYPE_A, 1, Modality.UNIMODAL, Intent.UNSAFE, 0,
            1);
    private static final DialogueKey KEY = new DialogueKey(io.turnstream.benchmark.Split.TYPE_A, 1,
            io.turnstream.benchmark.Modality.UNIMODAL,
            io.turnstream.benchmark.Intent.UNSAFE);
    private static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);

    @Test
    void keeps_reasoning_of_a_recorded_turn_apart() throws InterruptedException {
        TurnAnswered answered = answered("<think>Is he joking?</think>It is a ladder.");

        assertThat(answered.getOutcome()).isEqualTo(Outcome.ANSWERED);
        Answer answer = answered.getAnswer();
        assertThat(Texts.plain(answer.getText())).isEqualTo("It is a ladder.");
        assertThat(Texts.plain(answer.getReasoning())).isEqualTo("Is he joking?");
        assertThat(Texts.plain(answer.getFirstText())).isEqualTo("<think>Is he joking?</think>It is a ladder.");
    }

    @Test
    void calls_a_recorded_turn_of_nothing_but_reasoning_empty() throws InterruptedException {
        TurnAnswered answered = answered("<think>Is he joking?");

        assertThat(answered.getOutcome()).isEqualTo(Outcome.EMPTY);
        assertThat(answered.getAnswer().getError()).isEqualTo("the recorded answer holds nothing but reasoning");
    }

    @Test
    void leaves_a_recorded_turn_without_reasoning_as_it_is() throws InterruptedException {
        Answer answer = answered(" It is a ladder. ").getAnswer();

        assertThat(Texts.plain(answer.getText())).isEqualTo(" It is a ladder. ");
        assertThat(answer.getFirstText()).isNull();
    }

    private static TurnAnswered answered(String text) throws InterruptedException {
        RecordedAnswers answers = new RecordedAnswers("RUN");
        Round round = new Round("What is it?", text);
        answers.put(DIALOGUE, new RecordedDialogue(KEY, List.of(round, round, round), List.of(), null));
        WorkSession session = new WorkSession(WorkItem.of(turn()), PACK,
                (prompt, watch) -> Unanswered.because(Permission.PAUSED, NOW),
                () -> Permission.GO, new WorkerName("host/1/abcd"),
                Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));
        return (TurnAnswered) ((Conclusion.Answered) answers.toModelRequests().conclude(session)).event();
    }

    private static AskModel turn() {
        String requestId = Ids.requestId(DIALOGUE, "r1", 1);
        return new AskModel(new EventMeta(requestId + "/1", "cause", "00", NOW), requestId,
                new Subject("RUN", DIALOGUE, Split.TYPE_A, 1, Modality.UNIMODAL, Intent.UNSAFE, 0, 1, "uncategorised",
                        "cd".repeat(32)),
                new Step("r1", StepKind.TURN), 1, new ModelTarget(RecordedProvider.NAME, "some-model"),
                new CallParameters(0.1, 128, null),
                new CallLimits(64, 3, 5_000L, null, null, null, null), PACK.digest(), List.of(),
                Texts.of("What is it?"), null, null, null, 0);
    }
}
