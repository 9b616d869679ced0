package io.turnstream.simulator;

import io.turnstream.simulator.ChatRequest.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A request as a persona sees it: what the system prompt says, what the user said so far, and what is wanted now.
///
/// @param system       all system and developer messages
/// @param userMessages all user messages, whole
/// @param userTurns    what the user said in the dialogue: in messages, and in a transcript within the last one
/// @param task         what is asked for
record ConversationView(String system, List<String> userMessages, List<String> userTurns, Task task) {

    private static final Pattern OPTION = Pattern.compile("^\\s*[(\\[]?([A-H])[.):\\]]+\\s+(\\S.*)$");
    private static final Pattern TRUE_FALSE = Pattern.compile("\\btrue\\b.{0,12}\\bfalse\\b", Pattern.CASE_INSENSITIVE);

    ConversationView {
        userMessages = List.copyOf(userMessages);
        userTurns = List.copyOf(userTurns);
    }

    /// What a persona is asked to do.
    sealed interface Task permits Task.Reply, Task.Choose, Task.Decide {

        /// Answer the last user turn of a dialogue.
        record Reply() implements Task {}

        /// Name one of the lettered options, the first of which is A.
        record Choose(List<String> options) implements Task {

            public Choose {
                options = List.copyOf(options);
            }
        }

        /// Say whether the statement is true.
        record Decide(String statement) implements Task {}
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
        List<String> userMessages = List.copyOf(userTurns);
        List<String> options = options(last);
        boolean choose = options.size() >= 2;
        boolean decide = !choose && TRUE_FALSE.matcher(last).find();
        // a dialogue may come as one message, too: the rounds so far between tags, and then what the user says now
        Transcript transcript = choose || decide ? Transcript.in(last) : Transcript.tagged(last);
        Task task = new Task.Reply();
        if (!transcript.turns().isEmpty() || choose || decide) {
            userTurns.removeLast();
            userTurns.addAll(transcript.userTurns());
        }
        if (choose) {
            task = new Task.Choose(options);
        } else if (decide) {
            task = new Task.Decide(transcript.rest());
        } else if (!transcript.turns().isEmpty()) {
            userTurns.add(transcript.rest());
        }
        return new ConversationView(system.toString(), userMessages, userTurns, task);
    }

    /// What the user said last.
    String lastTurn() {
        return userTurns.isEmpty() ? "" : userTurns.getLast();
    }

    boolean anyHostile() {
        return userTurns.stream().anyMatch(Cues::hostile);
    }

    boolean lastHostile() {
        return Cues.hostile(lastTurn());
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
