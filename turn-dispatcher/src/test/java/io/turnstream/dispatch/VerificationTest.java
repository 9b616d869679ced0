package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.audit.CheckedSeal;
import io.turnstream.audit.DialogueProof;
import io.turnstream.audit.Difference;
import io.turnstream.audit.Expected;
import io.turnstream.audit.Verification;
import io.turnstream.audit.Verified;
import io.turnstream.contracts.Answer;
import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.DialogueFinished;
import io.turnstream.contracts.DialogueRegistered;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunState;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Text;
import io.turnstream.contracts.TurnAnswered;
import io.turnstream.events.EventTypes;
import io.turnstream.events.MerkleTree;
import io.turnstream.events.SealSigner;
import io.turnstream.events.Texts;
import io.turnstream.events.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {

    private static final String RUN = "01JD0000000000000000000001";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static List<Recorded> completed = List.of();

    @TempDir
    private Path folder;

    @BeforeAll
    static void record() {
        try (RecordedRun run = RecordedRun.completed(RUN, START)) {
            completed = run.log();
        }
    }

    @Test
    void anHonestRunHolds() {
        List<Recorded> log = completed();
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.state()).isEqualTo("COMPLETED");
        // 3 dialogues of a plan, 3 turns and 2 questions; a verdict each
        assertThat(verified.seals()).extracting(CheckedSeal::accepted).containsExactly(18L, 3L);
        assertThat(verified.seals()).extracting(CheckedSeal::leaves).as("and an account each").containsExactly(19L, 4L);
        assertThat(verified.checked()).containsEntry("dialogues", 3L).containsEntry("answers", 18L)
                .containsEntry("accepted events", 24L)
                .containsEntry("events", (long) log.size()).containsEntry("unaccepted answers", 0L);
        assertThat(verified.notes()).anyMatch(note -> note.contains("--root"));
    }

    @Test
    void answersThatWereNeverAcceptedAreListedAndAreNoFailure() {
        List<Recorded> log;
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.plan(3);
            Recorded request = run.answerNext();
            run.saying(step -> "said otherwise").answer(request);
            run.answerAll();
            log = run.log();
        }
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.unaccepted()).singleElement().satisfies(answer -> {
            assertThat(answer.place().topic()).isEqualTo("turnstream.turn-answers");
            assertThat(answer.requestId()).endsWith("#r1@1");
        });
    }

    @Test
    void aRetriedRunIsSealedAgainAndBothSealsHold() {
        List<Recorded> log;
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.plan(3);
            run.ending(step -> step.equals("r2") ? Outcome.PROVIDER_ERROR : Outcome.ANSWERED);
            run.answerNext();
            run.answerNext();
            run.answerNext();
            run.ending(step -> Outcome.ANSWERED);
            run.answerAll();
            run.command(RunCommand.RETRY);
            run.answerAll();
            log = run.log();
        }
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.state()).isEqualTo("COMPLETED");
        assertThat(verified.seals()).extracting(CheckedSeal::sealId).containsExactly(RUN + "/s1",
                verified.seals().get(1).sealId(), RUN + "/s2",
                verified.seals().get(3).sealId());
        assertThat(verified.seals().get(2).supersedes()).isEqualTo(RUN + "/s1");
        assertThat(verified.seals().get(2).leaves()).isGreaterThan(verified.seals().get(0).leaves());
    }

    @Test
    void aRunThatWasJudgedAgainHoldsWithTheSealsOfBothSets() {
        List<Recorded> log;
        String set;
        try (RecordedRun run = RecordedRun.completed(RUN, START)) {
            set = run.judgeAgain("another");
            run.answerAll();
            log = run.log();
        }
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.seals()).hasSize(3);
        assertThat(verified.seals().getLast().judgementSetId()).isEqualTo(set);
        assertThat(verified.seals().getLast().accepted()).isEqualTo(3);

        Recorded verdict = log.stream().filter(each -> each.event() instanceof JudgementSettled).reduce((a, b) -> b)
                .orElseThrow();
        JudgementSettled better = copy((JudgementSettled) verdict.event());
        better.setScore(5);
        assertFoundAt(replace(log, verdict, better), verdict);
        List<Recorded> without = new ArrayList<>(log);
        without.removeIf(record -> record == verdict);
        assertThat(verify(without).difference()).isNotNull();
    }

    @Test
    void aRunWhoseVerdictsWereCompletedLaterIsSealedWithItsNewEnd() {
        List<Recorded> log;
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.plan(2);
            run.judging(Outcome.JUDGE_ERROR);
            run.answerAll();
            run.judging(Outcome.JUDGED);
            run.completeOwnSet();
            run.answerAll();
            log = run.log();
        }
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.state()).isEqualTo("COMPLETED");
        assertThat(verified.seals()).extracting(CheckedSeal::sealId).filteredOn(id -> id.startsWith(RUN + "/s"))
                .containsExactly(RUN + "/s1", RUN + "/s2");
        // whoever keeps the last root of the run has kept all others with it
        String root = verified.seals().getLast().root();
        assertThat(verify(log, new Expected(root, null)).notes()).noneMatch(note -> note.contains("does not cover"));
        assertThat(verify(log, new Expected(verified.seals().getFirst().root(), null)).notes())
                .anyMatch(note -> note.contains("does not cover seal " + RUN + "/s2"));

        Recorded end = log.reversed().stream().filter(record -> record.event() instanceof RunStateChanged).findFirst()
                .orElseThrow();
        RunStateChanged changed = copy((RunStateChanged) end.event());
        changed.setUnpricedCalls(3L);
        assertFoundAt(replace(log, end, changed), end);
    }

    @Test
    void aSealOfAnEarlierVersionHoldsAndItIsSaidWhatItDoesNotCover() {
        List<Recorded> log = Rewriting.sealedBefore(completed());
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.seals()).extracting(CheckedSeal::leaves).containsExactly(18L, 3L);
        assertThat(verified.seals()).allMatch(seal -> seal.covers().words().equals(List.of("accepted events")));
        assertThat(verified.notes()).filteredOn(note -> note.contains("made by an earlier version")).hasSize(2);
        DialogueProof proof = DialogueProof
                .of(new ListedEvents(RUN, log), first(log, StepSettled.class).key(), Expected.nothing()).proof();
        assertThat(proof).isNotNull();
    }

    @Test
    void aRunThatAnEarlierVersionBeganIsSealedWithItsEndAlone() {
        List<Recorded> log;
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.forgetWhatWasFollowed();
            run.plan(1, List.of("it is empty"));
            run.answerAll();
            log = run.log();
        }
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.seals()).allMatch(seal -> seal.covers().end() && !seal.covers().plan());
        assertThat(verified.notes()).anyMatch(note -> note.contains("did not follow the run from its beginning"));
    }

    @Test
    void sealsAreSignedAndAChainWrittenAnewWithoutTheKeyIsFoundBySignature() throws Exception {
        SealSigner operator = signer("operator");
        SealSigner other = signer("other");
        Expected expected = new Expected(null, operator.publicKey());
        assertThat(verify(signedLog(operator::sign), expected).difference()).isNull();
        assertThat(verify(signedLog(operator::sign), expected).seals())
                .allMatch(seal -> operator.publicKey().equals(seal.signedBy()));

        for (UnaryOperator<RunSealed> forger : List.<UnaryOperator<RunSealed>>of(UnaryOperator.identity(),
                other::sign)) {
            List<Recorded> forged = signedLog(forger);
            assertThat(verify(forged).difference()).as("consistent in itself").isNull();
            Difference difference = verify(forged, expected).difference();
            assertThat(difference).isNotNull();
            assertThat(difference.problem()).contains("not signed by the operator");
            assertThat(difference.place().topic()).isEqualTo("turnstream.runs");
        }
        UnaryOperator<RunSealed> stolen = seal -> RunSealed
                .newBuilder(operator.sign(RunSealed.newBuilder(seal).setRoot("ab".repeat(32)).build()))
                .setRoot(seal.getRoot()).build();
        assertThat(verify(signedLog(stolen)).difference().problem()).contains("does not hold");
    }

    private List<Recorded> signedLog(UnaryOperator<RunSealed> signing) {
        try (RecordedRun run = new RecordedRun(RUN, START, signing)) {
            run.request();
            run.plan(1);
            run.answerAll();
            return run.log();
        }
    }

    private SealSigner signer(String name) throws Exception {
        byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
        return SealSigner.of(Files.writeString(folder.resolve(name),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n"));
    }

    @Test
    void aCancelledRunHolds() {
        List<Recorded> log;
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.plan(3);
            run.answerNext();
            run.answerNext();
            run.command(RunCommand.CANCEL);
            run.answerAll();
            log = run.log();
        }
        Verified verified = verify(log);
        assertThat(verified.difference()).isNull();
        assertThat(verified.state()).isEqualTo("CANCELLED");
        assertThat(verified.seals()).isNotEmpty();
    }

    @Test
    void aRunThatGoesOnHoldsSoFarAndIsSaidToBeUnsealed() {
        try (RecordedRun run = new RecordedRun(RUN, START)) {
            run.request();
            run.plan(3);
            run.answerNext();
            Verified verified = verify(run.log());
            assertThat(verified.difference()).isNull();
            assertThat(verified.notes()).anyMatch(note -> note.contains("not sealed"));
        }
    }

    @Test
    void aTextThatIsNotTheCommittedOneIsFound() {
        List<Recorded> log = completed();
        Recorded settled = first(log, StepSettled.class);
        StepSettled changed = copy((StepSettled) settled.event());
        Text text = changed.getAnswer().getText();
        changed.getAnswer().setText(new Text(text.getCommitment(), text.getSalt(), "never said"));
        assertFoundAt(replace(log, settled, changed), settled);
    }

    @Test
    void anAcceptedAnswerThatWasRewrittenIsFound() {
        List<Recorded> log = completed();
        Recorded settled = first(log, StepSettled.class);
        StepSettled changed = copy((StepSettled) settled.event());
        changed.getAnswer().setText(Texts.of("never said"));
        assertFoundAt(replace(log, settled, changed), settled);
    }

    @Test
    void everyRecordThatIsChangedIsFoundAtItsPlace() {
        List<Recorded> log = completed();
        for (Recorded record : log) {
            SpecificRecord changed = copy(record.event());
            EventMeta meta = EventTypes.metaOf(changed);
            meta.setOccurredAtMillis(meta.getOccurredAtMillis() + 1);
            Difference difference = verify(replace(log, record, changed)).difference();
            // What nothing follows from and no seal covers says little, and its time nothing.
            if (isEnd(record)) {
                continue;
            }
            assertThat(difference).as("changed: %s", record).isNotNull();
            assertThat(difference.place().topic()).as("changed: %s, found: %s", record, difference)
                    .isEqualTo(record.topic().topicName());
            assertThat(difference.place().offset()).as("changed: %s, found: %s", record, difference)
                    .isEqualTo(new ListedEvents(RUN, log).offsetOf(record));
        }
    }

    @Test
    void everyRecordThatIsDroppedIsMissed() {
        List<Recorded> log = completed();
        for (Recorded record : log) {
            List<Recorded> without = new ArrayList<>(log);
            without.removeIf(other -> other == record);
            assertThat(verify(without).difference()).as("dropped: %s", record).isNotNull();
        }
    }

    @Test
    void everyAcceptedEventOrAnswerThatStandsTwiceOrElsewhereIsFound() {
        List<Recorded> log = completed();
        for (Recorded record : log.stream().filter(each -> each.topic() == Topics.DIALOGUE_EVENTS).toList()) {
            List<Recorded> twice = new ArrayList<>(log);
            twice.add(record);
            assertThat(verify(twice).difference()).as("twice: %s", record).isNotNull();

            List<Recorded> moved = new ArrayList<>(log);
            moved.removeIf(other -> other == record);
            moved.addFirst(record);
            assertThat(verify(moved).difference()).as("moved to the front: %s", record)
                    .matches(difference -> difference != null || isFirst(record, log), "a difference");
        }
        for (Recorded record : log.stream().filter(each -> each.event() instanceof TurnAnswered).toList()) {
            List<Recorded> moved = new ArrayList<>(log);
            moved.removeIf(other -> other == record);
            moved.add(record);
            List<Recorded> later = log.stream()
                    .filter(each -> each.event() instanceof TurnAnswered && each.key().equals(record.key())).toList();
            if (later.getLast() != record) {
                assertThat(verify(moved).difference()).as("moved to the end: %s", record).isNotNull();
            }
        }
    }

    @Test
    void anAcceptedEventThatIsAddedIsFoundAtItsPlace() {
        List<Recorded> log = completed();
        Recorded last = log.stream().filter(each -> each.event() instanceof StepSettled).reduce((a, b) -> b)
                .orElseThrow();
        // numbered as the next of its dialogue, behind its end
        StepSettled added = copy((StepSettled) last.event());
        int next = (int) log.stream()
                .filter(each -> each.topic() == Topics.DIALOGUE_EVENTS && each.key().equals(last.key())).count();
        added.setSequence(next);
        added.getMeta().setEventId(last.key() + '#' + next);
        Recorded record = last.with(added);
        List<Recorded> more = new ArrayList<>(log);
        more.add(record);
        assertFoundAt(more, record);
    }

    @Test
    void aWholeChainThatWasWrittenAnewIsFoundByARootKeptElsewhere() {
        String root = rootOf(verify(completed()));
        List<Recorded> forged = forged();
        Verified alone = verify(forged);
        assertThat(alone.difference()).as("consistent in itself").isNull();

        assertThat(verify(completed(), new Expected(rootOf(verify(forged)), null)).holds()).isFalse();
        Difference difference = verify(forged, new Expected(root, null)).difference();
        assertThat(difference).isNotNull();
        assertThat(difference.expected()).isEqualTo(root);
        assertThat(difference.found()).isEqualTo(rootOf(alone));
        assertThat(difference.place().topic()).isEqualTo("turnstream.runs");
    }

    @Test
    void aSealOverAnotherRootIsFoundAtItsPlace() {
        List<Recorded> log = completed();
        Recorded sealed = first(log, RunSealed.class);
        RunSealed changed = copy((RunSealed) sealed.event());
        changed.setRoot(MerkleTree.rootOf(List.of("ab".repeat(32))));
        assertFoundAt(replace(log, sealed, changed), sealed);
    }

    @Test
    void aGoalThatWasMovedAfterwardsIsFoundAtItsPlace() {
        List<Recorded> log = completed();
        Recorded requested = first(log, RunRequested.class);
        RunRequested changed = copy((RunRequested) requested.event());
        changed.setExpectations("version: 1");
        changed.setExpectDigest("ab".repeat(32));
        assertFoundAt(replace(log, requested, changed), requested);
        assertThat(verify(replace(log, requested, changed)).difference().problem()).contains("stated beforehand");
    }

    @Test
    void oneDialogueIsProvenAgainstTheRoot() {
        List<Recorded> log = completed();
        String dialogueId = first(log, StepSettled.class).key();
        DialogueProof.Result result = DialogueProof.of(new ListedEvents(RUN, log), dialogueId, Expected.nothing());
        assertThat(result.checked().difference()).isNull();
        DialogueProof proof = result.proof();
        assertThat(proof).isNotNull();
        assertThat(proof.leaves()).extracting(DialogueProof.ProvenLeaf::what).containsExactly("plan", "r1", "r2", "r3",
                "mcq-0", "tf-0");
        assertThat(proof.leaves()).allSatisfy(leaf -> assertThat(
                MerkleTree.rootFrom(leaf.digest(), leaf.index(), proof.seal().leaves(), leaf.path()))
                .isEqualTo(rootOf(verify(log))));
    }

    @Test
    void aDialogueThatWasRewrittenCannotBeProven() {
        List<Recorded> log = completed();
        Recorded settled = first(log, StepSettled.class);
        StepSettled changed = copy((StepSettled) settled.event());
        Answer answer = changed.getAnswer();
        answer.setReading("forged");
        DialogueProof.Result result = DialogueProof.of(new ListedEvents(RUN, replace(log, settled, changed)),
                settled.key(), Expected.nothing());
        assertThat(result.proof()).isNull();
        assertThat(result.checked().difference()).isNotNull();
        assertThat(result.checked().difference().place().topic()).isEqualTo("turnstream.dialogue-events");
    }

    private static boolean isFirst(Recorded record, List<Recorded> log) {
        return new ListedEvents(RUN, log).offsetOf(record) == 0;
    }

    private static boolean isEnd(Recorded record) {
        return switch (record.event()) {
            case RunStateChanged state -> state.getState() != RunState.COMPLETED;
            case RunSealed seal -> true;
            case RunCommanded command -> true;
            case DialogueClosed closed -> true;
            case JudgementSettled settled -> false;
            case DialogueFinished finished -> true;
            case DialogueRegistered registered -> true;
            default -> false;
        };
    }

    private static List<Recorded> completed() {
        return new ArrayList<>(completed);
    }

    private static List<Recorded> forged() {
        try (RecordedRun run = new RecordedRun(RUN, START).saying(step -> "nothing harmful")) {
            run.request();
            run.plan(3);
            run.answerAll();
            return run.log();
        }
    }

    private static Verified verify(List<Recorded> log) {
        return verify(log, Expected.nothing());
    }

    private static Verified verify(List<Recorded> log, Expected expected) {
        return Verification.of(new ListedEvents(RUN, log), expected);
    }

    private static String rootOf(Verified verified) {
        return verified.seals().getFirst().root();
    }

    private static Recorded first(List<Recorded> log, Class<?> type) {
        return log.stream().filter(record -> type.isInstance(record.event())).findFirst().orElseThrow();
    }

    private static List<Recorded> replace(List<Recorded> log, Recorded record, SpecificRecord event) {
        List<Recorded> replaced = new ArrayList<>(log);
        replaced.replaceAll(each -> each == record ? each.with(event) : each);
        return replaced;
    }

    private static void assertFoundAt(List<Recorded> log, Recorded original) {
        Difference difference = verify(log).difference();
        ListedEvents listed = new ListedEvents(RUN, log);
        int position = 0;
        for (int i = 0; i < log.size(); i++) {
            Recorded each = log.get(i);
            if (each.topic() == original.topic() && each.key().equals(original.key())
                    && EventTypes.metaOf(each.event()).getEventId()
                            .equals(EventTypes.metaOf(original.event()).getEventId())) {
                position = i;
            }
        }
        assertThat(difference).isNotNull();
        assertThat(difference.place().topic()).isEqualTo(original.topic().topicName());
        assertThat(difference.place().partition()).isEqualTo(ListedEvents.partitionOf(original));
        assertThat(difference.place().offset()).as("%s", difference).isEqualTo(listed.offsetOf(log.get(position)));
    }

    @SuppressWarnings("unchecked")
    private static <T extends SpecificRecord> T copy(T event) {
        return (T) SpecificData.get().deepCopy(event.getSchema(), event);
    }
}
