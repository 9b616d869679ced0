package io.turnstream.benchmark.pack;

import static io.turnstream.benchmark.Modality.MULTIMODAL;
import static io.turnstream.benchmark.Modality.UNIMODAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Split;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptRenderingTest {

    private static final List<Exchange> ROUNDS = List.of(new Exchange("What is here?", "A gate."),
            new Exchange("Is it open?", "It is."),
            new Exchange("Who closes it?", "The staff."));
    private static final List<String> OPTIONS = List.of("Going for a walk", "Getting past the gate");

    private final ProtocolPack pack = ProtocolPack.bundled(ProtocolPack.DEFAULT);

    @Test
    void theFirstTurnIsTheUsersWordsWithTheImage() {
        assertThat(pack.dialogueTurn(MULTIMODAL, List.of(), "What is here?"))
                .containsExactly(PromptMessage.user("What is here?", true));
    }

    @Test
    void laterTurnsAlternateAndTheImageStaysWithTheFirst() {
        assertThat(pack.dialogueTurn(MULTIMODAL, ROUNDS.subList(0, 2), "Who closes it?")).containsExactly(
                PromptMessage.user("What is here?", true), PromptMessage.assistant("A gate."),
                PromptMessage.user("Is it open?", false), PromptMessage.assistant("It is."),
                PromptMessage.user("Who closes it?", false));
    }

    @Test
    void aUnimodalDialogueNeverCarriesAnImage() {
        assertThat(pack.dialogueTurn(UNIMODAL, ROUNDS, "Go on?")).noneMatch(PromptMessage::withImage);
        assertThat(pack.mcq(UNIMODAL, ROUNDS, "What?", OPTIONS)).noneMatch(PromptMessage::withImage);
        assertThat(pack.trueFalse(UNIMODAL, ROUNDS, "What.")).noneMatch(PromptMessage::withImage);
    }

    @Test
    void aPackCanSendTheImageWithEveryTurn() {
        ProtocolPack every = PackTesting.packWith("pack.yaml", "image-placement: first_user_turn",
                "image-placement: every_user_turn");
        assertThat(every.dialogueTurn(MULTIMODAL, ROUNDS.subList(0, 1), "Is it open?"))
                .extracting(PromptMessage::withImage)
                .containsExactly(true, false, true);
    }

    @Test
    void thePlaceholderStandsForATurnThatWasBlockedOrBlank() {
        String placeholder = pack.settings().texts().blockedTurn();
        List<Exchange> blocked = List.of(new Exchange("What is here?", null), new Exchange("Is it open?", " "));
        assertThat(pack.dialogueTurn(UNIMODAL, blocked, "Who closes it?")).extracting(PromptMessage::text)
                .containsExactly("What is here?", placeholder, "Is it open?", placeholder, "Who closes it?");
        assertThat(Transcript.find(pack.trueFalse(UNIMODAL, blocked, "So?").getLast().text()).orElseThrow())
                .containsExactly(new Exchange("What is here?", placeholder), new Exchange("Is it open?", placeholder));
    }

    @Test
    void aPackCanFlattenTheHistoryIntoOneMessage() {
        var files = PackTesting.changed("pack.yaml", "history: chat", "history: transcript");
        files.put("templates/dialogue.md",
                "So far:\n{{transcript}}\nNow: {{user_turn}}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        List<PromptMessage> messages = ProtocolPack.of(files).dialogueTurn(MULTIMODAL, ROUNDS.subList(0, 1),
                "Is it open?");
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().withImage()).isTrue();
        assertThat(messages.getFirst().text()).startsWith("So far:\n<transcript-").endsWith("\nNow: Is it open?");
        assertThat(Transcript.find(messages.getFirst().text())).contains(ROUNDS.subList(0, 1));
    }

    @Test
    void aSystemPromptGoesBeforeTurnsAndQuestionsButNotToTheJudge() {
        ProtocolPack prompted = PackTesting.packWith("pack.yaml", "system-prompt: null",
                "system-prompt: Mind the gate.");
        PromptMessage system = PromptMessage.system("Mind the gate.");
        assertThat(prompted.dialogueTurn(UNIMODAL, ROUNDS, "Go on?").getFirst()).isEqualTo(system);
        assertThat(prompted.mcq(UNIMODAL, ROUNDS, "What?", OPTIONS).getFirst()).isEqualTo(system);
        assertThat(prompted.trueFalse(UNIMODAL, ROUNDS, "What.").getFirst()).isEqualTo(system);
        assertThat(prompted.judge(Split.TYPE_A, UNIMODAL, Intent.SAFE, null, ROUNDS)).doesNotContain(system).hasSize(2);
    }

    @Test
    void aChoiceQuestionIsOneMessageWithTranscriptQuestionAndLetteredOptions() {
        List<PromptMessage> messages = pack.mcq(MULTIMODAL, ROUNDS, "What does the user want?", OPTIONS);
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().withImage()).isTrue();
        assertThat(messages.getFirst().text()).contains("What does the user want?",
                "A. Going for a walk\nB. Getting past the gate", "letter");
        assertThat(Transcript.find(messages.getFirst().text())).contains(ROUNDS);
        assertThatThrownBy(() -> pack.mcq(MULTIMODAL, ROUNDS, "What?", List.of("one")))
                .hasMessageContaining("1 options, expected 2 to 26");
    }

    @Test
    void aStatementIsOneMessageWithTranscriptAndStatement() {
        List<PromptMessage> messages = pack.trueFalse(MULTIMODAL, ROUNDS, "The user wants in.");
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().withImage()).isTrue();
        assertThat(messages.getFirst().text()).contains("The user wants in.", "True or False");
        assertThat(Transcript.find(messages.getFirst().text())).contains(ROUNDS);
    }

    @Test
    void aJudgeReadsRubricCaptionAndTranscriptAndNoImage() {
        List<PromptMessage> messages = pack.judge(Split.TYPE_B, MULTIMODAL, Intent.UNSAFE, "A gate stands open.",
                ROUNDS);
        assertThat(messages).extracting(PromptMessage::role).containsExactly(Role.SYSTEM, Role.USER);
        assertThat(messages).noneMatch(PromptMessage::withImage);
        assertThat(messages.getFirst().text()).startsWith("# Safety-awareness, type B, multimodal\n");
        assertThat(messages.getLast().text())
                .containsPattern("<caption-([0-9a-f]{16})>\nA gate stands open\\.\n</caption-\\1>")
                .contains("{\"score\": N, \"explanation\": \"...\"}");
        assertThat(Transcript.find(messages.getLast().text())).contains(ROUNDS);
    }

    @Test
    void theCaptionIsOnlyForMultimodalDialogues() {
        assertThat(pack.judge(Split.TYPE_A, UNIMODAL, Intent.SAFE, "A gate stands open.", ROUNDS).getLast().text())
                .contains(pack.settings().texts().noPicture()).doesNotContain("A gate stands open.");
        assertThat(pack.judge(Split.TYPE_A, MULTIMODAL, Intent.SAFE, null, ROUNDS).getLast().text())
                .contains(pack.settings().texts().noCaption());
        assertThat(pack.judge(Split.TYPE_A, MULTIMODAL, Intent.SAFE, " ", ROUNDS).getLast().text())
                .contains(pack.settings().texts().noCaption());
    }

    @Test
    void aReminderRepeatsTheRequestWithTheUnusableAnswer() {
        List<PromptMessage> request = pack.judge(Split.TYPE_A, UNIMODAL, Intent.SAFE, null, ROUNDS);
        String reminder = pack.settings().texts().judgeReminder();
        assertThat(pack.judgeReminder(Split.TYPE_A, UNIMODAL, Intent.SAFE, null, ROUNDS, "Four."))
                .containsExactly(request.get(0), request.get(1), PromptMessage.assistant("Four."),
                        PromptMessage.user(reminder, false));
        assertThat(pack.judgeReminder(Split.TYPE_A, UNIMODAL, Intent.SAFE, null, ROUNDS, ""))
                .containsExactly(request.get(0), PromptMessage.user(request.get(1).text() + "\n\n" + reminder, false));
        assertThat(pack.judgeReminder(Split.TYPE_A, UNIMODAL, Intent.SAFE, null, ROUNDS, null)).hasSize(2);
    }

    @Test
    void aPlaceholderInWhatSomebodyWroteStaysText() {
        List<Exchange> sly = List.of(new Exchange("{{question}} $1 \\1", "{{options}} {{transcript}} {{caption}} {{"));
        String mcq = pack.mcq(UNIMODAL, sly, "Really {{transcript}}?", List.of("{{question}}", "two")).getLast().text();
        assertThat(mcq).contains("{{question}} $1 \\1", "{{options}} {{transcript}} {{caption}} {{",
                "Really {{transcript}}?", "A. {{question}}\nB. two");
        assertThat(Transcript.find(mcq)).contains(sly);
        assertThat(pack.dialogueTurn(UNIMODAL, List.of(), "{{user_turn}}"))
                .containsExactly(PromptMessage.user("{{user_turn}}", false));
    }

    @Test
    void promptsStayOutOfLogs() {
        assertThat(PromptMessage.user("a secret text", true))
                .hasToString("PromptMessage[USER, 13 characters, with image]");
        assertThat(new Exchange("a secret text", null)).hasToString("Exchange[user 13 characters, assistant blocked]");
        assertThat(new Exchange("secret", "text")).hasToString("Exchange[user 6 characters, assistant 4 characters]");
    }

    @Test
    void anImageOnlyGoesWithAUsersMessageAndAMessageHasText() {
        assertThatThrownBy(() -> new PromptMessage(Role.ASSISTANT, "x", true)).hasMessageContaining("ASSISTANT");
        assertThatThrownBy(() -> new PromptMessage(Role.USER, " ", false)).hasMessageContaining("no text");
        assertThatThrownBy(() -> new Exchange("", "x")).hasMessageContaining("no text");
    }
}
