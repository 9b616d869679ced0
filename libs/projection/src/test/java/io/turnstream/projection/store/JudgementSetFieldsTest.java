package io.turnstream.projection.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.StepKind;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.JudgementSetFacts;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class JudgementSetFieldsTest {

    private final Document run = new Document("_id", "RUN");

    @Test
    void tellsTheJudgeAndHowFarTheSetIs() {
        apply(opened(100, false), state(100, 1, RunState.PLANNING, 0), state(100, 2, RunState.COMPLETED, 4));

        assertThat(facts(4)).satisfies(set -> {
            assertThat(set.judge()).isEqualTo("openai/better");
            assertThat(set.parameters()).isEqualTo(new Parameters(0.0, 128, null));
            assertThat(set.state()).isEqualTo("completed");
            assertThat(set.outcomes()).isEqualTo(Map.of("judged", 4L));
            assertThat(set.settled()).isTrue();
            assertThat(set.rounds()).singleElement()
                    .satisfies(round -> assertThat(round.requestedBy()).isEqualTo("tester"));
        });
        assertThat(facts(3).settled()).as("a verdict has not arrived yet").isFalse();
    }

    @Test
    void aSetThatGoesOnIsAsFarAsItsVerdictsHaveArrived() {
        apply(opened(100, false), state(100, 1, RunState.RUNNING, 0));

        assertThat(facts(3).dialogues()).isEqualTo(3);
        assertThat(facts(3).outcomes()).isEqualTo(Map.of("judged", 3L));
        assertThat(facts(3).settled()).isFalse();
    }

    @Test
    void readingTheLogAgainOrAnOlderStateChangesNothing() {
        apply(opened(100, false), state(100, 1, RunState.PLANNING, 0), state(100, 2, RunState.COMPLETED, 4));
        Document before = Document.parse(run.toJson());
        apply(opened(100, false), state(100, 1, RunState.PLANNING, 0), state(100, 2, RunState.COMPLETED, 4));

        assertThat(run.toJson()).isEqualTo(before.toJson());
    }

    @Test
    void aLaterRoundCountsAlsoWhereItsVersionsStartAnew() {
        apply(opened(100, false), state(100, 7, RunState.INCOMPLETE, 3), opened(200, true),
                state(200, 1, RunState.RUNNING, 3));

        assertThat(facts(3).state()).isEqualTo("running");
        assertThat(facts(3).rounds()).extracting(JudgementSetFacts.Round::onlyUnscored).containsExactly(false, true);
    }

    private JudgementSetFacts facts(long arrived) {
        return JudgementSetFields.read(run, Map.of("js-1", Map.of("judged", arrived)), Served.NOBODY).getFirst();
    }

    private void apply(SpecificRecord... events) {
        for (SpecificRecord event : events) {
            RunFields.apply(event, run);
        }
    }

    private static JudgementSetOpened opened(long round, boolean onlyUnscored) {
        JudgementSpec spec = new JudgementSpec("js-1", new ModelTarget("openai", "better"),
                new CallParameters(0.0, 128, null),
                new CallLimits(1, 1, 1L, null, null, null, null), "pack", "mtmcs-v1", null, 1);
        return new JudgementSetOpened(meta(round), "RUN", round, spec, onlyUnscored, List.of(), 10, "tester", "0.1.0",
                null);
    }

    private static JudgementSetStateChanged state(long round, long version, RunState state, long judged) {
        List<OutcomeCount> outcomes = judged == 0
                ? List.of()
                : List.of(new OutcomeCount(StepKind.JUDGE, Outcome.JUDGED, judged));
        return new JudgementSetStateChanged(meta(round + version), "RUN", "js-1", version, round, state, null, outcomes,
                (int) judged, 4, judged, 0L, null, null, null);
    }

    private static EventMeta meta(long atMillis) {
        return new EventMeta("e", null, null, atMillis);
    }
}
