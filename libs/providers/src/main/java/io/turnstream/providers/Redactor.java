package io.turnstream.providers;

import io.turnstream.messaging.Escapes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Takes secrets out of texts that people or logs will see: the known keys, and what looks like a key.
public final class Redactor {

    private static final String MARK = "[redacted]";
    private static final int LONGEST_MESSAGE = 400;
    private static final int LONGEST_QUOTE = 2_000;
    private static final int LONGEST_READ = 16 << 10;
    private static final int SHORTEST_SECRET = 4;
    /// Shorter ones, `EMPTY` or `test` say, stand for no key at all, and are words that a model may use.
    private static final int SHORTEST_IN_ANSWERS = 12;
    /// What can be a key in a path; `v1`, `openai` or `gpt-4o-2024-08-06` is none.
    private static final Pattern KEY_IN_PATH = Pattern.compile("(?=.*[A-Za-z])(?=.*[0-9]).*[A-Za-z0-9]{16,}.*");
    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-F]{2}");
    private static final Pattern BEARER = Pattern.compile("(?i)(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{6,}");
    private static final Pattern KEY_LIKE = Pattern
            .compile("\\b(?:(?:sk|pk|rk|hf|gsk|xai|key)[-_]|AIza)[A-Za-z0-9_*-]{12,}");
    private static final Pattern USER_INFO = Pattern.compile("(?i)(https?://)[^/\\s@]+@");
    /// Controls of both sets (C0 and C1) and what ends a line.
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\s]+");

    private final List<String> answers;
    private final List<String> messages;

    /// @param secrets the keys in use; blank ones and such of less than four characters are passed over
    public Redactor(Collection<String> secrets) {
        this(secrets, List.of());
    }

    private Redactor(Collection<String> secrets, Collection<String> ofPaths) {
        this.answers = forms(secrets, ofPaths, SHORTEST_IN_ANSWERS);
        this.messages = forms(secrets, ofPaths, SHORTEST_SECRET);
    }

    /// Knows the keys of providers, also where one is part of a base URL's path, as some gateways have it.
    static Redactor of(Collection<ProviderSettings> providers) {
        return new Redactor(providers.stream().flatMap(provider -> provider.apiKey().stream()).toList(),
                providers.stream().flatMap(provider -> Stream.of(provider.baseUrl().getRawPath().split("/")))
                        .filter(part -> KEY_IN_PATH.matcher(part).matches()).toList());
    }

    private static List<String> forms(Collection<String> secrets, Collection<String> ofPaths, int shortest) {
        TreeSet<String> forms = new TreeSet<>(
                (a, b) -> a.length() != b.length() ? Integer.compare(b.length(), a.length()) : a.compareTo(b));
        Stream.concat(secrets.stream(), ofPaths.stream()).map(String::strip)
                .filter(secret -> secret.length() >= shortest).forEach(secret -> {
                    forms.add(secret);
                    String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
                    forms.add(url);
                    forms.add(lowerCaseEscapes(url));
                    forms.add(url.replace("+", "%20"));
                    forms.add(secret.replace("/", "\\/"));
                    if (secret.length() >= SHORTEST_IN_ANSWERS) {
                        forms.addAll(base64(secret));
                    }
                });
        return List.copyOf(forms);
    }

    private static String lowerCaseEscapes(String url) {
        return ESCAPE.matcher(url).replaceAll(escape -> escape.group().toLowerCase(Locale.ROOT));
    }

    /// How the secret reads inside of a text in Base64, in both alphabets: by where it begins there are three ways, and
    /// what shares a character with its neighbours is left out.
    private static List<String> base64(String secret) {
        List<String> encoded = new ArrayList<>();
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String text = Base64.getEncoder().withoutPadding().encodeToString(shifted)
                    .substring(before == 0 ? 0 : before + 1, shifted.length * 8 / 6);
            encoded.add(text);
            encoded.add(text.replace('+', '-').replace('/', '_'));
        }
        return encoded;
    }

    /// Only what looks like a key is taken out.
    public static Redactor withoutKeys() {
        return new Redactor(List.of());
    }

    /// An answer without the known keys; whatever else it says stays, since it is what is measured. Keys of less than
    /// twelve characters are no keys there, but words.
    public String withoutKeys(String answer) {
        return without(answers, answer);
    }

    /// A message without the known keys and what stands for a user in a URL; paths and names that merely look like a
    /// key stay.
    public String withoutKnown(String message) {
        return USER_INFO.matcher(without(messages, message)).replaceAll("$1" + MARK + "@");
    }

    /// A body can have megabytes. What is cut goes with the word that it cuts, so that no half of a key is left.
    private static String beginning(String text) {
        if (text.length() <= LONGEST_READ) {
            return text;
        }
        int end = LONGEST_READ;
        while (end > 0 && !Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end > LONGEST_READ / 2 ? end : LONGEST_READ) + " …";
    }

    private static String without(List<String> secrets, String text) {
        String scrubbed = text;
        for (String secret : secrets) {
            scrubbed = scrubbed.replace(secret, MARK);
        }
        return scrubbed;
    }

    /// The text without secrets.
    public String scrub(String text) {
        String scrubbed = BEARER.matcher(withoutKnown(text)).replaceAll("$1 " + MARK);
        return KEY_LIKE.matcher(scrubbed).replaceAll(MARK);
    }

    /// The text without secrets, in one line of at most 400 characters.
    public String line(String text) {
        return line(text, LONGEST_MESSAGE);
    }

    /// What a provider said, without secrets, in one line of at most 2,000 characters. It can still quote a prompt.
    public String quote(String text) {
        return line(text, LONGEST_QUOTE);
    }

    private String line(String whole, int longest) {
        String text = beginning(whole);
        String line = Escapes.leftOut(CONTROL.matcher(scrub(text)).replaceAll(" ")).strip();
        if (line.length() <= longest) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(longest - 2)) ? longest - 2 : longest - 1;
        return line.substring(0, end) + "…";
    }

    @Override
    public String toString() {
        return "Redactor[" + messages.size() + " known forms]";
    }
}
