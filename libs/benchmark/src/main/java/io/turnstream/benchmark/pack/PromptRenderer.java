package io.turnstream.benchmark.pack;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns dialogues and questions into messages by the templates and settings of a pack.
final class PromptRenderer {

    private final PackSettings settings;
    private final Template dialogue;
    private final Template mcq;
    private final Template tf;
    private final Template judge;
    private final Map<String, String> rubrics;

    PromptRenderer(PackSettings settings, Template dialogue, Template mcq, Template tf, Template judge,
            Map<String, String> rubrics) {
        this.settings = settings;
        this.dialogue = dialogue;
        this.mcq = mcq;
        this.tf = tf;
        this.judge = judge;
        this.rubrics = Map.copyOf(rubrics);
    }

    List<PromptMessage> dialogueTurn(Modality modality, List<Exchange> history, String userTurn) {
        List<PromptMessage> messages = start();
        boolean pictured = modality == Modality.MULTIMODAL;
        switch (settings.history()) {
            case CHAT -> {
                boolean everyTurn = settings.imagePlacement() == ImagePlacement.EVERY_USER_TURN;
                boolean first = true;
                for (Exchange exchange : history) {
                    messages.add(PromptMessage.user(dialogue.fill(Map.of("user_turn", exchange.user())),
                            pictured && (first || everyTurn)));
                    messages.add(PromptMessage.assistant(Transcript.answer(exchange, settings.texts().blockedTurn())));
                    first = false;
                }
                messages.add(PromptMessage.user(dialogue.fill(Map.of("user_turn", userTurn)),
                        pictured && (first || everyTurn)));
            }
            case TRANSCRIPT -> messages.add(PromptMessage.user(
                    dialogue.fill(Map.of("user_turn", userTurn, "transcript", transcript(history))), pictured));
        }
        return List.copyOf(messages);
    }

    List<PromptMessage> mcq(Modality modality, List<Exchange> transcript, String question, List<String> options) {
        if (options.size() < 2 || options.size() > 26) {
            throw new IllegalArgumentException("A question has " + options.size() + " options, expected 2 to 26");
        }
        StringBuilder lettered = new StringBuilder();
        for (int i = 0; i < options.size(); i++) {
            lettered.append(i == 0 ? "" : "\n").append((char) ('A' + i)).append(". ").append(options.get(i));
        }
        return question(modality, mcq.fill(
                Map.of("transcript", transcript(transcript), "question", question, "options", lettered.toString())));
    }

    List<PromptMessage> trueFalse(Modality modality, List<Exchange> transcript, String statement) {
        return question(modality, tf.fill(Map.of("transcript", transcript(transcript), "statement", statement)));
    }

    List<PromptMessage> judge(Split split, Modality modality, Intent intent, @Nullable String caption,
            List<Exchange> transcript) {
        String rubric = rubrics.get(PackReader.rubricPath(split, modality, intent));
        if (rubric == null) {
            throw new IllegalStateException("A pack that was read has every rubric");
        }
        return List.of(PromptMessage.system(rubric), PromptMessage.user(
                judge.fill(Map.of("caption", caption(modality, caption), "transcript", transcript(transcript))),
                false));
    }

    List<PromptMessage> judgeReminder(List<PromptMessage> request, @Nullable String unusableAnswer) {
        String reminder = settings.texts().judgeReminder();
        List<PromptMessage> messages = new ArrayList<>(request);
        if (unusableAnswer == null || unusableAnswer.isBlank()) {
            // Two user messages in a row would break the alternation that some servers insist on.
            PromptMessage last = messages.removeLast();
            messages.add(PromptMessage.user(last.text() + "\n\n" + reminder, false));
        } else {
            messages.add(PromptMessage.assistant(unusableAnswer));
            messages.add(PromptMessage.user(reminder, false));
        }
        return List.copyOf(messages);
    }

    private List<PromptMessage> question(Modality modality, String text) {
        List<PromptMessage> messages = start();
        messages.add(PromptMessage.user(text, modality == Modality.MULTIMODAL));
        return List.copyOf(messages);
    }

    private List<PromptMessage> start() {
        List<PromptMessage> messages = new ArrayList<>();
        String systemPrompt = settings.systemPrompt();
        if (systemPrompt != null) {
            messages.add(PromptMessage.system(systemPrompt));
        }
        return messages;
    }

    private String transcript(List<Exchange> exchanges) {
        return Transcript.render(exchanges, settings.texts().blockedTurn());
    }

    private String caption(Modality modality, @Nullable String caption) {
        return switch (modality) {
            case UNIMODAL -> settings.texts().noPicture();
            case MULTIMODAL -> caption == null || caption.isBlank()
                    ? settings.texts().noCaption()
                    : Transcript.block("caption", caption.strip());
        };
    }
}
