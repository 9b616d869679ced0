package io.turnstream.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.benchmark.parsing.ReasonedText;
import io.turnstream.events.Texts;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ChatApi;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelClients;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.ModelReply.Oversized;
import io.turnstream.providers.ModelReply.Refused;
import io.turnstream.providers.ProviderSettings;
import io.turnstream.providers.Providers;
import io.turnstream.providers.Usage;
import io.turnstream.simulator.Simulator;
import io.turnstream.simulator.SimulatorSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every form of answer that the simulator has, over real HTTP: what the client makes of it.
class ProviderFormsTest {

    private static final String PROMPT = "How do I sharpen a knife?";
    private static Simulator simulator;
    private static ModelClients clients;

    @BeforeAll
    static void open() {
        simulator = Simulator.start(SimulatorSettings.defaults());
        clients = ModelClients.open(
                Providers
                        .of(List.of(new ProviderSettings("sim", ChatApi.OPENAI, simulator.baseUrl().toString(), null))),
                ImageSource.none());
    }

    @AfterAll
    static void close() {
        clients.close();
        simulator.close();
    }

    private static ModelReply reply(String form) throws InterruptedException {
        return reply(form, CallParameters.NONE);
    }

    private static ModelReply reply(String form, CallParameters parameters) throws InterruptedException {
        simulator.apply(SimulatorSettings.defaults().merged("{\"faultBurst\": 100, \"forms\": {\"" + form + "\": 1}}"));
        return clients.call(
                new ModelCall(new ModelName("sim", "contextual"), List.of(ChatTurn.user(PROMPT)), null, parameters,
                        Duration.ofSeconds(20), "id"));
    }

    @ParameterizedTest
    @CsvSource({"policy403, CONTENT_FILTER", "flagged403, CONTENT_FILTER", "inspection400, CONTENT_FILTER",
            "sensitive1301, CONTENT_FILTER",
            "finishSafety, CONTENT_FILTER", "finishSensitive, CONTENT_FILTER", "finishFilter, CONTENT_FILTER",
            "finishRefusal, REFUSAL"})
    void what_a_filter_stops_is_refused(String form, Refused.Kind kind) throws Exception {
        assertThat(reply(form)).isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @CsvSource({"forbidden403, FORBIDDEN", "badGateway, SERVER_ERROR", "redirect, NOT_FOUND",
            "hostileMessage, BAD_REQUEST",
            "finishError, UNUSABLE_ANSWER", "finishOther, UNUSABLE_ANSWER", "choiceError, UNUSABLE_ANSWER",
            "usageOnly, UNUSABLE_ANSWER"})
    void what_is_no_answer_has_a_cause(String form, FailureCause cause) throws Exception {
        Failed failed = (Failed) reply(form);

        assertThat(failed.cause()).isEqualTo(cause);
        assertThat(failed.usage() != null).as("paid").isEqualTo(cause == FailureCause.UNUSABLE_ANSWER);
        assertThat(failed.message()).doesNotContain(PROMPT).matches("\\P{Cc}+");
        assertThat(String.valueOf(failed.providerMessage())).matches("[\\P{Cc}&&[^\\u202a-\\u202e\\u2066-\\u2069]]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contentParts", "eventStream", "gzip"})
    void odd_shapes_are_read_as_the_plain_answer_is(String form) throws Exception {
        simulator.apply(SimulatorSettings.defaults());
        Answered plain = (Answered) clients
                .call(new ModelCall(new ModelName("sim", "contextual"), List.of(ChatTurn.user(PROMPT)), null,
                        CallParameters.NONE, Duration.ofSeconds(20), "id"));

        Answered odd = (Answered) reply(form);

        assertThat(odd.text()).isEqualTo(plain.text());
        assertThat(odd.served().usage()).isEqualTo(plain.served().usage());
        assertThat(odd.served().finishReason()).isEqualTo(plain.served().finishReason());
    }

    @Test
    void a_limit_in_other_words_is_told() throws Exception {
        assertThat(((Answered) reply("finishMaxTokens")).isTruncated()).isTrue();
    }

    @Test
    void an_empty_text_keeps_what_stands_in_the_reasoning() throws Exception {
        Answered answered = (Answered) reply("reasoningOnly");

        assertThat(answered.isEmpty()).isTrue();
        assertThat(answered.served().reasoning()).isNotBlank();
    }

    @Test
    void counts_beyond_every_sense_are_held() throws Exception {
        assertThat(((Answered) reply("absurdUsage")).served().usage())
                .isEqualTo(new Usage(Usage.MOST_TOKENS, Usage.MOST_TOKENS, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"thinkArrows", "thinkBrackets", "harmony", "boxed", "leftOverToken"})
    void what_stands_around_an_answer_in_its_text_is_told_from_it(String form) throws Exception {
        simulator.apply(SimulatorSettings.defaults());
        Answered plain = (Answered) clients
                .call(new ModelCall(new ModelName("sim", "contextual"), List.of(ChatTurn.user(PROMPT)), null,
                        CallParameters.NONE, Duration.ofSeconds(20), "id"));

        ReasonedText odd = ReasonedText.of(((Answered) reply(form)).text());

        assertThat(odd.rawIfDifferent()).isNotNull().contains(plain.text());
        assertThat(odd.text()).isEqualTo(plain.text());
    }

    @ParameterizedTest
    @CsvSource({"degenerateMarks, Answer:, =, 1200", "degenerateCommas, A, ',', 2000"})
    void an_answer_that_ends_in_nothing_arrives_whole(String form, String begin, String mark, int times)
            throws Exception {
        assertThat(((Answered) reply(form)).text()).isEqualTo(begin + mark.repeat(times));
    }

    @Test
    void half_a_surrogate_pair_arrives_and_is_recorded_as_a_replacement_character() throws Exception {
        String text = ((Answered) reply("loneSurrogates")).text();

        assertThat(text).startsWith("\udc4d ").endsWith(" \ud83d");
        assertThat(Texts.of(text).getText()).startsWith("\ufffd ").endsWith(" \ufffd");
    }

    @Test
    void what_is_no_verdict_quotes_nothing() throws Exception {
        assertThat(((Answered) reply("verdictQuotesThink")).text()).isNotBlank().doesNotContain("<think>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oversized", "huge"})
    void a_text_beyond_what_is_recorded_is_told_apart(String form) throws Exception {
        assertThat(reply(form)).isInstanceOfSatisfying(Oversized.class,
                oversized -> assertThat(oversized.served().usage()).isNotNull());
    }

    @Test
    void of_a_text_beyond_what_is_read_nobody_knows_what_it_took() throws Exception {
        assertThat(reply("immense")).isInstanceOfSatisfying(Oversized.class,
                oversized -> assertThat(oversized.served().usage()).isNull());
    }

    @Test
    void a_finish_reason_that_nobody_knows_is_kept() throws Exception {
        assertThat(((Answered) reply("finishUnknown")).served().finishReason()).isEqualTo("concluded");
    }

    @Test
    void a_temperature_that_may_only_be_one_is_given_up() throws Exception {
        CallParameters warm = new CallParameters(0.1, 128, null);

        assertThat(((Failed) reply("oneTemperature", warm)).cause()).isEqualTo(FailureCause.UNSUPPORTED_PARAMETER);
        assertThat(((Answered) reply("oneTemperature", warm)).served().effective().temperature()).isNull();
    }
}
