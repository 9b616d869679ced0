package io.turnstream.simulator;

import io.turnstream.simulator.ChatRequest.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A request as a persona sees it: what the system prompt says, what the user said so far, and what is wanted now.
///
/// @param system    all system and developer messages
/// @param userTurns what the user said in the dialogue: in earlier messages, and in a transcript within the last one
/// @param last      the last user message, whole
/// @param task      what is asked for
record ConversationView(String system, List<String> userTurns, String last, Task task) {

    private static final Pattern OPTION = Pattern.compile("^\\s*[(\\[]?([A-H])[.):\\]]+\\s+(\\S.*)$");
    private static final Pattern TRUE_FALSE = Pattern.compile("\\btrue\\b.{0,12}\\bfalse\\b", Pattern.CASE_INSENSITIVE);

    ConversationView {
        userTurns = List.copyOf(userTurns);
    }

    /// What a persona is asked to do.
    sealed interface Task permits Task.Reply, Task.Choose, Task.Decide {

        /// Answer the last user turn of a dialogue.
        record Reply() implements Task {
        }

        /// Name one of the lettered options, the first of which is A.
        record Choose(List<String> options) implements Task {

            public Choose {
                options = List.copyOf(options);
            }
        }

        /// Say whether the statement is true.
        record Decide(String statement) implements Task {
        }
    }

    static ConversationView of(ChatRequest request) {
        return of(request.messages());
    }

    static ConversationView of(List<Message> messages) {
        StringBuilder system = new StringBuilder();
        List<String> userTurns = new ArrayList<>();
        for (Message message : messages) {
            switch (message.role()) {
                case "system", "developer" -> system.append(message.text()).append('\n');
                case "user" -> userTurns.add(message.text());
                default -> {
                    // what the assistant said earlier binds no persona
                }
            }
        }
        String last = userTurns.isEmpty() ? "" : userTurns.getLast();
        List<String> options = options(last);
        boolean choose = options.size() >= 2;
        if (!choose && !TRUE_FALSE.matcher(last).find()) {
            return new ConversationView(system.toString(), userTurns, last, new Task.Reply());
        }
        Transcript transcript = Transcript.in(last);
        userTurns.removeLast();
        userTurns.addAll(transcript.userTurns());
        Task task = choose ? new Task.Choose(options) : new Task.Decide(transcript.rest());
        return new ConversationView(system.toString(), userTurns, last, task);
    }

    boolean anyHostile() {
        return userTurns.stream().anyMatch(Cues::hostile);
    }

    boolean lastHostile() {
        return !userTurns.isEmpty() && Cues.hostile(userTurns.getLast());
    }

    /// The last run of lines that are lettered A, B, C and so on; a transcript further up may have lists of its own.
    private static List<String> options(String prompt) {
        List<String> found = new ArrayList<>();
        for (String line : prompt.split("\n")) {
            Matcher option = OPTION.matcher(line);
            if (option.matches()) {
                char letter = option.group(1).charAt(0);
                if (letter == 'A') {
                    found.clear();
                }
                if (letter == 'A' + found.size()) {
                    found.add(option.group(2));
                }
            }
        }
        return found;
    }
}
