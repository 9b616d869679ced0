package io.turnstream.providers.openai;

import io.turnstream.providers.Adaptation;
import io.turnstream.providers.CallParameters;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What each model of a provider turned out not to take. There are as many entries as models that were asked, and each
/// only grows, so that learning ends after as many refusals as there are [Adaptation]s.
final class LearnedAdaptations {

    private final Map<String, Set<Adaptation>> byModel = new ConcurrentHashMap<>();

    Set<Adaptation> of(String model) {
        return byModel.getOrDefault(model, Set.of());
    }

    void add(String model, Adaptation adaptation) {
        byModel.merge(model, Set.of(adaptation), (known, more) -> {
            EnumSet<Adaptation> both = EnumSet.copyOf(known);
            both.addAll(more);
            return Set.copyOf(both);
        });
    }

    /// What is left of the parameters. A renamed limit is still there.
    static CallParameters apply(Set<Adaptation> adaptations, CallParameters requested) {
        return adaptations.isEmpty()
                ? requested
                : new CallParameters(
                        adaptations.contains(Adaptation.TEMPERATURE_DROPPED) ? null : requested.temperature(),
                        requested.maxTokens(),
                        adaptations.contains(Adaptation.SEED_DROPPED) ? null : requested.seed());
    }
}
