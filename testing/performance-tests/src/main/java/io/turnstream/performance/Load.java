package io.turnstream.performance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.console.RunOrder;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run to measure: which part of which data set, and how many calls at a time.
///
/// @param rows the first so many of each split
/// @param modality `multimodal`, `unimodal`, or null for both
/// @param connections to model and judge together
/// @param judged whether each dialogue is judged
record Load(Path dataset, int rows, @Nullable String modality, int epochs, int connections, boolean judged) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String MODEL = "contextual";
    static final String JUDGE = "judge";
    private static final int RETRIES = 5;
    private static final long TIMEOUT_MILLIS = 60_000;
    /// Three turns, two multiple-choice questions, and a statement for each second dialogue of a pair: two statements
    /// per unsafe one.
    private static final int MODEL_CALLS = 6;

    /// Calls go to the judge once for each six to the model, so a seventh of the connections is the judge's.
    int judgeConnections() {
        return judged ? Math.max(1, Math.round(connections / (MODEL_CALLS + 1f))) : 0;
    }

    int modelConnections() {
        return connections - judgeConnections();
    }

    /// Dialogues of the plan: two splits, safe and unsafe.
    int dialogues() {
        return rows * 4 * (modality == null ? 2 : 1) * epochs;
    }

    /// The least time these calls can take.
    double idealSeconds(long calls, double latencySeconds) {
        return calls * latencySeconds / connections;
    }

    RunOrder order() {
        return orderOf(1);
    }

    /// The same order field by field, as documented in docs/rest-api.md.
    String json() {
        ObjectNode order = JSON.createObjectNode().put("judge", judged ? "sim/" + JUDGE : null).put("window", window(1))
                .put("requestedBy", "bench");
        order.putArray("models").add("sim/" + MODEL);
        order.putArray("dataset").add(dataset.toString());
        order.putArray("tags").add("bench");
        ObjectNode selection = order.putObject("selection").put("firstRow", 0).put("rowLimit", rows)
                .put("variants", false).put("epochs", epochs);
        for (String all : List.of("splits", "intents", "sampleIds")) {
            selection.putArray(all);
        }
        ArrayNode modalities = selection.putArray("modalities");
        if (modality != null) {
            modalities.add(modality);
        }
        put(order.putObject("limits"), modelConnections());
        if (judged) {
            put(order.putObject("judgeLimits"), judgeConnections());
        }
        return order.toString();
    }

    private static void put(ObjectNode limits, int connections) {
        limits.put("maxConnections", connections).put("maxRetries", RETRIES).put("timeoutMillis", TIMEOUT_MILLIS);
    }

    /// More dialogues than connections, since a dialogue has pauses between its calls.
    private int window(int processes) {
        return processes * connections * 3 / 2 + 16;
    }

    /// @param processes that may make so many calls each
    RunOrder orderOf(int processes) {
        SelectionFacts selection = new SelectionFacts(List.of(), modality == null ? List.of() : List.of(modality),
                List.of(), 0, rows,
                List.of(), false, epochs);
        return new RunOrder(List.of("sim/" + MODEL), judged ? "sim/" + JUDGE : null, List.of(dataset.toString()), null,
                null, selection, null, null,
                limits(modelConnections()), judged ? limits(judgeConnections()) : null, window(processes), false, null,
                List.of("bench"), "bench");
    }

    private static Limits limits(int connections) {
        return new Limits(connections, RETRIES, TIMEOUT_MILLIS);
    }
}
