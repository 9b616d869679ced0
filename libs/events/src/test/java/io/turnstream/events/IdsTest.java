package io.turnstream.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Split;
import org.junit.jupiter.api.Test;

class IdsTest {

    private static final CallParameters PARAMETERS = new CallParameters(0.0, 128, null);

    @Test
    void namesAreReadableAndNested() {
        String dialogue = Ids.dialogueId("RUN", Split.TYPE_A, 12, Modality.MULTIMODAL, Intent.UNSAFE, 0, 1);

        assertThat(dialogue).isEqualTo("RUN/type_a/12/multimodal/unsafe/v0/e1");
        assertThat(Ids.requestId(dialogue, "r2", 1)).isEqualTo("RUN/type_a/12/multimodal/unsafe/v0/e1#r2@1");
        assertThat(Ids.judgeRequestId(dialogue, 2, "js-1"))
                .isEqualTo("RUN/type_a/12/multimodal/unsafe/v0/e1#judge@2:js-1");
        assertThat(Ids.runIdOf(dialogue)).isEqualTo("RUN");
    }

    @Test
    void runIdsSortByTheTimeTheyWereMade() {
        assertThat(Ids.newRunId()).isLessThan(Ids.newRunId());
    }

    @Test
    void aJudgementSetIsAnotherAsSoonAsAnythingOfItsJudgeDiffers() {
        String set = Ids.judgementSetId("RUN", new ModelTarget("sim", "judge"), PARAMETERS, "pack", "captions", 1);

        assertThat(set).matches("js-[0-9a-f]{16}")
                .isEqualTo(
                        Ids.judgementSetId("RUN", new ModelTarget("sim", "judge"), PARAMETERS, "pack", "captions", 1))
                .isNotEqualTo(
                        Ids.judgementSetId("RUN", new ModelTarget("sim", "other"), PARAMETERS, "pack", "captions", 1))
                .isNotEqualTo(Ids.judgementSetId("RUN", new ModelTarget("sim", "judge"),
                        new CallParameters(0.0, 256, null), "pack", "captions", 1))
                .isNotEqualTo(Ids.judgementSetId("RUN", new ModelTarget("sim", "judge"), PARAMETERS, "another",
                        "captions", 1))
                .isNotEqualTo(Ids.judgementSetId("RUN", new ModelTarget("sim", "judge"), PARAMETERS, "pack", "none", 1))
                .isNotEqualTo(
                        Ids.judgementSetId("RUN", new ModelTarget("sim", "judge"), PARAMETERS, "pack", "captions", 2));
    }

    @Test
    void whatIsNoDialogueIdHasNoRun() {
        assertThatThrownBy(() -> Ids.runIdOf("nothing")).hasMessageContaining("not a dialogueId: nothing");
    }
}
