package io.turnstream.simulator;

import io.turnstream.simulator.SimulatorSettings.Faults;
import io.turnstream.simulator.SimulatorSettings.Latency;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which fault and what latency a call meets: a function of seed, request and how often the request was seen.
///
/// @param burst at most so many faults in a row for one request
record FaultPlan(long seed, Faults faults, Map<String, Double> forms, Latency latency, int burst) {

    FaultPlan(long seed, Faults faults, Latency latency, int burst) {
        this(seed, faults, Map.of(), latency, burst);
    }

    /// @param seen        how often the same request was admitted before
    /// @param faultsInARow how many faults it met since its last proper answer
    /// @return null for none
    @Nullable
    Fault fault(long fingerprint, int seen, int faultsInARow) {
        if (faultsInARow >= burst) {
            return null;
        }
        double draw = Chance.of(seed, fingerprint).at(seen).draw("fault");
        for (Fault fault : Fault.values()) {
            draw -= faults.of(fault);
            if (draw < 0) {
                return fault;
            }
        }
        return null;
    }

    /// The provider's form of the answer: drawn by request or, for those that pass, by attempt.
    ///
    /// @return null for none
    @Nullable
    ProviderForm form(long fingerprint, int seen, int faultsInARow) {
        if (forms.isEmpty()) {
            return null;
        }
        Chance chance = Chance.of(seed, fingerprint);
        double lasting = chance.draw("form");
        double passing = faultsInARow >= burst ? 1 : chance.at(seen).draw("passing form");
        for (ProviderForm form : ProviderForm.values()) {
            double share = forms.getOrDefault(form.key(), 0.0);
            if (form.isPassing() ? (passing -= share) < 0 : (lasting -= share) < 0) {
                return form;
            }
        }
        return null;
    }

    boolean slow(long fingerprint, int seen) {
        return Chance.of(seed, fingerprint).at(seen).hits("slow", latency.slowFraction());
    }

    int latencyMillis(long fingerprint, boolean slow) {
        int jitter = latency.jitterMillis() == 0
                ? 0
                : Chance.of(seed, fingerprint).below("jitter", latency.jitterMillis() + 1);
        return latency.fixedMillis() + jitter + (slow ? latency.slowMillis() : 0);
    }
}
