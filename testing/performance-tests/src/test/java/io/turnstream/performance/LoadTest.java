package io.turnstream.performance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.console.ApiJson;
import io.turnstream.console.RunOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"unimodal, true", "multimodal, false", "-, true"})
    void what_is_sent_to_any_version_is_the_order_that_this_version_understands(String modality, boolean judged)
            throws Exception {
        Load load = new Load(Path.of("/data/texts"), 94, modality, 2, 128, judged);

        RunOrder understood = ApiJson.answer(load.json(), RunOrder.class);

        assertThat(new ObjectMapper().readTree(ApiJson.write(understood)))
                .isEqualTo(new ObjectMapper().readTree(ApiJson.write(load.order())));
    }

    @Test
    void model_and_judge_share_the_connections() {
        Load load = new Load(Path.of("/data/texts"), 94, null, 1, 512, true);

        assertThat(load.modelConnections() + load.judgeConnections()).isEqualTo(512);
    }
}
