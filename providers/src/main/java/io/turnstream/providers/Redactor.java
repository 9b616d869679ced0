package io.turnstream.providers;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Takes secrets out of texts that people or logs will see: the known keys, and what looks like a key.
public final class Redactor {

    private static final String MARK = "[redacted]";
    private static final int LONGEST_MESSAGE = 400;
    private static final Pattern BEARER = Pattern.compile("(?i)(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{6,}");
    private static final Pattern KEY_LIKE =
        Pattern.compile("\\b(?:(?:sk|pk|rk|hf|gsk|xai|key)[-_]|AIza)[A-Za-z0-9_*-]{12,}");
    private static final Pattern USER_INFO = Pattern.compile("(?i)(https?://)[^/\\s@]+@");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\s]+");

    private final List<String> secrets;

    /// @param secrets the keys in use; blank ones and such of less than four characters are passed over
    public Redactor(Collection<String> secrets) {
        TreeSet<String> forms = new TreeSet<>((a, b) ->
            a.length() != b.length() ? Integer.compare(b.length(), a.length()) : a.compareTo(b));
        for (String secret : secrets) {
            if (secret.strip().length() >= 4) {
                forms.add(secret.strip());
                forms.add(URLEncoder.encode(secret.strip(), StandardCharsets.UTF_8));
                forms.add(secret.strip().replace("/", "\\/"));
            }
        }
        this.secrets = List.copyOf(forms);
    }

    /// Only what looks like a key is taken out.
    public static Redactor withoutKeys() {
        return new Redactor(List.of());
    }

    /// The text without the known keys; whatever else it says stays.
    public String withoutKeys(String text) {
        String scrubbed = text;
        for (String secret : secrets) {
            scrubbed = scrubbed.replace(secret, MARK);
        }
        return scrubbed;
    }

    /// The text without secrets.
    public String scrub(String text) {
        String scrubbed = withoutKeys(text);
        scrubbed = BEARER.matcher(scrubbed).replaceAll("$1 " + MARK);
        scrubbed = USER_INFO.matcher(scrubbed).replaceAll("$1" + MARK + "@");
        return KEY_LIKE.matcher(scrubbed).replaceAll(MARK);
    }

    /// The text without secrets, in one line of at most 400 characters.
    public String line(String text) {
        String line = CONTROL.matcher(scrub(text)).replaceAll(" ").strip();
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE - 1) + "…";
    }

    @Override
    public String toString() {
        return "Redactor[" + secrets.size() + " known forms]";
    }
}
