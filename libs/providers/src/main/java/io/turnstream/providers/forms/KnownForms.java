package io.turnstream.providers.forms;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.turnstream.providers.FailureCause;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The table of forms in which providers say what became of a call: `known-forms.yaml` beside this class. The first row
/// whose every condition holds says what an answer means. A provider that comes later adds rows and no code.
///
/// | field | holds where |
/// |---|---|
/// | `status` | the status is one of these: `403`, `4xx` |
/// | `code` | the whole of a code, type or reason matches, lower case |
/// | `field` | part of a line `path.to.field=value` matches, lower case |
/// | `message` | part of what is said for people matches, in any case |
/// | `finish` | the whole finish reason matches, lower case and with `_` for `-` and spaces |
/// | `text: none` | there is no text |
public final class KnownForms {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final KnownForms BUNDLED = bundledForms();

    private final List<Form> forms;
    /// Those that can hold where nothing is known but why a text ended. Asked of every answer, so not the whole table.
    private final List<Form> finishes;

    private KnownForms(List<Form> forms) {
        this.forms = List.copyOf(forms);
        this.finishes = forms.stream().filter(form -> form.finish() != null).toList();
    }

    /// The table that comes with the program.
    public static KnownForms bundled() {
        return BUNDLED;
    }

    private static KnownForms bundledForms() {
        try (InputStream in = KnownForms.class.getResourceAsStream("known-forms.yaml")) {
            if (in == null) {
                throw new IllegalStateException("known-forms.yaml is not in the program");
            }
            return of(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws IOException              if it is not YAML of this shape
    /// @throws IllegalArgumentException if a row means nothing known or has no condition
    static KnownForms of(InputStream yaml) throws IOException {
        List<Row> rows = YAML.readValue(yaml, new TypeReference<>() {});
        return new KnownForms(rows.stream().map(Form::of).toList());
    }

    /// What the signs mean; empty if no row knows them.
    public Optional<Meaning> read(Signs signs) {
        return first(forms, signs);
    }

    private static Optional<Meaning> first(List<Form> forms, Signs signs) {
        String finish = signs.finishReason() == null ? null : normal(signs.finishReason());
        return forms.stream().filter(form -> form.holds(signs, finish)).map(Form::meaning).findFirst();
    }

    /// Whether a finish reason, as received, says that a limit on the length was reached.
    public boolean isCut(@Nullable String finishReason) {
        return ofFinish(finishReason).filter(Meaning.Truncated.class::isInstance).isPresent();
    }

    /// Whether a row knows a finish reason, as received, or there is none.
    public boolean knowsFinish(@Nullable String finishReason) {
        return finishReason == null || ofFinish(finishReason).isPresent();
    }

    private Optional<Meaning> ofFinish(@Nullable String finishReason) {
        return finishReason == null
                ? Optional.empty()
                : first(finishes, new Signs(200, List.of(), List.of(), "", finishReason, true));
    }

    private static String normal(String finishReason) {
        return finishReason.strip().toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
    }

    /// A row as it stands in the file.
    ///
    /// @param means what it means: `finished`, `truncated`, `content_filter`, `refusal` or a failure's wire name
    /// @param who   who is known to say so, for people
    private record Row(
            String means,
            String who,
            @Nullable List<String> status,
            @Nullable String code,
            @Nullable String field,
            @Nullable String message,
            @Nullable String finish,
            @JsonProperty("text") @Nullable String text) {

        Meaning meaning() {
            return switch (means) {
                case "finished" -> new Meaning.Finished();
                case "truncated" -> new Meaning.Truncated();
                case "content_filter" -> new Meaning.ContentFilter();
                case "refusal" -> new Meaning.Refusal();
                default -> new Meaning.Failure(
                        Arrays.stream(FailureCause.values()).filter(cause -> cause.wireName().equals(means)).findFirst()
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "known forms: '" + means + "' (" + who + ") means nothing")));
            };
        }
    }

    private record Form(
            Meaning meaning,
            List<String> statuses,
            @Nullable Pattern code,
            @Nullable Pattern field,
            @Nullable Pattern message,
            @Nullable Pattern finish,
            boolean onlyWithoutText) {

        static Form of(Row row) {
            if (row.status == null && row.code == null && row.field == null && row.message == null
                    && row.finish == null) {
                throw new IllegalArgumentException(
                        "known forms: '" + row.means + "' (" + row.who + ") has no condition");
            }
            if (row.text != null && !row.text.equals("none")) {
                throw new IllegalArgumentException(
                        "known forms: 'text' is '" + row.text + "' (" + row.who + "), expected none");
            }
            return new Form(row.meaning(), row.status == null ? List.of() : row.status, pattern(row.code),
                    pattern(row.field),
                    pattern(row.message), pattern(row.finish), row.text != null);
        }

        private static @Nullable Pattern pattern(@Nullable String regex) {
            return regex == null ? null : Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        }

        boolean holds(Signs signs, @Nullable String finishReason) {
            return (statuses.isEmpty() || statuses.stream().anyMatch(status -> isStatus(status, signs.status())))
                    && (!onlyWithoutText || !signs.hasText())
                    && (finish == null || finishReason != null && finish.matcher(finishReason).matches())
                    && (code == null || signs.codes().stream().anyMatch(word -> code.matcher(word).matches()))
                    && (field == null || signs.fields().stream().anyMatch(line -> field.matcher(line).find()))
                    && (message == null || message.matcher(signs.message()).find());
        }

        private static boolean isStatus(String wanted, int status) {
            return wanted.endsWith("xx")
                    ? status / 100 == wanted.charAt(0) - '0'
                    : wanted.equals(Integer.toString(status));
        }
    }
}
