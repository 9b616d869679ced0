package io.turnstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.StepParameters;
import io.turnstream.events.Ids;
import io.turnstream.projection.document.Parameters;
import io.turnstream.providers.prices.Prices;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgementRequestsTest {

    private static final ProtocolPack PACK = ProtocolPack.bundled(ProtocolPack.DEFAULT);
    private static final String RUN = "01JD0000000000000000000001";
    private static final CallParameters JUDGES = new CallParameters(0.3, 777, 5L);
    private static final EventMeta META = new EventMeta("e", null, null, 0L);

    @Test
    void theSameJudgeWithNothingElseGivenCompletesTheRunsOwnSet() {
        JudgementSpec spec = requests(order("openai/gpt-5-mini", null, null)).spec();

        assertThat(spec.getJudgementSetId())
                .isEqualTo(Ids.judgementSetId(RUN, new ModelTarget("openai", "gpt-5-mini"), JUDGES, PACK.digest(),
                        "captions", 1));
        assertThat(spec.getParameters()).isEqualTo(JUDGES);
        assertThat(spec.getCaptionsDigest()).isEqualTo("captions");
    }

    @Test
    void anotherRubricBringsItsOwnParametersAndIsAnotherSet() {
        Map<String, byte[]> files = new TreeMap<>(PACK.files());
        String rubric = files.keySet().stream().filter(name -> name.contains("rubric") || name.contains("judge"))
                .findFirst().orElseThrow();
        files.put(rubric, (new String(files.get(rubric), StandardCharsets.UTF_8) + "\nBe strict.\n")
                .getBytes(StandardCharsets.UTF_8));
        JudgementRequests requests = requests(order("openai/gpt-5-mini", files, null));

        assertThat(requests.rubric()).isPresent();
        assertThat(requests.spec().getProtocolDigest()).isEqualTo(requests.rubric().orElseThrow().digest())
                .isNotEqualTo(PACK.digest());
        assertThat(requests.spec().getParameters()).isEqualTo(new CallParameters(0.0, 128, null));
        assertThat(requests.spec().getJudgementSetId())
                .isNotEqualTo(requests(order("openai/gpt-5-mini", null, null)).spec().getJudgementSetId());
    }

    @Test
    void theRunsOwnPackGivenAsFilesIsStillTheRunsOwn() {
        JudgementRequests requests = requests(order("openai/gpt-5-mini", PACK.files(), null));

        assertThat(requests.rubric()).isEmpty();
        assertThat(requests.spec()).isEqualTo(requests(order("openai/gpt-5-mini", null, null)).spec());
    }

    @Test
    void givenParametersWinAndTheEventSaysWhoAskedForWhat() {
        JudgementSetRequested requested = requests(order("openai/gpt-5", null, new Parameters(null, 2_000, null)))
                .requested(List.of(RUN + "/x"), "event", "0.1.0", 17L);

        assertThat(requested.getSpec().getParameters()).isEqualTo(new CallParameters(null, 2_000, null));
        assertThat(requested.getDialogueIds()).containsExactly(RUN + "/x");
        assertThat(requested.getOnlyUnscored()).isTrue();
        assertThat(requested.getRequestedBy()).isEqualTo("somebody");
        assertThat(requested.getWindow()).as("32 connections, a quarter more, and 8").isEqualTo(48);
        assertThat(requested.getMeta().getOccurredAtMillis()).isEqualTo(17L);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> requests(order(null, null, null)).spec()).hasMessageContaining("no judge is given");
        assertThatThrownBy(() -> requests(order("gpt-5", null, null)).spec())
                .hasMessageContaining("'gpt-5' is no model");
        assertThatThrownBy(() -> requests(new JudgementOrder("a/b", null, false, null, null, null, 0, null, null)))
                .isInstanceOf(UnacceptableRunException.class).hasMessageContaining("replicate");
        assertThatThrownBy(() -> requests(order("a/b", Map.of("x", new byte[1]), null)))
                .isInstanceOf(UnacceptableRunException.class)
                .hasMessageContaining("protocolFiles");
    }

    @Test
    void toCompleteASetThatTheRunDoesNotHaveIsRefusedWithTheSetsItHas() {
        JudgementRequests another = requests(order("openai/gpt-5", null, null));

        assertThatThrownBy(() -> another.requireSet(List.of(), Set.of())).isInstanceOf(UnacceptableRunException.class)
                .hasMessageContaining(
                        "no set of exactly this judge to complete: openai/gpt-5 (temperature 0.3, max tokens 777, seed 5, rubric mtmcs-v2 ")
                .hasMessageContaining(
                        "The run has js-own by openai/gpt-5-mini (temperature 0.3, max tokens 777, seed 5, rubric mtmcs-v2 ");
        another.requireSet(List.of(another.spec()), Set.of());
        another.requireSet(List.of(), Set.of(another.spec().getJudgementSetId()));
    }

    private static JudgementOrder order(@Nullable String judge, @Nullable Map<String, byte[]> files,
            @Nullable Parameters parameters) {
        return new JudgementOrder(judge, files, true, null, parameters, null, null, null, "somebody");
    }

    private static JudgementRequests requests(JudgementOrder order) {
        CallParameters call = new CallParameters(0.1, 128, null);
        CallLimits limits = new CallLimits(32, 5, 120_000L, null, null, null, null);
        RunRequested run = new RunRequested(META, RUN, new ModelTarget("sim", "m"),
                new ModelTarget("openai", "gpt-5-mini"), null, List.of("data"), null,
                null, new Selection(List.of(), List.of(), List.of(), 0, null, List.of(), false, 1), PACK.digest(),
                PACK.name(),
                new StepParameters(call, call, call, JUDGES), limits, limits, 48, false, null, List.of(), "me", "0.1.0",
                null, null, null);
        RunPlanned plan = new RunPlanned(META, RUN, 4, List.of(), 1L, 0L, 0L, 0L, "d", "captions", "js-own", 0L, 0L);
        return JudgementRequests.of(order, run, plan, Prices.bundled());
    }
}
