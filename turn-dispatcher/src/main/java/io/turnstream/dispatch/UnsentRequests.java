package io.turnstream.dispatch;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventProducer;
import io.turnstream.messaging.StreamsRunner;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Answers a request that is too large to be sent, as a worker would that fails at it: a step that nobody answers would
/// keep its run open for ever.
///
/// A history grows so large only of texts that were recorded before answers had a bound. The answer is accepted like
/// any other, the first of its request.
final class UnsentRequests implements StreamsRunner.Unsent {

    private final EventProducer answers;
    private final Clock clock;

    UnsentRequests(EventProducer answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public void settle(String dialogueId, SpecificRecord event, String why) {
        SpecificRecord answer = answerTo(event, why, clock.millis());
        if (answer != null) {
            answers.send(answer instanceof JudgementGiven ? Topics.JUDGEMENTS : Topics.TURN_ANSWERS, dialogueId, answer,
                    null).join();
        }
    }

    /// @return null if nobody waits for an answer to the event
    static @Nullable SpecificRecord answerTo(SpecificRecord event, String why, long nowMillis) {
        return switch (event) {
            case AskModel ask -> new TurnAnswered(unsent(ask.getMeta(), nowMillis), ask.getRequestId(),
                    ask.getSubject(), ask.getStep(), ask.getGeneration(), Outcome.OVERSIZED,
                    noAnswer(ask.getParameters(), why, nowMillis));
            case AskJudge ask -> new JudgementGiven(unsent(ask.getMeta(), nowMillis), ask.getRequestId(),
                    ask.getSubject(), ask.getJudgementSetId(), ask.getGeneration(), Outcome.JUDGE_ERROR, null,
                    noAnswer(ask.getParameters(), why, nowMillis));
            default -> null;
        };
    }

    /// The request itself is not in the log: what led to it led to this.
    private static EventMeta unsent(EventMeta request, long nowMillis) {
        return new EventMeta(request.getEventId() + "/unsent", request.getCauseId(), request.getCauseDigest(),
                nowMillis);
    }

    private static Answer noAnswer(CallParameters parameters, String why, long nowMillis) {
        return new Answer(null, null, null, null, null, null, null, parameters, parameters, null, null, List.of(), "",
                "the request with its dialogue's history is too large: " + why, DispatcherTopology.SOURCE, nowMillis,
                nowMillis, null, null);
    }
}
