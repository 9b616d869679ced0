package io.turnstream.providers.work;

import org.apache.avro.specific.SpecificRecord;

/// How a worker ends its work on a request.
public sealed interface Conclusion permits Conclusion.Answered, Unanswered {

    /// There is an answer, good or bad.
    ///
    /// @param event `TurnAnswered` or `JudgementGiven`
    record Answered(SpecificRecord event) implements Conclusion {

        /// The event's type only.
        @Override
        public String toString() {
            return "Answered[" + event.getSchema().getName() + ']';
        }
    }
}
