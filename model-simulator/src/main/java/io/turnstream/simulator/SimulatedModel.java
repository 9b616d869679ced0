package io.turnstream.simulator;

import io.turnstream.simulator.Persona.Listed;
import io.turnstream.simulator.SimulatorSettings.ModelSettings;

/// One model name in use: its counts, and what the settings of the moment make of it.
final class SimulatedModel {

    private final String name;
    private final Listed listed;
    private final CallCounters counters;
    private Effective effective;

    SimulatedModel(String name, Listed listed, SimulatorSettings settings) {
        this.name = name;
        this.listed = listed;
        this.counters = new CallCounters(settings.minuteMillis());
        this.effective = Effective.of(name, listed, settings);
    }

    /// The settings with this model's overrides in place.
    ///
    /// @param ownMaxInFlight whether `maxInFlight` bounds this model alone and not all together; `ownPerMinute`
    ///         likewise
    record Effective(
            Responder responder,
            FaultPlan faultPlan,
            boolean down,
            int maxInFlight,
            boolean ownMaxInFlight,
            int requestsPerMinute,
            boolean ownPerMinute) {

        static Effective of(String name, Listed listed, SimulatorSettings settings) {
            ModelSettings own = settings.overridesFor(name);
            FaultPlan plan = new FaultPlan(settings.seed(),
                    own.faults() == null ? settings.faults() : own.faults(),
                    own.forms() == null ? settings.forms() : own.forms(),
                    own.latency() == null ? settings.latency() : own.latency(),
                    settings.faultBurst());
            return new Effective(new Responder(listed, settings, own), plan,
                    own.down() == null ? settings.down() : own.down(),
                    own.maxInFlight() == null ? settings.maxInFlight() : own.maxInFlight(), own.maxInFlight() != null,
                    own.requestsPerMinute() == null ? settings.requestsPerMinute() : own.requestsPerMinute(),
                    own.requestsPerMinute() != null);
        }
    }

    void apply(SimulatorSettings settings) {
        counters.minuteLasts(settings.minuteMillis());
        effective = Effective.of(name, listed, settings);
    }

    String name() {
        return name;
    }

    CallCounters counters() {
        return counters;
    }

    Effective effective() {
        return effective;
    }
}
