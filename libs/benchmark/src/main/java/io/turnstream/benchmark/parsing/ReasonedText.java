package io.turnstream.benchmark.parsing;

import io.turnstream.benchmark.parsing.Markers.Block;
import io.turnstream.benchmark.parsing.Markers.Enclosure;
import io.turnstream.benchmark.parsing.Markers.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A model's text taken apart: what it reasoned, and what it said. Only the latter is an answer: it enters histories
/// and transcripts, is judged and is read by the strict parsers. The markers are those of `parsing/markers.yaml`.
///
/// | in the raw text | becomes |
/// |---|---|
/// | blocks of reasoning at the beginning, one behind the other | reasoning |
/// | a block at the beginning that is never closed | reasoning, to the end of the text |
/// | what precedes a closing whose opening the chat template wrote | reasoning |
/// | special tokens before, between and behind | nothing |
/// | a box, and tags around the whole text | their content |
///
/// A marker in the middle of a text is text: who asks what `<think>` is for gets an answer that stays whole. So does a
/// text that begins with a brace or a code fence, however many markers it quotes. A text without markers is `text` as
/// it came, white space included.
///
/// @param raw as the provider gave it; the published parsers read this
/// @param reasoning what was reasoned; null where nothing was
/// @param text what was said; empty where all was reasoning
/// @param boxed the contents of boxes, in order
public record ReasonedText(String raw, @Nullable String reasoning, String text, List<String> boxed) {

    public ReasonedText {
        Objects.requireNonNull(raw, "raw");
        Objects.requireNonNull(text, "text");
        boxed = List.copyOf(boxed);
    }

    /// Takes a text apart, in time that grows with its length.
    public static ReasonedText of(String raw) {
        return new Cut(raw).taken();
    }

    /// Whether nothing but reasoning came.
    public boolean isAllReasoning() {
        return text.isBlank() && reasoning != null;
    }

    /// The raw text, where it says more than [#text].
    public @Nullable String rawIfDifferent() {
        return raw.equals(text) ? null : raw;
    }

    /// What is said outside of blocks of reasoning, wherever those stand; empty where a marker has no counterpart, so
    /// that nobody can tell. For the answers to questions: there a block in the middle is reasoning, too.
    Optional<String> outsideBlocks() {
        String folded = Markers.folded(text);
        List<Found> found = Markers.KNOWN.in(folded);
        StringBuilder outside = new StringBuilder();
        int from = 0;
        for (int i = 0; i < found.size(); i++) {
            Block block = Markers.KNOWN.blockOpenedBy(found.get(i));
            if (block != null) {
                int closing = closing(found, i + 1, block);
                if (closing < 0) {
                    return Optional.empty();
                }
                outside.append(text, from, found.get(i).start());
                from = found.get(closing).end();
                i = closing;
            } else if (Markers.KNOWN.closesATemplatesBlock(found.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(from == 0 ? text : outside.append(text, from, text.length()).toString().strip());
    }

    private static int closing(List<Found> found, int from, Block block) {
        for (int i = from; i < found.size(); i++) {
            if (block.closes().contains(found.get(i).marker())) {
                return i;
            }
        }
        return -1;
    }

    /// Lengths only: what a model says is not for logs.
    @Override
    public String toString() {
        return "ReasonedText[%d characters, of them %d said]".formatted(raw.length(), text.length());
    }

    /// A raw text on its way to being taken apart.
    private static final class Cut {

        /// A text that ends in more tokens than this is none that somebody wrote.
        private static final int MOST_TRAILING = 100;

        private final String raw;
        private final String folded;
        private final List<Found> found;
        private final List<String> reasoning = new ArrayList<>();
        private final List<String> boxed = new ArrayList<>();
        private int next;
        private int start;
        private int end;
        private boolean changed;

        Cut(String raw) {
            this.raw = raw;
            this.folded = Markers.folded(raw);
            this.found = Markers.KNOWN.in(folded);
            this.end = raw.length();
        }

        ReasonedText taken() {
            skipSpace();
            takeBareBlock();
            while (takeAtStart()) {
                skipSpace();
            }
            dropTrailing();
            String said = openWrappers(openBoxes());
            String thought = String.join("\n\n", reasoning).strip();
            return new ReasonedText(raw, thought.isEmpty() ? null : thought, changed ? said : raw, boxed);
        }

        private void takeBareBlock() {
            Block bare = Markers.KNOWN.bareBlockAtStart(folded, start);
            if (bare == null) {
                return;
            }
            int from = start + bare.opens().length();
            int closing = folded.indexOf(bare.closes().getFirst(), from);
            if (closing >= 0) {
                reason(from, closing);
                moveTo(closing + bare.closes().getFirst().length());
            }
        }

        /// Takes the token or block that the rest begins with.
        private boolean takeAtStart() {
            if (next >= found.size()) {
                return false;
            }
            Found first = found.get(next);
            if (first.start() == start) {
                Block block = Markers.KNOWN.blockOpenedBy(first);
                if (block != null && (!block.ordinary() || isFollowed(block))) {
                    takeBlock(first, block);
                    return true;
                }
                if (Markers.KNOWN.isLeading(first)) {
                    moveTo(first.end());
                    return true;
                }
            }
            return takeTemplatesBlock();
        }

        private void takeBlock(Found opening, Block block) {
            int closing = closing(found, next + 1, block);
            reason(opening.end(), closing < 0 ? end : found.get(closing).start());
            moveTo(closing < 0 ? end : found.get(closing).end());
        }

        private boolean isFollowed(Block block) {
            int closing = closing(found, next + 1, block);
            return closing >= 0 && !raw.substring(found.get(closing).end(), end).isBlank();
        }

        /// Takes what ends in a closing whose opening stood in the prompt.
        private boolean takeTemplatesBlock() {
            int at = next;
            while (at < found.size() && Markers.KNOWN.isBoxEdge(found.get(at))) {
                at++;
            }
            if (at == found.size() || !Markers.KNOWN.closesATemplatesBlock(found.get(at)) || isQuoted(found.get(at))) {
                return false;
            }
            reason(start, found.get(at).start());
            moveTo(found.get(at).end());
            return true;
        }

        /// Whether a text speaks of a closing instead of closing with it: the text is JSON or code, or the closing
        /// stands within a sentence, with white space or quotes on both sides.
        private boolean isQuoted(Found closing) {
            if (isData()) {
                return true;
            }
            int before = closing.start() - 1;
            while (before >= start && raw.charAt(before) == ' ') {
                before--;
            }
            boolean closes = before < start || "\n\r.!?\u2026\u3002\uff01\uff1f".indexOf(raw.charAt(before)) >= 0;
            boolean apartBefore = closing.start() > start && isApart(raw.charAt(closing.start() - 1));
            boolean apartBehind = closing.end() < end && isApart(raw.charAt(closing.end()));
            return !closes && apartBefore && apartBehind;
        }

        private boolean isData() {
            return raw.startsWith("{", start) || raw.startsWith("```", start);
        }

        private static boolean isApart(char c) {
            return c == ' ' || c == '\t' || "\"'`\u201c\u201d\u2018\u2019().,;:".indexOf(c) >= 0;
        }

        private void reason(int from, int to) {
            String part = raw.substring(from, to).strip();
            if (!part.isEmpty()) {
                reasoning.add(part);
            }
        }

        private void moveTo(int place) {
            start = place;
            changed = true;
            while (next < found.size() && found.get(next).start() < start) {
                next++;
            }
        }

        private void skipSpace() {
            while (start < end && isSpace(raw.charAt(start))) {
                start++;
            }
        }

        private void dropTrailing() {
            for (int dropped = 0;; dropped++) {
                int last = end;
                while (last > start && isSpace(raw.charAt(last - 1))) {
                    last--;
                }
                int token = dropped == MOST_TRAILING ? -1 : Markers.KNOWN.trailingTokenOf(folded, start, last);
                changed |= token >= 0 || raw.substring(last, end).indexOf('\0') >= 0;
                if (token < 0) {
                    end = changed ? last : end;
                    return;
                }
                end = token;
            }
        }

        /// The rest with its boxes opened. An edge without the other one is a token that was left over.
        private String openBoxes() {
            StringBuilder opened = new StringBuilder();
            int from = start;
            int contentFrom = -1;
            for (Found edge : isData() ? List.<Found>of() : found.subList(next, found.size())) {
                if (!Markers.KNOWN.isBoxEdge(edge) || edge.end() > end) {
                    continue;
                }
                opened.append(raw, from, edge.start());
                from = edge.end();
                changed = true;
                if (Markers.KNOWN.boxes().stream().anyMatch(box -> box.opens().equals(edge.marker()))) {
                    contentFrom = opened.length();
                } else if (contentFrom >= 0) {
                    boxed.add(opened.substring(contentFrom).strip());
                    contentFrom = -1;
                }
            }
            return opened.append(raw, from, end).toString().strip();
        }

        private String openWrappers(String said) {
            String foldedText = Markers.folded(said);
            Enclosure wrapper = Markers.KNOWN.wrapperOf(foldedText, 0, said.length());
            if (wrapper == null) {
                return said;
            }
            changed = true;
            return said.substring(wrapper.opens().length(), said.length() - wrapper.closes().length()).strip();
        }

        private static boolean isSpace(char c) {
            return Character.isWhitespace(c) || c == '\0' || c == '\u00a0' || c == '\ufeff';
        }
    }
}
