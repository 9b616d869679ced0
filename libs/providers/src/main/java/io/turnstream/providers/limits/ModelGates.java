package io.turnstream.providers.limits;

import io.turnstream.providers.ModelName;
import io.turnstream.providers.calling.CallOrder;
import io.turnstream.providers.calling.Gate;
import io.turnstream.providers.calling.Time;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// A gate for each model, so that one that is slow, limited or down holds up no other. One per process, for models and
/// judges alike.
public final class ModelGates implements Gate {

    private final Map<ModelName, ModelGate> gates = new ConcurrentHashMap<>();
    private final Time time;

    public ModelGates(Time time) {
        this.time = time;
    }

    @Override
    public Admission ask(CallOrder order, BooleanSupplier aborted) throws InterruptedException {
        return gate(order).ask(order, aborted);
    }

    @Override
    public boolean hasServedSince(CallOrder order, long sinceNanos) {
        return gate(order).hasServedSince(order, sinceNanos);
    }

    private ModelGate gate(CallOrder order) {
        return gates.computeIfAbsent(order.call().model(), model -> new ModelGate(model, time));
    }

    /// How it stands with each model that was asked for, by name.
    public List<ModelLoad> loads() {
        return gates.values().stream().map(ModelGate::load)
                .sorted(Comparator.comparing(load -> load.model().toString())).toList();
    }
}
