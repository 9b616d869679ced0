package io.turnstream.dispatch;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueOpened;
import io.turnstream.contracts.DialoguePlan;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.Ids;
import io.turnstream.contracts.JudgementNeed;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.TranscriptReplayed;
import io.turnstream.dispatch.DialogueEvents.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// A dialogue as far as its accepted events were read back, seen by one judgement set. Of each step the last outcome counts, since a
/// retry settles a step anew.
final class RecordedDialogue {

    private @Nullable DialoguePlan plan;
    private boolean closed;
    private int nextSequence;
    private long sealedEvents;

    /// What was said in each turn that was answered; null where a turn ended otherwise.
    private final Map<String, @Nullable Exchange> rounds = new TreeMap<>();

    private int generation;
    private @Nullable Outcome outcome;
    private final List<String> leaves = new ArrayList<>();
    private long costNanoUsd;
    private long unpricedCalls;

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
                    rounds.put(settled.getStep().getName(), exchange(settled));
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
            default -> { /* a newer version's event says nothing to this one */ }
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
        costNanoUsd += later.costNanoUsd;
        unpricedCalls += later.unpricedCalls;
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
        JudgementNeed need = need(selected.contains(dialogueId), known.getUserTurns().size());
        boolean judge = need == JudgementNeed.JUDGE;
        List<Exchange> exchanges = judge ? exchanges(dialogueId) : List.of();
        Cause cause = selected.cause();
        String eventId = Ids.judgementRowId(dialogueId, opened.getSpec().getJudgementSetId()) + "/replayed/" + opened.getRound();
        return new TranscriptReplayed(cause.of(eventId), known.getSubject(), known.getOrdinal(), opened.getRound(), opened.getSpec(), need,
                need == JudgementNeed.KEEP ? generation : generation + 1, judge ? readable(known.getCaption(), dialogueId) : null, exchanges,
                nextSequence, outcome, leaves, costNanoUsd, unpricedCalls);
    }

    /// What a dialogue needs: a verdict, unless it has one, nobody wants one, or it never came to its third answer.
    private JudgementNeed need(boolean selected, int turns) {
        boolean reached = rounds.size() == turns && !rounds.containsValue(null);
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
        for (Exchange round : rounds.values()) {
            readable(round.getUser(), dialogueId);
            readable(round.getAssistant(), dialogueId);
            exchanges.add(round);
        }
        return exchanges;
    }

    private static @Nullable Text readable(@Nullable Text text, String dialogueId) {
        if (text != null && text.getText() == null) {
            throw new UnreadableTranscriptException("the texts of this run were withheld when it was exported (" + dialogueId
                    + "): without them it cannot be judged");
        }
        return text;
    }

    private static @Nullable Exchange exchange(StepSettled settled) {
        Answer answer = settled.getAnswer();
        return switch (settled.getOutcome()) {
            case ANSWERED -> new Exchange(settled.getPrompt(), answer == null ? null : answer.getText());
            case MODEL_REFUSED -> new Exchange(settled.getPrompt(), null);
            default -> null;
        };
    }

    private void judged(JudgementSettled settled, String digest) {
        generation = settled.getGeneration();
        outcome = settled.getOutcome();
        leaves.add(digest);
        Answer answer = settled.getAnswer();
        if (answer != null && answer.getCostNanoUsd() != null) {
            costNanoUsd += answer.getCostNanoUsd();
        } else if (answer != null && answer.getUsage() != null) {
            unpricedCalls++;
        }
    }

    private void next(int sequence) {
        nextSequence = Math.max(nextSequence, sequence + 1);
    }
}
