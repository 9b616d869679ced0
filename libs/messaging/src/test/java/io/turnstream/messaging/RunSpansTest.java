package io.turnstream.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.PlanningFailed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.messaging.RunSpans.Span;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class RunSpansTest {

    private static final EventMeta META = new EventMeta("e", null, null, 0L);

    private final List<RunLog.Entry> entries = new ArrayList<>();

    @Test
    void aRunIsAtWorkFromItsFirstRecordToItsFinalState() {
        at(10, somethingElse());
        at(11, state(RunState.PLANNING));
        at(12, state(RunState.RUNNING));
        at(40, state(RunState.PAUSED));
        at(90, state(RunState.COMPLETED));

        assertThat(spans()).containsExactly(new Span(10, 90L));
    }

    @Test
    void aRunThatHasNotEndedIsAtWorkStill() {
        at(10, state(RunState.PLANNING));

        assertThat(spans()).containsExactly(new Span(10, null));
    }

    @Test
    void retriesAndLaterJudgingAreSpansOfTheirOwn() {
        at(10, state(RunState.PLANNING));
        at(20, state(RunState.INCOMPLETE));
        at(500, state(RunState.RUNNING));
        at(510, state(RunState.COMPLETED));
        at(900, opened("js-1"));
        at(901, set("js-1", RunState.PLANNING));
        at(950, set("js-1", RunState.COMPLETED));

        assertThat(spans()).containsExactly(new Span(10, 20L), new Span(500, 510L), new Span(900, 950L));
    }

    @Test
    void setsThatAreJudgedSideBySideShareASpan() {
        at(10, state(RunState.COMPLETED));
        at(100, opened("js-1"));
        at(110, opened("js-2"));
        at(120, set("js-1", RunState.COMPLETED));
        at(130, set("js-2", RunState.INCOMPLETE));

        assertThat(spans()).containsExactly(new Span(10, 10L), new Span(100, 130L));
    }

    @Test
    void whoeverIsCancelledEndsWhenTheLastDialogueHas() {
        at(10, state(RunState.PLANNING));
        at(20, state(RunState.CANCELLED));
        at(35, state(RunState.CANCELLED));
        at(100, opened("js-1"));
        at(110, set("js-1", RunState.CANCELLED));
        at(125, set("js-1", RunState.CANCELLED));

        assertThat(spans()).containsExactly(new Span(10, 35L), new Span(100, 125L));
    }

    private List<Span> spans() {
        return RunSpans.of(entries);
    }

    private void at(long millis, SpecificRecord event) {
        entries.add(new RunLog.Entry(event, entries.size(), millis));
    }

    private static SpecificRecord somethingElse() {
        return new PlanningFailed(META, "RUN", "x", "y", "z");
    }

    private static SpecificRecord state(RunState state) {
        return new RunStateChanged(META, "RUN", 1L, state, null, List.of(), 0, 0L, 0L, 0L, null, null, null, null,
                null);
    }

    private static SpecificRecord set(String setId, RunState state) {
        return new JudgementSetStateChanged(META, "RUN", setId, 1L, 1L, state, null, List.of(), 0, null, 0L, 0L, null,
                null, null);
    }

    private static SpecificRecord opened(String setId) {
        JudgementSpec spec = new JudgementSpec(setId, new ModelTarget("sim", "j"), new CallParameters(0.0, 128, null),
                new CallLimits(1, 1, 1L, null, null, null, null), "pack", "mtmcs-v1", null, 1);
        return new JudgementSetOpened(META, "RUN", 1L, spec, false, List.of(), 1, "tester", "test", null);
    }
}
