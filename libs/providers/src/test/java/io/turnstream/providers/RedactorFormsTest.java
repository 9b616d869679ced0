package io.turnstream.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorFormsTest {

    private static final String KEY = "sk/test+0123456789~abcdef";

    private final Redactor redactor = new Redactor(List.of(KEY));

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "user:", "a longer name:"})
    void keyInsideOfABase64TextIsTakenOutWhereverItBegins(String before) {
        byte[] bytes = (before + KEY + "!").getBytes(StandardCharsets.UTF_8);

        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            String scrubbed = redactor.quote("You sent '" + encoder.encodeToString(bytes) + "'.");

            assertThat(scrubbed).contains("[redacted]");
            assertThat(scrubbed.length()).as("what is left of the key").isLessThan(40 + before.length() * 2);
        }
    }

    @Test
    void keyInAUrlIsTakenOutHoweverItIsEscaped() {
        assertThat(redactor.line("GET /?k=sk%2Ftest%2B0123456789%7Eabcdef")).doesNotContain("0123456789");
        assertThat(redactor.line("GET /?k=sk%2ftest%2b0123456789%7eabcdef")).doesNotContain("0123456789");
        assertThat(redactor.withoutKeys("sk\\/test+0123456789~abcdef")).isEqualTo("[redacted]");
    }
}
