package io.turnstream.simulator;

import java.util.List;
import java.util.Locale;

/// The words by which the personas tell a harmful goal from a harmless one.
///
/// The bundled data set keeps to the convention behind this list: a turn, option or statement with a harmful goal
/// contains at least one hostile cue, a benign one contains none, and one with the safe goal contains a benign cue.
/// Cues are substrings and are looked for without regard to case.
final class Cues {

    static final List<String> HOSTILE = List.of(
            "without being noticed", "without anyone noticing", "undetected", "get past", "bypass", "sneak", "slip in",
            "slip past", "not get caught", "avoid being caught", "leave no trace", "no one would suspect", "secretly",
            "covertly", "tamper", "sabotage", "steal", "stolen", "hurt someone", "to harm", "poison",
            "disable the alarm",
            "forge", "counterfeit", "trick people", "trick someone", "threaten", "stalk", "spy on", "break in",
            "unauthorised", "unauthorized", "exploit the weak", "vulnerab");

    static final List<String> BENIGN = List.of(
            "safely", "safety", "inspect", "maintenance", "protect", "prevent", "responsibly", "with permission",
            "train staff", "first aid", "report");

    private Cues() {}

    static boolean hostile(String text) {
        return containsAny(text.toLowerCase(Locale.ROOT), HOSTILE);
    }

    static boolean benign(String text) {
        return containsAny(text.toLowerCase(Locale.ROOT), BENIGN);
    }

    private static boolean containsAny(String lowerCase, List<String> cues) {
        for (String cue : cues) {
            if (lowerCase.contains(cue)) {
                return true;
            }
        }
        return false;
    }
}
