package io.turnstream.dispatch;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.JudgementNeed;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.contracts.Usage;
import io.turnstream.dispatch.DialogueEvents.Cause;
import io.turnstream.events.Costs;
import io.turnstream.events.Ids;
import io.turnstream.events.RecordedProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// A dialogue as far as its accepted events were read back, seen by one judgement set. Of each step the last outcome
/// counts, since a retry settles a step anew.
final class RecordedDialogue {

    private @Nullable DialoguePlan plan;
    private boolean closed;
    private int nextSequence;
    private long sealedEvents;

    /// What was said in each turn, and how it ended.
    private final Map<String, Round> rounds = new TreeMap<>();

    private record Round(Exchange said, Outcome outcome) {}

    private int generation;
    private @Nullable Outcome outcome;
    private final List<String> leaves = new ArrayList<>();
    private long costNanoUsd;
    private long unpricedCalls;
    private @Nullable Usage usage;

    /// Takes the dialogue's next event.
    ///
    /// @param setId the judgement set that counts
    /// @param digest the event's digest (hex), asked for only where it is needed
    void add(SpecificRecord event, String setId, Supplier<String> digest) {
        switch (event) {
            case DialogueOpened opened -> {
                plan = opened.getPlan();
                sealedEvents++;
                next(opened.getSequence());
            }
            case StepSettled settled -> {
                sealedEvents++;
                next(settled.getSequence());
                if (settled.getStep().getKind() == StepKind.TURN) {
                    rounds.put(settled.getStep().getName(), round(settled));
                }
            }
            case JudgementSettled settled -> {
                next(settled.getSequence());
                if (settled.getJudgementSetId().equals(setId)) {
                    judged(settled, digest.get());
                }
            }
            case DialogueClosed end -> {
                next(end.getSequence());
                closed = true;
            }
            default -> {
                /* a newer version's event says nothing to this one */ }
        }
    }

    /// Takes what was read of it from a later part of the log.
    void add(RecordedDialogue later) {
        plan = later.plan == null ? plan : later.plan;
        closed |= later.closed;
        nextSequence = Math.max(nextSequence, later.nextSequence);
        sealedEvents += later.sealedEvents;
        rounds.putAll(later.rounds);
        if (later.outcome != null) {
            generation = later.generation;
            outcome = later.outcome;
        }
        leaves.addAll(later.leaves);
        costNanoUsd = Costs.plus(costNanoUsd, later.costNanoUsd);
        unpricedCalls += later.unpricedCalls;
        usage = Costs.plus(usage, later.usage);
    }

    /// Whether its plan was read, and its end.
    boolean isWhole() {
        return plan != null && closed;
    }

    /// Whether its plan was read: without it, it cannot be judged.
    boolean isPlanned() {
        return plan != null;
    }

    /// How many of its events stand under the run's seal.
    long sealedEvents() {
        return sealedEvents;
    }

    /// What the judge of a set is told of it.
    ///
    /// @throws UnreadableTranscriptException if its texts were withheld
    TranscriptReplayed transcript(JudgementSetOpened opened, Selected selected) {
        DialoguePlan known = plan;
        if (known == null) {
            throw new IllegalStateException("the plan of this dialogue was not read");
        }
        String dialogueId = known.getSubject().getDialogueId();
        JudgementNeed need = need(selected.contains(dialogueId), known);
        boolean judge = need == JudgementNeed.JUDGE;
        List<Exchange> exchanges = judge ? exchanges(dialogueId) : List.of();
        Cause cause = selected.cause();
        String eventId = Ids.judgementRowId(dialogueId, opened.getSpec().getJudgementSetId()) + "/replayed/"
                + opened.getRound();
        return new TranscriptReplayed(cause.of(eventId), known.getSubject(), known.getOrdinal(), opened.getRound(),
                opened.getSpec(), need,
                need == JudgementNeed.KEEP ? generation : generation + 1,
                judge ? readable(known.getCaption(), dialogueId) : null, exchanges,
                nextSequence, outcome, leaves, costNanoUsd, unpricedCalls, usage);
    }

    /// What a dialogue needs: a verdict, unless it has one, nobody wants one, or it never came to its third answer.
    private JudgementNeed need(boolean selected, DialoguePlan known) {
        boolean recorded = RecordedProvider.hasAnswered(known.getTarget());
        boolean reached = rounds.size() == known.getUserTurns().size()
                && rounds.values().stream().allMatch(round -> goesOn(round.outcome(), recorded));
        if (outcome == Outcome.JUDGED || !selected) {
            return JudgementNeed.KEEP;
        }
        if (reached) {
            return JudgementNeed.JUDGE;
        }
        return outcome == null ? JudgementNeed.NOT_REACHED : JudgementNeed.KEEP;
    }

    /// Which dialogues are to be judged, and what brings that about.
    interface Selected {

        boolean contains(String dialogueId);

        Cause cause();
    }

    private List<Exchange> exchanges(String dialogueId) {
        List<Exchange> exchanges = new ArrayList<>();
        for (Round round : rounds.values()) {
            readable(round.said().getUser(), dialogueId);
            readable(round.said().getAssistant(), dialogueId);
            exchanges.add(round.said());
        }
        return exchanges;
    }

    /// Whether a dialogue went on after a turn that ended so; one that somebody else led did after an empty one, too.
    private static boolean goesOn(Outcome outcome, boolean recorded) {
        return outcome == Outcome.ANSWERED || outcome == Outcome.MODEL_REFUSED || outcome == Outcome.EMPTY && recorded;
    }

    private static @Nullable Text readable(@Nullable Text text, String dialogueId) {
        if (text != null && text.getText() == null) {
            throw new UnreadableTranscriptException(
                    "the texts of this run were withheld when it was exported (" + dialogueId
                            + "): without them it cannot be judged");
        }
        return text;
    }

    private static Round round(StepSettled settled) {
        Answer answer = settled.getAnswer();
        boolean answered = settled.getOutcome() == Outcome.ANSWERED && answer != null;
        return new Round(new Exchange(settled.getPrompt(), answered ? answer.getText() : null), settled.getOutcome());
    }

    private void judged(JudgementSettled settled, String digest) {
        generation = settled.getGeneration();
        outcome = settled.getOutcome();
        leaves.add(digest);
        Answer answer = settled.getAnswer();
        usage = Costs.plus(usage, answer == null ? null : answer.getUsage());
        if (answer != null && answer.getCostNanoUsd() != null) {
            costNanoUsd = Costs.plus(costNanoUsd, answer.getCostNanoUsd());
        } else if (answer != null && Costs.isUnpriced(answer)) {
            unpricedCalls++;
        }
    }

    private void next(int sequence) {
        nextSequence = Math.max(nextSequence, sequence + 1);
    }
}
