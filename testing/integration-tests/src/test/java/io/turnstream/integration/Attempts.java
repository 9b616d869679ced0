package io.turnstream.integration;

import io.turnstream.cluster.EventLog;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.StepSettled;
import io.turnstream.events.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The attempts that the accepted events of a run tell of, call by call.
record Attempts(List<List<Attempt>> calls) {

    static Attempts of(EventLog log, String runId) {
        List<List<Attempt>> calls = new ArrayList<>();
        Stream<@Nullable Answer> steps = log.events(Topics.DIALOGUE_EVENTS, StepSettled.class, runId).stream()
                .map(StepSettled::getAnswer);
        Stream<@Nullable Answer> verdicts = log.events(Topics.DIALOGUE_EVENTS, JudgementSettled.class, runId).stream()
                .map(JudgementSettled::getAnswer);
        Stream.concat(steps, verdicts).filter(answer -> answer != null)
                .forEach(answer -> calls.add(answer.getAttempts()));
        return new Attempts(calls);
    }

    /// How many attempts ended in each way.
    Map<String, Long> byCause() {
        Map<String, Long> causes = new TreeMap<>();
        calls.forEach(call -> call.forEach(attempt -> causes.merge(attempt.getCause(), 1L, Long::sum)));
        return causes;
    }

    /// How long calls waited before they tried again after such an attempt, ms.
    List<Long> waitsAfter(String cause) {
        List<Long> waits = new ArrayList<>();
        for (List<Attempt> call : calls) {
            for (int next = 1; next < call.size(); next++) {
                if (call.get(next - 1).getCause().equals(cause)) {
                    waits.add(call.get(next).getWaitedMillis());
                }
            }
        }
        return waits;
    }
}
