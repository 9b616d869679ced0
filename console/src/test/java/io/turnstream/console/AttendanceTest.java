package io.turnstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.messaging.WorkGroup;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Progress.Stage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttendanceTest {

    /// 6 turns and 2 verdicts to go, no questions.
    private static Progress progress(String state) {
        return new Progress("01J", state, "because", false, 2L, new Stage(6, Map.of()), new Stage(0, Map.of()),
                new Stage(2, Map.of()), 0, 0,
                0, 0, 0, 0);
    }

    private static Attendance without(Set<WorkGroup> absent) {
        return new Attendance("localhost:1", () -> absent, () -> {});
    }

    @ParameterizedTest
    @CsvSource({"requested, TURN_DISPATCHER, turn-dispatcher", "planning, DATASET_LOADER, dataset-loader",
            "running, MODEL_WORKERS, model-worker", "running, JUDGE_WORKERS, judge-worker"})
    void saysWhichServiceTheRunWaitsFor(String state, WorkGroup absent, String service) {
        assertThat(without(Set.of(absent)).remark(progress(state)).reason())
                .isEqualTo("no " + service + " is running; the run goes on once one is");
    }

    @Test
    void namesAllThatAreMissing() {
        assertThat(without(Set.of(WorkGroup.values())).remark(progress("running")).reason()).startsWith(
                "no turn-dispatcher and no model-worker and no judge-worker is running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"paused", "halted", "completed", "incomplete", "cancelled", "failed"})
    void leavesTheReasonOfARunThatWaitsForNoService(String state) {
        assertThat(without(Set.of(WorkGroup.values())).remark(progress(state))).isEqualTo(progress(state));
    }

    @Test
    void leavesTheReasonWhereAllThatIsNeededIsThere() {
        assertThat(without(Set.of(WorkGroup.DATASET_LOADER)).remark(progress("running")))
                .isEqualTo(progress("running"));
    }

    @Test
    void saysThatTheBrokerIsSilent() {
        Attendance attendance = new Attendance("localhost:1", () -> {
            throw new Attendance.BrokerSilentException(new TimeoutException());
        }, () -> {});

        assertThat(attendance.remark(progress("running")).reason())
                .isEqualTo("the broker at localhost:1 does not answer");
    }
}
