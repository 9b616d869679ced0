package io.turnstream.simulator;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A scripted character. Its reply is a pure function of what it is shown and of reproducible chance.
interface Persona {

    /// @param view   the conversation
    /// @param chance the luck of this request; another one in `fresh` mode
    /// @param seen   how often the same request came before
    String reply(ConversationView view, Chance chance, int seen);

    /// The same character with another share of right answers, for characters that answer questions.
    default Persona withAccuracy(double accuracy) {
        return this;
    }

    /// A persona under its name, with the habits of its API.
    ///
    /// @param reasoning whether it takes `max_completion_tokens` and the default temperature only, and thinks first
    record Listed(String name, Persona persona, boolean reasoning) {}

    List<Listed> ALL = List.of(
            new Listed("contextual", new Contextual(0.92), false),
            new Listed("eager", new Eager(0.35), false),
            new Listed("cautious", new Cautious(0.90), false),
            new Listed("forgetful", new Forgetful(0.88), false),
            new Listed("erratic", new Erratic(0.75), false),
            new Listed("reasoning", new Contextual(0.96), true),
            new Listed("judge", JudgePersona.FAIR, false),
            new Listed("judge-strict", JudgePersona.STRICT, false),
            new Listed("judge-odd", JudgePersona.ODD, false),
            new Listed("judge-reasoning", JudgePersona.FAIR, true));

    Map<String, Listed> BY_NAME = Map.copyOf(
            ALL.stream().collect(Collectors.toMap(Listed::name, listed -> listed)));

    /// The persona behind a model name; what follows an `@` names a version and is left aside. Null if there is none.
    static @Nullable Listed named(String model) {
        int at = model.indexOf('@');
        return BY_NAME.get(at < 0 ? model : model.substring(0, at));
    }
}
