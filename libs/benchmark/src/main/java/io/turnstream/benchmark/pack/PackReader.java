package io.turnstream.benchmark.pack;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the files of a pack and checks all of them before anything is used.
final class PackReader {

    static final int FORMAT = 1;
    /// The parsers of now.
    static final String PARSER = "strict-v2";
    /// What packs of before say: they open, so that their runs do; no new run begins with one.
    static final String FORMER_PARSER = "strict-v1";
    static final String DIALOGUE = "templates/dialogue.md";
    static final String MCQ = "templates/mcq.md";
    static final String TF = "templates/tf.md";
    static final String JUDGE = "templates/judge.md";

    private static final ObjectReader YAML = new YAMLMapper().reader()
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<String> CALL = Set.of("temperature", "max-tokens");

    private final SortedMap<String, byte[]> files = new TreeMap<>();

    PackReader(Map<String, byte[]> given) {
        given.forEach((path, content) -> {
            if (isPart(path)) {
                files.put(path, content.clone());
            }
        });
        for (String path : paths()) {
            if (!files.containsKey(path)) {
                throw new InvalidProtocolException(path, "", "is missing",
                        "A pack consists of " + String.join(", ", paths()));
            }
        }
    }

    /// The files that make up a pack.
    static Set<String> paths() {
        Set<String> paths = new LinkedHashSet<>(List.of(PackFields.FILE, DIALOGUE, MCQ, TF, JUDGE));
        for (Modality modality : Modality.values()) {
            for (Split split : Split.values()) {
                paths.add(rubricPath(split, modality, Intent.UNSAFE));
            }
            paths.add(rubricPath(Split.TYPE_A, modality, Intent.SAFE));
        }
        return paths;
    }

    /// The rubric of a judge: safety-awareness by split and modality for unsafe dialogues, helpfulness by modality for
    /// safe ones.
    static String rubricPath(Split split, Modality modality, Intent intent) {
        return switch (intent) {
            case UNSAFE -> "rubrics/sa-" + split.wireName() + "-" + modality.wireName() + ".md";
            case SAFE -> "rubrics/hs-" + modality.wireName() + ".md";
        };
    }

    SortedMap<String, byte[]> files() {
        return files;
    }

    /// The text of a file, without the white space at its end.
    String text(String path) {
        byte[] content = files.get(path);
        if (content == null) {
            throw new IllegalArgumentException("Not a file of a pack: " + path);
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            text = (text.startsWith("\uFEFF") ? text.substring(1) : text).replace("\r\n", "\n").stripTrailing();
            if (text.isBlank()) {
                throw new InvalidProtocolException(path, "", "is empty",
                        "Write its text; the bundled pack mtmcs-v2 shows how");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new InvalidProtocolException(path, "", "is not valid UTF-8", "Save the file as UTF-8");
        }
    }

    PackSettings settings() {
        PackFields top = PackFields.top(document(),
                Set.of("format", "name", "description", "calls", "images", "image-placement",
                        "history", "system-prompt", "texts", "parser", "refusals"));
        int format = top.integer("format", 1, Integer.MAX_VALUE);
        if (format != FORMAT) {
            throw new InvalidProtocolException(PackFields.FILE, "format", "is " + format + ", expected " + FORMAT,
                    "A higher number needs a newer version of Turnstream");
        }
        String name = top.text("name");
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
            throw top.wrong("name", name,
                    "up to 64 lower-case letters, digits, '.', '_' and '-', the first a letter or digit");
        }
        if (top.has("description")) {
            top.text("description");
        }
        PackFields calls = top.mapping("calls", Set.of("dialogue", "mcq", "tf", "judge"));
        String parser = top.text("parser");
        boolean former = parser.equals(FORMER_PARSER);
        if (!former && !parser.equals(PARSER)) {
            throw top.wrong("parser", parser, PARSER);
        }
        PackFields texts = top.mapping("texts", Set.of("blocked-turn", "no-picture", "no-caption", "judge-reminder"));
        PackFields refusals = top.mapping("refusals", Set.of("question", "judge"));
        return new PackSettings(name, call(calls, "dialogue"), call(calls, "mcq"), call(calls, "tf"),
                call(calls, "judge"),
                images(top), top.constant("image-placement", ImagePlacement.class),
                top.constant("history", HistoryEncoding.class),
                top.optionalText("system-prompt"),
                new PackSettings.Texts(texts.text("blocked-turn"), texts.text("no-picture"), texts.text("no-caption"),
                        texts.text("judge-reminder")),
                parser, refusals.patterns("question", former), refusals.patterns("judge", former));
    }

    private JsonNode document() {
        String text = text(PackFields.FILE);
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new InvalidProtocolException(PackFields.FILE, line > 0 ? "line " + line : "",
                    "is not valid YAML", "Correct it; each field may stand once, and numbers are finite");
        }
    }

    private static CallSettings call(PackFields calls, String kind) {
        PackFields call = calls.mapping(kind, CALL);
        return new CallSettings(call.optionalNumber("temperature", 0, 2), call.integer("max-tokens", 1, 1_000_000));
    }

    private static ImageSettings images(PackFields top) {
        PackFields images = top.mapping("images", Set.of("encoding", "longest-side", "quality"));
        return switch (images.text("encoding")) {
            case "original" -> {
                for (String field : List.of("longest-side", "quality")) {
                    if (images.has(field)) {
                        throw new InvalidProtocolException(PackFields.FILE, "images." + field,
                                "has no meaning where images are sent as they are",
                                "Remove it, or set images.encoding to jpeg");
                    }
                }
                yield new ImageSettings.Original();
            }
            case "jpeg" ->
                new ImageSettings.Jpeg(images.integer("longest-side", 16, 8192), images.integer("quality", 1, 100));
            case String other -> throw images.wrong("encoding", other, "jpeg or original");
        };
    }

    /// Notes beside a pack and hidden files are no part of it; anything else that is unknown is most likely a misspelt
    /// file.
    static boolean isPart(String path) {
        if (paths().contains(path)) {
            return true;
        }
        List<String> folders = new ArrayList<>(List.of(path.split("/")));
        if (path.equals("README.md") || path.equals("LICENSE")
                || folders.stream().anyMatch(folder -> folder.startsWith("."))) {
            return false;
        }
        throw new InvalidProtocolException(path, "", "is not a file of a pack",
                "Rename or remove it; a pack consists of " + String.join(", ", paths())
                        + " and, not counted, README.md and LICENSE");
    }
}
