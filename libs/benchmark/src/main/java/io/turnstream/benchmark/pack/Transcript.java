package io.turnstream.benchmark.pack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A dialogue as data within a prompt, between tags that its own text cannot close: every tag ends in a code made from
/// the SHA-256 of what it encloses, and a code that occurs in the text is replaced by the next one.
///
/// ```
/// <transcript-9f2c41d07ab35e68>
/// <user-1-9f2c41d07ab35e68>
/// What is in the picture?
/// </user-1-9f2c41d07ab35e68>
/// <assistant-1-9f2c41d07ab35e68>
/// A ladder.
/// </assistant-1-9f2c41d07ab35e68>
/// </transcript-9f2c41d07ab35e68>
/// ```
public final class Transcript {

    private static final int CODE_LENGTH = 16;
    private static final Pattern BLOCK = Pattern
            .compile("<transcript-([0-9a-f]{" + CODE_LENGTH + "})>\n(.*?)</transcript-\\1>", Pattern.DOTALL);

    private Transcript() {}

    /// The dialogue as one block of data; `blockedTurn` stands for answers that were blocked.
    static String render(List<Exchange> exchanges, String blockedTurn) {
        StringBuilder texts = new StringBuilder();
        for (Exchange exchange : exchanges) {
            texts.append(exchange.user()).append('\0').append(answer(exchange, blockedTurn)).append('\0');
        }
        String code = code(texts.toString());
        StringBuilder block = new StringBuilder("<transcript-" + code + ">\n");
        int round = 0;
        for (Exchange exchange : exchanges) {
            round++;
            append(block, "user-" + round, code, exchange.user());
            append(block, "assistant-" + round, code, answer(exchange, blockedTurn));
        }
        return block.append("</transcript-").append(code).append('>').toString();
    }

    /// One text as a block of data under that tag.
    static String block(String tag, String text) {
        StringBuilder block = new StringBuilder();
        append(block, tag, code(text), text);
        return block.substring(0, block.length() - 1);
    }

    /// The dialogue within a prompt that holds one, for whoever plays a model or a judge. Empty if there is none.
    public static Optional<List<Exchange>> find(String prompt) {
        Matcher block = BLOCK.matcher(prompt);
        if (!block.find()) {
            return Optional.empty();
        }
        Pattern round = Pattern.compile(
                "<user-(\\d+)-CODE>\n(.*?)\n</user-\\1-CODE>\n<assistant-\\1-CODE>\n(.*?)\n</assistant-\\1-CODE>"
                        .replace("CODE", block.group(1)),
                Pattern.DOTALL);
        List<Exchange> exchanges = new ArrayList<>();
        for (Matcher matcher = round.matcher(block.group(2)); matcher.find();) {
            exchanges.add(new Exchange(matcher.group(2), matcher.group(3)));
        }
        return Optional.of(List.copyOf(exchanges));
    }

    static String answer(Exchange exchange, String blockedTurn) {
        String answer = exchange.assistant();
        return answer == null || answer.isBlank() ? blockedTurn : answer;
    }

    private static void append(StringBuilder block, String tag, String code, String text) {
        block.append('<').append(tag).append('-').append(code).append(">\n").append(text)
                .append("\n</").append(tag).append('-').append(code).append(">\n");
    }

    private static String code(String text) {
        String code = PackDigest.sha256Hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, CODE_LENGTH);
        while (text.contains(code)) {
            code = PackDigest.sha256Hex((code + text).getBytes(StandardCharsets.UTF_8)).substring(0, CODE_LENGTH);
        }
        return code;
    }
}
