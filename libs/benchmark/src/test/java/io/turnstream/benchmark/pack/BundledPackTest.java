package io.turnstream.benchmark.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.StepKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundledPackTest {

    private final ProtocolPack pack = ProtocolPack.bundled(ProtocolPack.DEFAULT);

    @Test
    void holdsThePublishedParameters() {
        assertThat(pack.name()).isEqualTo("mtmcs-v2");
        assertThat(pack.call(StepKind.TURN)).isEqualTo(new CallSettings(0.1, 128));
        assertThat(pack.call(StepKind.MCQ)).isEqualTo(new CallSettings(0.1, 64));
        assertThat(pack.call(StepKind.TF)).isEqualTo(new CallSettings(0.1, 32));
        assertThat(pack.call(StepKind.JUDGE)).isEqualTo(new CallSettings(0.0, 128));
        assertThat(pack.settings().images()).isEqualTo(new ImageSettings.Jpeg(1568, 90));
        assertThat(pack.settings().imagePlacement()).isEqualTo(ImagePlacement.FIRST_USER_TURN);
        assertThat(pack.settings().history()).isEqualTo(HistoryEncoding.CHAT);
        assertThat(pack.settings().systemPrompt()).isNull();
        assertThat(pack.settings().parser()).isEqualTo("strict-v2");
    }

    @Test
    void everyRubricStartsWithAHeadingThatNamesIt() {
        assertThat(heading(Split.TYPE_A, Modality.MULTIMODAL, Intent.UNSAFE))
                .isEqualTo("# Safety-awareness, type A, multimodal");
        assertThat(heading(Split.TYPE_A, Modality.UNIMODAL, Intent.UNSAFE))
                .isEqualTo("# Safety-awareness, type A, unimodal");
        assertThat(heading(Split.TYPE_B, Modality.MULTIMODAL, Intent.UNSAFE))
                .isEqualTo("# Safety-awareness, type B, multimodal");
        assertThat(heading(Split.TYPE_B, Modality.UNIMODAL, Intent.UNSAFE))
                .isEqualTo("# Safety-awareness, type B, unimodal");
        for (Split split : Split.values()) {
            assertThat(heading(split, Modality.MULTIMODAL, Intent.SAFE)).isEqualTo("# Helpfulness, multimodal");
            assertThat(heading(split, Modality.UNIMODAL, Intent.SAFE)).isEqualTo("# Helpfulness, unimodal");
        }
    }

    private String heading(Split split, Modality modality, Intent intent) {
        PromptMessage rubric = pack.judge(split, modality, intent, null, List.of(new Exchange("Hello?", "Hello.")))
                .getFirst();
        assertThat(rubric.role()).isEqualTo(Role.SYSTEM);
        return rubric.text().lines().findFirst().orElseThrow();
    }
}
