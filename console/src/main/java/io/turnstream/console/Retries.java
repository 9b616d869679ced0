package io.turnstream.console;

import io.turnstream.contracts.Outcome;
import io.turnstream.events.Ids;
import java.util.List;
import java.util.stream.Collectors;

/// Which outcomes can be tried again when somebody asks for it. Failures of infrastructure, and what they left undone,
/// always are.
public final class Retries {

    private static final List<Outcome> ASKED_FOR = List.of(Outcome.TRUNCATED, Outcome.EMPTY, Outcome.OVERSIZED,
            Outcome.JUDGE_UNPARSEABLE, Outcome.JUDGE_REFUSED);

    private Retries() {}

    /// Their wire names.
    public static List<String> names() {
        return ASKED_FOR.stream().map(Ids::wireName).toList();
    }

    static List<Outcome> outcomes(List<String> names) {
        return names.stream().distinct().map(name -> ASKED_FOR.stream()
                .filter(outcome -> Ids.wireName(outcome).equals(name)).findFirst()
                .orElseThrow(() -> new UnacceptableRunException("'" + name + "' is no outcome that can be tried again",
                        "also",
                        "There are " + names().stream().collect(Collectors.joining(", ")) + "; failures always are.")))
                .toList();
    }
}
