package io.turnstream.audit;

import io.turnstream.audit.Difference.Kind;
import io.turnstream.audit.RunAudit.Sealed;
import io.turnstream.contracts.JudgementSetStateChanged;
import io.turnstream.contracts.Repeats;
import io.turnstream.contracts.RepeatsCounted;
import io.turnstream.contracts.RowRejected;
import io.turnstream.contracts.RunAccount;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunSealed;
import io.turnstream.contracts.RunStateChanged;
import io.turnstream.events.EventDigests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/// Checks what seals say beside accepted events ([RunAccount]) against the run's own events: its plan, the rows that
/// were left out, its last state, and the other roots.
///
/// A seal of an earlier version says nothing of that, and nothing is checked; [CheckedSeal#covers] tells.
final class Accounts {

    /// What preparing a plan took; it may differ where the same plan was made again.
    private static final Set<String> OF_THE_PREPARATION = Set.of("imagesPrepared", "imagesReused");

    private final List<LoggedEvent> plans = new ArrayList<>();
    private final List<LoggedEvent> states = new ArrayList<>();
    private final List<LoggedEvent> repeats = new ArrayList<>();
    /// What the rejections before the first plan say, by eventId; digested.
    private final Map<String, String> rejected = new HashMap<>();
    private long rejectedRows;
    private @Nullable String chain;
    private @Nullable String chainAsRead;
    private @Nullable LoggedEvent firstRejected;
    private @Nullable LoggedEvent late;

    void take(LoggedEvent event) {
        switch (event.event()) {
            case RunPlanned planned -> plans.add(event);
            case RowRejected row -> reject(event);
            case RunStateChanged changed -> states.add(event);
            case JudgementSetStateChanged changed -> states.add(event);
            case RepeatsCounted counted -> repeats.add(event);
            default -> {
                /* stands in no account */ }
        }
    }

    private void reject(LoggedEvent event) {
        String content = EventDigests.sha256Hex(PlainJson.of(event.written()).toString());
        if (plans.isEmpty()) {
            firstRejected = firstRejected == null ? event : firstRejected;
            rejected.put(event.meta().getEventId(), content);
            rejectedRows++;
            chain = EventDigests.chained(chain, event.digestsAsCause().getFirst());
            chainAsRead = EventDigests.chained(chainAsRead, event.digestsAsCause().getLast());
        } else if (late == null && !content.equals(rejected.get(event.meta().getEventId()))) {
            // planned once more, the same rows are rejected again
            late = event;
        }
    }

    /// The digest (hex) of a seal's account: the last leaf of its tree. Null where it has none.
    static @Nullable String leafOf(Sealed sealed) {
        Object account = sealed.seal().getAccount() == null ? null : sealed.event().written().get("account");
        return account == null ? null : EventDigests.of((IndexedRecord) account);
    }

    /// Checks the account of a seal, if it has one.
    ///
    /// @param before the seals that stand before it, the first first
    void check(Sealed sealed, List<Sealed> before) {
        RunAccount account = sealed.seal().getAccount();
        if (account == null) {
            return;
        }
        checkState(sealed, account);
        if (account.getPlanDigest() != null) {
            checkPlan(sealed, account, account.getPlanDigest());
            checkRejected(sealed, account);
        }
        checkRoots(sealed, account, before);
        checkRepeats(sealed, account);
    }

    /// The state that follows a seal has the same cause: both were written in one transaction.
    private void checkState(Sealed sealed, RunAccount account) {
        Place place = sealed.event().place();
        List<LoggedEvent> following = states.stream()
                .filter(state -> state.offset() > sealed.event().offset()
                        && Objects.equals(state.meta().getCauseId(), sealed.seal().getMeta().getCauseId()))
                .toList();
        if (following.isEmpty()) {
            throw new DifferenceFound(Kind.MISSING, place,
                    "the state that seal " + sealed.seal().getSealId() + " was made for is missing",
                    "a state behind it with the digest " + account.getStateDigest(), "none");
        }
        if (following.size() > 1) {
            throw new DifferenceFound(Kind.ADDED, following.get(1).place(),
                    "a second state follows seal " + sealed.seal().getSealId(), "one",
                    following.size());
        }
        requireDigest(following.getFirst(), account.getStateDigest(), sealed);
    }

    private void checkPlan(Sealed sealed, RunAccount account, String digest) {
        if (plans.isEmpty()) {
            throw new DifferenceFound(Kind.MISSING, sealed.event().place(),
                    "the plan that seal " + sealed.seal().getSealId() + " covers is missing",
                    "a RunPlanned with the digest " + account.getPlanDigest(), "none");
        }
        LoggedEvent first = plans.getFirst();
        requireDigest(first, digest, sealed);
        String said = content(first);
        for (LoggedEvent again : plans.subList(1, plans.size())) {
            if (!content(again).equals(said)) {
                throw new DifferenceFound(Kind.ADDED, again.place(),
                        "a second plan of the run says something else than its first", first.place(), again.place());
            }
        }
    }

    private static String content(LoggedEvent plan) {
        return PlainJson.of(plan.written()).remove(OF_THE_PREPARATION).toString();
    }

    private void checkRejected(Sealed sealed, RunAccount account) {
        Place place = firstRejected == null ? sealed.event().place() : firstRejected.place();
        if (account.getRejectedRows() != rejectedRows) {
            throw new DifferenceFound(account.getRejectedRows() > rejectedRows ? Kind.MISSING : Kind.ADDED, place,
                    "the log has another number of rejections before the plan than seal " + sealed.seal().getSealId()
                            + " covers",
                    account.getRejectedRows() + " RowRejected", rejectedRows + " RowRejected");
        }
        String digest = account.getRejectedDigest();
        if (!Objects.equals(digest, chain) && !Objects.equals(digest, chainAsRead)) {
            throw new DifferenceFound(Kind.CHANGED, place,
                    "a rejection, this or a later one, has changed since seal " + sealed.seal().getSealId()
                            + " was made",
                    String.valueOf(digest), String.valueOf(chain));
        }
        if (late != null) {
            throw new DifferenceFound(Kind.ADDED, late.place(),
                    "this RowRejected stands behind the plan and repeats none before it",
                    "none that seal " + sealed.seal().getSealId() + " does not cover", late.meta().getEventId());
        }
    }

    private static void checkRoots(Sealed sealed, RunAccount account, List<Sealed> before) {
        RunSealed seal = sealed.seal();
        requireRoot(sealed, "the seal before it", account.getFormerRoot(), before.stream().map(Sealed::seal)
                .filter(former -> former.getSealId().equals(seal.getSupersedes())).map(RunSealed::getRoot).toList());
        requireRoot(sealed, "turns and questions", account.getRunRoot(), before.stream().map(Sealed::seal)
                .filter(former -> former.getJudgementSetId() == null).map(RunSealed::getRoot).toList());
    }

    /// Checks the root of the verdicts that a seal over turns and questions names: of a seal before it, or in the same
    /// transaction.
    void checkVerdicts(Sealed sealed, List<Sealed> all) {
        RunAccount account = sealed.seal().getAccount();
        if (account == null || plans.isEmpty()) {
            return;
        }
        String own = ((RunPlanned) plans.getFirst().event()).getJudgementSetId();
        requireRoot(sealed, "the verdicts of its judge", account.getVerdictsRoot(), all.stream()
                .filter(other -> own != null && own.equals(other.seal().getJudgementSetId()))
                .filter(other -> other.event().offset() < sealed.event().offset()
                        || Objects.equals(other.seal().getMeta().getCauseId(), sealed.seal().getMeta().getCauseId()))
                .map(other -> other.seal().getRoot()).toList());
    }

    private static void requireRoot(Sealed sealed, String of, @Nullable String expected, List<String> roots) {
        if (expected != null && (roots.isEmpty() || !roots.getLast().equals(expected))) {
            throw new DifferenceFound(Kind.CONTRADICTION, sealed.event().place(),
                    "seal " + sealed.seal().getSealId() + " names another root of " + of
                            + " than the log has",
                    expected, roots.isEmpty() ? "none" : roots.getLast());
        }
    }

    private void checkRepeats(Sealed sealed, RunAccount account) {
        String set = sealed.seal().getJudgementSetId();
        String own = plans.isEmpty() ? null : ((RunPlanned) plans.getFirst().event()).getJudgementSetId();
        boolean followed = set == null && account.getPlanDigest() != null;
        if (set == null) {
            requireRepeats(sealed, null, account.getRepeats(), followed);
        }
        if (set != null || own != null) {
            requireRepeats(sealed, set == null ? own : set, account.getJudgeRepeats(), followed);
        }
    }

    private void requireRepeats(Sealed sealed, @Nullable String judgementSetId, @Nullable Repeats expected,
            boolean followed) {
        LoggedEvent last = repeats.stream().filter(counted -> counted.offset() < sealed.event().offset()
                && Objects.equals(((RepeatsCounted) counted.event()).getJudgementSetId(), judgementSetId))
                .reduce((first, second) -> second).orElse(null);
        Repeats counted = last == null ? null : ((RepeatsCounted) last.event()).getRepeats();
        if (!Objects.equals(expected, counted) && (expected != null || followed)) {
            throw new DifferenceFound(Kind.CONTRADICTION, last == null ? sealed.event().place() : last.place(),
                    "answers that were paid and not accepted were counted otherwise when seal "
                            + sealed.seal().getSealId() + " was made",
                    String.valueOf(expected), String.valueOf(counted));
        }
    }

    private static void requireDigest(LoggedEvent event, String digest, Sealed sealed) {
        if (!event.digestsAsCause().contains(digest)) {
            throw new DifferenceFound(Kind.CHANGED, event.place(),
                    "this " + event.type() + " has changed since seal " + sealed.seal().getSealId()
                            + " was made",
                    digest, event.digestsAsCause().getFirst());
        }
    }
}
