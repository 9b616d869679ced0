package io.turnstream.importer.reading;

import io.turnstream.events.EventDigests;
import io.turnstream.importer.reading.RecordedDialogue.RecordedQuestion;
import io.turnstream.importer.reading.RecordedDialogue.Round;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Digests of what was recorded, independent of the order of records: SHA-256 over the digests of the dialogues,
/// ordered by split, row, modality and intent.
///
/// The data set's digest covers user turns and questions, so that two models that were asked the same have the same; it
/// is never that of the data set itself, whose images and unused fields no result folder holds. The content's digest
/// covers the answers, too.
final class RecordingDigest {

    private final Map<DialogueKey, String> asked = new TreeMap<>();
    private final Map<DialogueKey, String> answered = new TreeMap<>();

    void add(RecordedDialogue dialogue) {
        asked.put(dialogue.key(), digest(dialogue, false));
        answered.put(dialogue.key(), digest(dialogue, true));
    }

    /// Digest (hex) of what was asked.
    String dataset() {
        return over(asked);
    }

    /// Digest (hex) of everything.
    String content() {
        return over(answered);
    }

    private static String over(Map<DialogueKey, String> digests) {
        return EventDigests.sha256Hex(
                ("turnstream-recording-1\n" + String.join("\n", digests.values())).getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(RecordedDialogue dialogue, boolean answers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * 1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            text(out, dialogue.key().toString());
            for (Round round : dialogue.rounds()) {
                text(out, round.user());
                if (answers) {
                    text(out, round.answer());
                }
            }
            out.writeInt(dialogue.questions().size());
            for (RecordedQuestion question : dialogue.questions()) {
                text(out, question.step());
                text(out, question.questionType());
                text(out, question.text());
                out.writeInt(question.options().size());
                for (String option : question.options()) {
                    text(out, option);
                }
                text(out, question.groundTruth());
                if (answers) {
                    text(out, question.answer());
                }
            }
            if (answers) {
                out.writeBoolean(dialogue.verdict() != null);
                text(out, dialogue.verdict() == null ? "" : dialogue.verdict());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return EventDigests.sha256Hex(bytes.toByteArray());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }
}
