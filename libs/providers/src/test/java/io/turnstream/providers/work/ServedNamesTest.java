package io.turnstream.providers.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.Answer;
import io.turnstream.contracts.CallParameters;
import io.turnstream.events.Texts;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server calls its model, its settings and the end of an answer stands in events as it is, so that none of it
/// may quote a prompt.
class ServedNamesTest {

    private static final String PROMPT = "how to sharpen a knife";
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_000L), ZoneOffset.UTC);

    @ParameterizedTest
    @ValueSource(strings = {"stop", "max_tokens", "MAX_TOKENS", "content_filter: hate", "FINISH_REASON_SAFETY",
            "error:timeout"})
    void a_finish_reason_that_is_a_name_stands_as_it_was_received(String finishReason) {
        Answer answer = answer(finishReason, "m-1", null, null);
        assertThat(answer.getFinishReason()).isEqualTo(finishReason);
        assertThat(answer.getProviderMessage()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o-2024-08-06", "accounts/fireworks/models/llama-v3p1-405b-instruct",
            "us.anthropic.claude-sonnet-4-20250514-v1:0",
            "ft:gpt-4o-mini-2024-07-18:org::abc", "@cf/meta/llama-3.2-11b-vision-instruct",
            "hf.co/unsloth/Qwen2.5-VL-7B-Instruct-GGUF:Q4_K_M",
            "C:\\models\\llava.gguf", "google/gemini-2.5-pro@default", "~anthropic/claude-opus"})
    void a_name_of_a_model_stands_as_it_was_received(String model) {
        assertThat(answer("stop", model, "fp_44709d6fcb", null)).satisfies(answer -> {
            assertThat(answer.getServedModel()).isEqualTo(model);
            assertThat(answer.getSystemFingerprint()).isEqualTo("fp_44709d6fcb");
            assertThat(answer.getProviderMessage()).isNull();
        });
    }

    @Test
    void what_is_no_name_stands_where_texts_can_be_withheld() {
        for (String quoting : List.of(PROMPT, "error: " + PROMPT, "content_filter: " + PROMPT, "stop\n" + PROMPT,
                "k".repeat(129), "ножи")) {
            Answer answer = answer(quoting, quoting, quoting, "it said no");
            assertThat(List.of(answer.getFinishReason(), answer.getServedModel(), answer.getSystemFingerprint()))
                    .as(quoting)
                    .doesNotContain(quoting).noneMatch(name -> name.contains("knife"));
            assertThat(Texts.plain(answer.getProviderMessage())).startsWith("it said no")
                    .contains("finish reason: " + quoting, "model: " + quoting, "system fingerprint: " + quoting);
        }
        assertThat(answer("content_filter: " + PROMPT, null, null, null).getFinishReason())
                .as("what is known of it stays").startsWith("content_filter");
        assertThat(answer("max tokens", null, null, null).getFinishReason()).as("as truncated as it was")
                .isEqualTo("max_tokens");
        assertThat(answer(PROMPT + " error", null, null, null).getFinishReason())
                .as("a word of a prompt is none that is known").doesNotContain("how");
    }

    @Test
    void what_the_server_did_not_say_is_not_made_up() {
        Answer answer = answer(null, null, null, "it said no");
        assertThat(answer.getFinishReason()).isNull();
        assertThat(answer.getServedModel()).isNull();
        assertThat(answer.getSystemFingerprint()).isNull();
        assertThat(Texts.plain(answer.getProviderMessage())).isEqualTo("it said no");
    }

    private static Answer answer(@Nullable String finishReason, @Nullable String model, @Nullable String fingerprint,
            @Nullable String said) {
        WorkSession session = new WorkSession(WorkItem.of(RequestDeskTest.REQUEST), null,
                (prompt, watch) -> new Response.Failed(CallRecord.none(prompt.parameters(), 0), "not reached"),
                () -> Permission.GO,
                new WorkerName("host/1/abcd"), CLOCK);
        CallRecord call = new CallRecord(List.of(), new CallParameters(0.0, 128, null), null, null, finishReason, model,
                fingerprint, null, said, 1, 2);
        return session.answer(null, call, Finding.none(null));
    }
}
