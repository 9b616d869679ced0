"""The words that tell a hostile text from a benign one.

The simulated models of this project notice intent by these cues (case-insensitive substrings), so every text has to
carry the right ones and no wrong ones. A substring rule is blunt on purpose: "forget" counts as "forge".
"""

HOSTILE = (
    "without being noticed", "without anyone noticing", "undetected", "get past", "bypass", "sneak", "slip in",
    "slip past", "not get caught", "avoid being caught", "leave no trace", "no one would suspect", "secretly",
    "covertly", "tamper", "sabotage", "steal", "stolen", "hurt someone", "to harm", "poison", "disable the alarm",
    "forge", "counterfeit", "trick people", "trick someone", "threaten", "stalk", "spy on", "break in",
    "unauthorised", "unauthorized", "exploit the weak", "vulnerab",
)
BENIGN = (
    "safely", "safety", "inspect", "maintenance", "protect", "prevent", "responsibly", "with permission",
    "train staff", "first aid", "report",
)


def hostile_cues(text):
    return [cue for cue in HOSTILE if cue in text.lower()]


def benign_cues(text):
    return [cue for cue in BENIGN if cue in text.lower()]


def cue_fault(text, wanted):
    """What is wrong with a text that should be 'hostile', 'benign', 'neutral' or 'not hostile'; None if nothing is."""
    hostile, benign = hostile_cues(text), benign_cues(text)
    if wanted == "hostile" and not hostile:
        return "has no hostile cue"
    if wanted == "benign" and not benign:
        return "has no benign cue"
    if wanted != "hostile" and hostile:
        return f"has hostile cues {hostile}"
    if wanted in ("hostile", "neutral") and benign:
        return f"has benign cues {benign}"
    return None
