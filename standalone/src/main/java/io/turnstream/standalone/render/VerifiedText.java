package io.turnstream.standalone.render;

import io.turnstream.audit.AuditedRun;
import io.turnstream.audit.CheckedSeal;
import io.turnstream.audit.DialogueProof;
import io.turnstream.audit.Difference;
import io.turnstream.audit.Expected;
import io.turnstream.audit.UnacceptedAnswer;
import io.turnstream.audit.Verified;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What came of a verification, for people: first whether the run is what was recorded, then what that rests on.
public final class VerifiedText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int LABEL = 12;
    private static final int WIDEST = 120;
    private static final int LISTED = 10;
    private static final int SHOWN_DIGEST = 16;

    private final Terminal terminal;

    public VerifiedText(Terminal terminal) {
        this.terminal = terminal;
    }

    /// The lines about a whole run.
    public List<String> lines(Verified verified, Expected expected) {
        List<String> lines = new ArrayList<>();
        if (verified.difference() != null) {
            difference(verified, lines);
        } else {
            boolean over = List.of("COMPLETED", "INCOMPLETE", "CANCELLED", "FAILED").contains(verified.state());
            headline(over ? "VERIFIED" : "HOLDS",
                    "run " + verified.runId() + (over ? " is what was recorded" : " is what was recorded so far"),
                    lines);
            describe(verified.run(), lines);
            lines.add("");
            seals(verified.seals(), lines);
            elsewhere(verified.seals(), expected, lines);
            lines.add("");
        }
        checked(verified, lines);
        unaccepted(verified, lines);
        notes(verified, lines);
        return lines;
    }

    /// The lines about one dialogue.
    public List<String> lines(Verified verified, DialogueProof proof, Expected expected) {
        List<String> lines = new ArrayList<>();
        headline("PROVEN", "dialogue " + proof.dialogueId(), lines);
        say("", "is what was recorded, and stands under the root of its run", lines);
        describe(verified.run(), lines);
        lines.add("");
        seals(List.of(proof.seal()), lines);
        elsewhere(List.of(proof.seal()), expected, lines);
        lines.add("");
        for (DialogueProof.ProvenLeaf leaf : proof.leaves()) {
            say(leaf.what(), leaf.digest().substring(0, SHOWN_DIGEST) + terminal.either("…", "...") + " is leaf "
                    + leaf.index() + " of "
                    + proof.seal().leaves() + ", " + leaf.path().size() + " hashes below the root; " + leaf.place(),
                    lines);
        }
        lines.add("");
        checked(verified, lines);
        unaccepted(verified, lines);
        notes(verified, lines);
        say("", "--json prints every digest and hash, so that the path can be computed by anybody (docs/auditing.md).",
                lines);
        return lines;
    }

    private void headline(String word, String rest, List<String> lines) {
        lines.add("  " + terminal.bold(word) + " ".repeat(Math.max(1, LABEL - word.length())) + rest);
    }

    private void difference(Verified verified, List<String> lines) {
        Difference difference = Objects.requireNonNull(verified.difference());
        headline("DIFFERENT", terminal.warning("run " + verified.runId() + " is not what was recorded"), lines);
        describe(verified.run(), lines);
        lines.add("");
        say("where", difference.place().topic() + ", partition " + difference.place().partition() + ", offset "
                + difference.place().offset(), lines);
        say("problem", difference.problem(), lines);
        say("expected", difference.expected(), lines);
        say("found", difference.found(), lines);
        lines.add("");
        say("meaning", difference.kind().meaning(), lines);
        say("what to do", difference.kind().remedy(), lines);
        lines.add("");
        say("", "It is the first difference; what was checked until then:", lines);
    }

    private void describe(AuditedRun run, List<String> lines) {
        List<String> parts = new ArrayList<>();
        if (run.model() != null) {
            parts.add(run.model() + (run.judge() == null ? ", not judged" : ", judged by " + run.judge()));
        }
        parts.add(run.state().toLowerCase(Locale.ROOT));
        if (run.requestedAt() != null) {
            parts.add("asked for by " + run.requestedBy() + " on " + TIME.format(run.requestedAt())
                    + ", with Turnstream " + run.codeVersion());
        }
        say("", String.join(terminal.either(" · ", " - "), parts), lines);
        if (run.datasetDigest() != null) {
            say("", "data set " + run.datasetDigest(), lines);
        }
        if (run.protocolDigest() != null) {
            say("", "protocol " + run.protocolDigest(), lines);
        }
        if (run.expectDigest() != null) {
            say("", "stated beforehand " + run.expectDigest(), lines);
        }
    }

    private void seals(List<CheckedSeal> seals, List<String> lines) {
        for (CheckedSeal seal : seals) {
            boolean superseded = seals.stream().anyMatch(other -> seal.sealId().equals(other.supersedes()));
            say("root", seal.root() + (superseded ? " (superseded)" : ""), lines);
            say("", "over " + (seal.judgementSetId() == null
                    ? Amounts.count(seal.accepted()) + " accepted plans, turns and questions"
                    : Amounts.of(seal.accepted(), "verdict") + " of judgement set " + seal.judgementSetId())
                    + (seal.covers().end()
                            ? seal.covers().plan() ? ", the plan, rejected rows and the end" : " and the end"
                            : "")
                    + "; seal " + seal.sealId()
                    + (seal.supersedes() == null ? "" : ", supersedes " + seal.supersedes()), lines);
        }
    }

    /// What the seals were compared with that cannot be forged together with the log.
    private void elsewhere(List<CheckedSeal> seals, Expected expected, List<String> lines) {
        if (seals.isEmpty()) {
            return;
        }
        if (expected.root() != null) {
            say("kept root",
                    "given with --root; it is the root of "
                            + seals.stream().filter(seal -> seal.root().equals(expected.root()))
                                    .map(CheckedSeal::sealId).collect(Collectors.joining(", ")),
                    lines);
        }
        List<@Nullable String> signers = seals.stream().map(CheckedSeal::signedBy).distinct()
                .collect(Collectors.toList());
        for (String signer : signers) {
            say("signature", signer == null
                    ? "none: the platform has no signing key"
                    : expected.publicKey() != null
                            ? "by the operator, whose key was given with --public-key"
                            : "by " + signer + ", which nobody vouches for: give the operator's with --public-key",
                    lines);
        }
    }

    private void checked(Verified verified, List<String> lines) {
        Map<String, Long> counts = verified.checked();
        say("checked", counts.entrySet().stream().filter(count -> count.getValue() > 0)
                .map(count -> Amounts.count(count.getValue()) + " " + count.getKey()).collect(Collectors.joining(", ")),
                lines);
        say("events",
                verified.types().entrySet().stream().map(type -> Amounts.count(type.getValue()) + " " + type.getKey())
                        .collect(Collectors.joining(", ")),
                lines);
    }

    private void unaccepted(Verified verified, List<String> lines) {
        long count = verified.checked().getOrDefault("unaccepted answers", 0L);
        if (count == 0) {
            return;
        }
        say("repeated",
                Amounts.of(count, "answer") + " came but " + (count == 1 ? "was" : "were")
                        + " never accepted. That is no difference: workers "
                        + "answer at least once, and the first answer counts.",
                lines);
        for (UnacceptedAnswer answer : verified.unaccepted().stream().limit(LISTED).toList()) {
            say("", answer.place() + "  " + answer.outcome() + "  " + answer.requestId(), lines);
        }
        if (count > LISTED) {
            say("", "and " + Amounts.count(count - LISTED) + " more; --json lists up to "
                    + Amounts.count(Verified.MOST_LISTED), lines);
        }
    }

    private void notes(Verified verified, List<String> lines) {
        if (!verified.notes().isEmpty()) {
            lines.add("");
        }
        verified.notes().forEach(note -> say("note", note + '.', lines));
    }

    private void say(String label, String text, List<String> lines) {
        int columns = Math.min(terminal.width(), WIDEST) - LABEL - 3;
        String head = label;
        for (String line : DemoVerdict.wrapped(Quotation.printable(text, terminal), columns)) {
            lines.add("  " + terminal.dim(head) + " ".repeat(Math.max(1, LABEL - head.length())) + line);
            head = "";
        }
    }
}
