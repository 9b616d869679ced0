package io.turnstream.audit;

import io.turnstream.audit.Difference.Kind;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementGiven;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.AnswerBounds;
import io.turnstream.events.EventDigests;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The answers in one partition, and which of them were accepted.
final class Answers {

    /// @param tooLong digest of what the dispatcher accepts of an answer that is longer than is recorded; null where it
    ///         certainly is not
    private record Given(Place place, List<String> digests, String requestId, String eventId, Outcome outcome,
            @Nullable Integer score, String content,
            @Nullable String tooLong) {

        /// What is accepted of it.
        Given accepted(StepKind kind, Answer settled) {
            return tooLong != null && AnswerBounds.TOO_LONG.equals(settled.getError())
                    ? new Given(place, digests, requestId, eventId, AnswerBounds.outcomeOf(kind), null, tooLong, null)
                    : this;
        }
    }

    private final Map<String, Given> byEventId = new HashMap<>();
    private final Map<String, Given> firstByRequest = new HashMap<>();
    private final Set<String> accepted = new HashSet<>();

    void add(LoggedEvent event, TurnAnswered answered) {
        add(new Given(event.place(), event.digestsAsCause(), answered.getRequestId(), answered.getMeta().getEventId(),
                answered.getOutcome(), null,
                EventDigests.of(answered.getAnswer()), tooLong(answered.getAnswer())));
    }

    void add(LoggedEvent event, JudgementGiven given) {
        add(new Given(event.place(), event.digestsAsCause(), given.getRequestId(), given.getMeta().getEventId(),
                given.getOutcome(), given.getScore(),
                EventDigests.of(given.getAnswer()), tooLong(given.getAnswer())));
    }

    /// Of a text that is withheld nobody can tell how long it is.
    private static @Nullable String tooLong(Answer answer) {
        boolean withheld = answer.getText() != null && answer.getText().getText() == null;
        return withheld || AnswerBounds.exceeds(answer) ? EventDigests.of(AnswerBounds.withoutTexts(answer)) : null;
    }

    private void add(Given given) {
        byEventId.putIfAbsent(given.eventId(), given);
        firstByRequest.putIfAbsent(given.requestId(), given);
    }

    /// Checks that a settled step says what the answer said that settled it.
    ///
    /// @param settled the accepted event
    /// @param cause the answer it names
    void accept(LoggedEvent settled, EventMeta cause, String requestId, Outcome outcome, @Nullable Integer score,
            Answer answer) {
        String causeId = cause.getCauseId();
        Given given = causeId == null ? null : byEventId.get(causeId);
        Place place = settled.place();
        if (given == null) {
            throw new DifferenceFound(Kind.MISSING, place,
                    "the answer that this " + settled.type() + " accepted is missing",
                    "an answer " + causeId + " to " + requestId, "none among the run's answers");
        }
        accepted.add(given.eventId());
        StepKind kind = settled.event() instanceof JudgementSettled ? StepKind.JUDGE : StepKind.TURN;
        given = given.accepted(kind, answer);
        if (!given.digests().contains(cause.getCauseDigest())) {
            throw new DifferenceFound(Kind.CHANGED, given.place(),
                    "this answer has changed since it was accepted at " + place,
                    "the digest " + cause.getCauseDigest(), given.digests().getFirst());
        }
        require(place, settled, "the request", given.requestId(), requestId, given.place());
        require(place, settled, "the outcome", given.outcome(), outcome, given.place());
        require(place, settled, "the score", String.valueOf(given.score()), String.valueOf(score), given.place());
        require(place, settled, "the content of the answer", given.content(), EventDigests.of(answer), given.place());
        Given first = firstByRequest.get(requestId);
        if (first != null && !first.eventId().equals(given.eventId())) {
            throw new DifferenceFound(Kind.ADDED, first.place(),
                    "an answer stands before the accepted one to the same request " + requestId,
                    "the answer " + given.eventId() + ", accepted at " + place + ", to be the first", first.eventId());
        }
    }

    private static void require(Place place, LoggedEvent settled, String what, Object expected, Object found,
            Place answer) {
        if (!expected.equals(found)) {
            throw new DifferenceFound(Kind.CONTRADICTION, place,
                    what + " in this " + settled.type() + " is not that of the answer at " + answer, expected, found);
        }
    }

    void list(Tally tally) {
        byEventId.values().stream()
                .filter(given -> !accepted.contains(given.eventId()))
                .sorted(Comparator.comparing((Given given) -> given.place().topic())
                        .thenComparingLong(given -> given.place().offset()))
                .forEach(given -> tally.list(new UnacceptedAnswer(given.place(), given.requestId(), given.eventId(),
                        given.outcome().name())));
    }
}
