package io.turnstream.benchmark.pack;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.parsing.ChoiceParser;
import io.turnstream.benchmark.parsing.JudgeParser;
import io.turnstream.benchmark.parsing.TrueFalseParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that shapes a request or a score: the templates of the four calls, six rubrics, temperatures, token
/// limits, image settings, history encoding and parsers. A pack is a folder of eleven text files; its [#digest()] is
/// part of the identity of every run and every judgement made with it. A pack that exists is valid: all of it is
/// checked when it is read.
///
/// Prompts are rendered by [#dialogueTurn], [#mcq], [#trueFalse] and [#judge]. Whatever a model or a data set wrote is
/// filled in once and never looked at again for placeholders; dialogues that are *about* something stand between tags
/// they cannot close ([Transcript]).
public final class ProtocolPack {

    /// The pack that is used unless another one is asked for.
    public static final String DEFAULT = "mtmcs-v2";

    private static final Set<String> BUNDLED = Set.of(DEFAULT);
    private static final int MAX_FILE_BYTES = 1 << 20;

    private final SortedMap<String, byte[]> files;
    private final String digest;
    private final PackSettings settings;
    private final PromptRenderer prompts;

    private ProtocolPack(Map<String, byte[]> given) {
        PackReader reader = new PackReader(given);
        this.files = reader.files();
        this.digest = PackDigest.of(files);
        this.settings = reader.settings();
        Map<String, String> rubrics = new HashMap<>();
        PackReader.paths().stream().filter(path -> path.startsWith("rubrics/"))
                .forEach(path -> rubrics.put(path, reader.text(path)));
        boolean flat = settings.history() == HistoryEncoding.TRANSCRIPT;
        this.prompts = new PromptRenderer(settings,
                Template.parse(PackReader.DIALOGUE, reader.text(PackReader.DIALOGUE),
                        flat ? Set.of("user_turn", "transcript") : Set.of("user_turn")),
                Template.parse(PackReader.MCQ, reader.text(PackReader.MCQ),
                        Set.of("transcript", "question", "options")),
                Template.parse(PackReader.TF, reader.text(PackReader.TF), Set.of("transcript", "statement")),
                Template.parse(PackReader.JUDGE, reader.text(PackReader.JUDGE), Set.of("caption", "transcript")),
                rubrics);
    }

    /// A pack that comes with the platform.
    ///
    /// @throws InvalidProtocolException if there is none of that name
    public static ProtocolPack bundled(String name) {
        if (!BUNDLED.contains(name)) {
            throw new InvalidProtocolException(name, "", "no such pack is bundled",
                    "Bundled: " + String.join(", ", BUNDLED) + "; a folder of your own is given by its path");
        }
        Map<String, byte[]> files = new HashMap<>();
        for (String path : PackReader.paths()) {
            try (InputStream stream = ProtocolPack.class.getResourceAsStream("/protocols/" + name + "/" + path)) {
                if (stream != null) {
                    files.put(path, stream.readAllBytes());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the bundled pack " + name + ": " + path, e);
            }
        }
        return new ProtocolPack(files);
    }

    /// The pack in a folder.
    ///
    /// @throws InvalidProtocolException if the folder is missing, unreadable or no valid pack
    public static ProtocolPack load(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidProtocolException(folder.toString(), "", "is not a folder",
                    "Give the folder that holds pack.yaml");
        }
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> paths = Files.walk(folder, 4)) {
            for (Path file : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                if (!PackReader.isPart(path)) {
                    continue;
                }
                if (!file.toRealPath().startsWith(folder.toRealPath())) {
                    throw new InvalidProtocolException(path, "", "is a link that leads out of the pack",
                            "Put the file itself in its place");
                }
                if (Files.size(file) > MAX_FILE_BYTES) {
                    throw new InvalidProtocolException(path, "", "is larger than " + MAX_FILE_BYTES + " bytes",
                            "A pack holds short texts; remove it");
                }
                files.put(path, Files.readAllBytes(file));
            }
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidProtocolException(folder.toString(), "", "cannot be read", "Check the files' permissions");
        }
        return new ProtocolPack(files);
    }

    /// The pack that consists of these files, from path (`/` between folders) to content.
    ///
    /// @throws InvalidProtocolException if they are no valid pack
    public static ProtocolPack of(Map<String, byte[]> files) {
        return new ProtocolPack(files);
    }

    /// The pack's files, from path to content, in the order of their paths; copies. `of(files())` is the same pack.
    public SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> copies = new TreeMap<>();
        files.forEach((path, content) -> copies.put(path, content.clone()));
        return copies;
    }

    /// The identity of the pack: 64 lower-case hexadecimal digits. SHA-256 over the ASCII line
    /// `turnstream-protocol-pack/1` with its line feed and then, for each file in the order of the paths, length and
    /// bytes of the path and length and bytes of the content, lengths as 64-bit integers, most significant byte first.
    public String digest() {
        return digest;
    }

    /// The name that the pack gives itself. Two packs may share a name, never a digest.
    public String name() {
        return settings.name();
    }

    /// What `pack.yaml` says.
    public PackSettings settings() {
        return settings;
    }

    /// This pack, if a new run or a new judgement may use it: its digest stands for the parsers, and those of now have
    /// another name.
    ///
    /// @throws InvalidProtocolException if it asks for parsers of before
    public ProtocolPack requireCurrent() {
        if (!settings.parser().equals(PackReader.PARSER)) {
            throw new InvalidProtocolException(PackFields.FILE, "parser",
                    "is " + settings.parser() + ", which reads some answers wrongly and others not at all",
                    "Write 'parser: " + PackReader.PARSER
                            + "' and give the pack a new name; runs that exist keep theirs");
        }
        return this;
    }

    /// The parameters of that kind of call.
    public CallSettings call(StepKind kind) {
        return settings.call(kind);
    }

    /// The strict parser for multiple-choice answers, with the pack's refusal patterns.
    public ChoiceParser choiceParser() {
        return new ChoiceParser(settings.questionRefusals());
    }

    /// The strict parser for true-or-false answers, with the pack's refusal patterns.
    public TrueFalseParser trueFalseParser() {
        return new TrueFalseParser(settings.questionRefusals());
    }

    /// The strict parser for judges' answers, with the pack's refusal patterns.
    public JudgeParser judgeParser() {
        return new JudgeParser(settings.judgeRefusals());
    }

    /// The request for the next answer in a dialogue: the rounds so far, user and assistant in turn, and the new user
    /// turn.
    public List<PromptMessage> dialogueTurn(Modality modality, List<Exchange> history, String userTurn) {
        return prompts.dialogueTurn(modality, history, userTurn);
    }

    /// The request for one multiple-choice question about a dialogue: one user message, with the image if there is one.
    ///
    /// @param options 2 to 26 options, lettered from A in this order
    public List<PromptMessage> mcq(Modality modality, List<Exchange> transcript, String question,
            List<String> options) {
        return prompts.mcq(modality, transcript, question, options);
    }

    /// The request for one true-or-false statement about a dialogue: one user message, with the image if there is one.
    public List<PromptMessage> trueFalse(Modality modality, List<Exchange> transcript, String statement) {
        return prompts.trueFalse(modality, transcript, statement);
    }

    /// The request for a verdict: the rubric as system message, caption and dialogue as data in a user message. Never
    /// an image.
    ///
    /// @param caption what the picture shows; only used in a multimodal dialogue
    public List<PromptMessage> judge(Split split, Modality modality, Intent intent, @Nullable String caption,
            List<Exchange> transcript) {
        return prompts.judge(split, modality, intent, caption, transcript);
    }

    /// The same request once more after an answer without a valid score: the unusable answer, if it had any text, and
    /// the pack's reminder.
    public List<PromptMessage> judgeReminder(Split split, Modality modality, Intent intent, @Nullable String caption,
            List<Exchange> transcript, @Nullable String unusableAnswer) {
        return prompts.judgeReminder(judge(split, modality, intent, caption, transcript), unusableAnswer);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProtocolPack pack && pack.digest.equals(digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return "ProtocolPack[" + name() + ", " + digest.substring(0, 12) + "]";
    }
}
