package io.turnstream.providers.forms;

import io.turnstream.providers.FailureCause;

/// What a provider's answer means.
public sealed interface Meaning {

    /// The model said all it had to say.
    record Finished() implements Meaning {}

    /// The text ends, or is missing, because a limit on its length was reached.
    record Truncated() implements Meaning {}

    /// The provider's filter stopped the prompt or the answer.
    record ContentFilter() implements Meaning {}

    /// The model's own refusal, told apart from a text by the provider.
    record Refusal() implements Meaning {}

    /// There is no answer, or half of one.
    record Failure(FailureCause cause) implements Meaning {}
}
