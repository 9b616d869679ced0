package io.turnstream.benchmark.parsing;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What models write around an answer, as `parsing/markers.yaml` lists it, and where it stands in a text.
final class Markers {

    /// The markers that this program knows.
    static final Markers KNOWN = bundled();

    private final Table table;
    private final Map<String, Block> openings = new HashMap<>();
    private final Set<String> templateClosings = new HashSet<>();
    private final Set<String> boxEdges = new HashSet<>();
    private final Set<String> leading = new HashSet<>();
    private final Pattern any;

    /// The rows of the table.
    record Table(List<Block> reasoning, @JsonProperty("bare-reasoning") List<Block> bareReasoning,
            List<Enclosure> boxes,
            List<Enclosure> wrappers, List<String> leading, List<Trailing> trailing) {}

    /// A block of reasoning.
    ///
    /// @param closes what ends it, whichever comes first
    /// @param template whether a chat template can write the opening, so that only the closing is in the text
    /// @param attached whether it only counts where no white space follows the opening
    /// @param ordinary whether answers use the word, too: the block only counts where it is closed and something
    ///         follows
    record Block(String opens, List<String> closes, boolean template, boolean attached, boolean ordinary) {

        Block {
            opens = folded(opens);
            closes = closes.stream().map(Markers::folded).toList();
        }
    }

    /// What encloses an answer.
    record Enclosure(String opens, String closes) {

        Enclosure {
            opens = folded(opens);
            closes = folded(closes);
        }
    }

    /// A token at the end of a text.
    ///
    /// @param unless what must not stand in the text
    record Trailing(String token, @Nullable String unless) {

        Trailing {
            token = folded(token);
            unless = unless == null ? null : folded(unless);
        }
    }

    /// A marker within a text, in lower case.
    record Found(String marker, int start, int end) {}

    private Markers(Table table) {
        this.table = table;
        table.reasoning().forEach(block -> openings.put(block.opens(), block));
        table.reasoning().stream().filter(Block::template).forEach(block -> templateClosings.addAll(block.closes()));
        table.boxes().forEach(box -> boxEdges.addAll(List.of(box.opens(), box.closes())));
        table.leading().forEach(token -> leading.add(folded(token)));
        Set<String> all = new HashSet<>(openings.keySet());
        table.reasoning().forEach(block -> all.addAll(block.closes()));
        all.addAll(boxEdges);
        all.addAll(leading);
        // the longest first, since one marker can begin with another; each is literal, so nothing is ever tried again
        String firsts = all.stream().map(marker -> Pattern.quote(marker.substring(0, 1))).distinct()
                .collect(Collectors.joining("|"));
        this.any = Pattern.compile("(?=" + firsts + ")(?:"
                + all.stream().sorted(Comparator.comparing(String::length).reversed()
                        .thenComparing(Comparator.naturalOrder())).map(Pattern::quote).collect(Collectors.joining("|"))
                + ")");
    }

    private static Markers bundled() {
        try (InputStream file = Objects.requireNonNull(Markers.class.getResourceAsStream("/parsing/markers.yaml"),
                "parsing/markers.yaml")) {
            return new Markers(YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build()
                    .readValue(file, Table.class));
        } catch (IOException e) {
            throw new UncheckedIOException("The program is incomplete: parsing/markers.yaml cannot be read", e);
        }
    }

    /// Lower case, character by character, so that places in the text stay what they are.
    static String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            folded.append(Character.toLowerCase(text.charAt(i)));
        }
        return folded.toString();
    }

    /// All that stand in a folded text, in order; those at the end only, such as `</s>`, are not among them.
    List<Found> in(String folded) {
        List<Found> found = new ArrayList<>();
        for (Matcher matcher = any.matcher(folded); matcher.find();) {
            found.add(new Found(matcher.group(), matcher.start(), matcher.end()));
        }
        return found;
    }

    @Nullable
    Block blockOpenedBy(Found found) {
        return openings.get(found.marker());
    }

    boolean closesATemplatesBlock(Found found) {
        return templateClosings.contains(found.marker());
    }

    boolean isLeading(Found found) {
        return leading.contains(found.marker());
    }

    boolean isBoxEdge(Found found) {
        return boxEdges.contains(found.marker());
    }

    List<Enclosure> boxes() {
        return table.boxes();
    }

    /// What a text without tokens can begin with, if this one does.
    @Nullable
    Block bareBlockAtStart(String folded, int start) {
        return table.bareReasoning().stream()
                .filter(block -> folded.startsWith(block.opens(), start))
                .filter(block -> !block.attached() || start + block.opens().length() < folded.length()
                        && !Character.isWhitespace(folded.charAt(start + block.opens().length())))
                .findFirst().orElse(null);
    }

    /// What encloses the text between these places as a whole, if anything does.
    @Nullable
    Enclosure wrapperOf(String folded, int start, int end) {
        return table.wrappers().stream()
                .filter(wrapper -> end - start >= wrapper.opens().length() + wrapper.closes().length())
                .filter(wrapper -> folded.startsWith(wrapper.opens(), start)
                        && folded.startsWith(wrapper.closes(), end - wrapper.closes().length()))
                // two of them side by side enclose nothing
                .filter(wrapper -> folded.indexOf(wrapper.opens(), start + 1) < 0
                        || folded.indexOf(wrapper.opens(), start + 1) >= end)
                .findFirst().orElse(null);
    }

    /// Where the token begins that the text ends with, or -1.
    int trailingTokenOf(String folded, int start, int end) {
        for (Trailing trailing : table.trailing()) {
            int at = end - trailing.token().length();
            if (at >= start && folded.startsWith(trailing.token(), at)
                    && (trailing.unless() == null || !folded.substring(start, at).contains(trailing.unless()))) {
                return at;
            }
        }
        return -1;
    }
}
