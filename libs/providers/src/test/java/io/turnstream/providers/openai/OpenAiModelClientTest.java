package io.turnstream.providers.openai;

import static io.turnstream.providers.LoopbackServer.answer;
import static io.turnstream.providers.LoopbackServer.error;
import static io.turnstream.providers.LoopbackServer.respond;
import static io.turnstream.providers.LoopbackServer.respondHalf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turnstream.providers.Adaptation;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ChatApi;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ImageRef;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.LoopbackServer;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelClients;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.ModelReply.Refused;
import io.turnstream.providers.ProviderSettings;
import io.turnstream.providers.Providers;
import io.turnstream.providers.Usage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiModelClientTest {

    private static final String KEY = "sk-test-0123456789abcdef";
    private static final CallParameters PARAMETERS = new CallParameters(0.1, 128, 5_000_000_000L);
    private static final byte[] PICTURE = new byte[300_000];
    private static final ImageRef IMAGE = new ImageRef("ab".repeat(32), "image/jpeg");

    static {
        new Random(7).nextBytes(PICTURE);
    }

    @TempDir
    Path folder;

    private final LoopbackServer server = new LoopbackServer();
    private final ModelClients clients = clients(server.baseUrl());

    private static ModelClients clients(String baseUrl) {
        return ModelClients.open(Providers.of(List.of(new ProviderSettings("test", ChatApi.OPENAI, baseUrl, KEY))),
                sha256 -> {
                    if (!sha256.equals(IMAGE.sha256())) {
                        throw new IOException("image " + sha256 + " is not in the image store");
                    }
                    return PICTURE;
                });
    }

    @AfterEach
    void close() {
        clients.close();
        server.close();
    }

    private static ModelCall call(Duration timeout, @Nullable ImageRef image, ChatTurn... turns) {
        return new ModelCall(new ModelName("test", "some/model"), List.of(turns), image, PARAMETERS, timeout,
                "run/d#r1@1");
    }

    private static ModelCall call() {
        return call(Duration.ofSeconds(20), null, ChatTurn.user("How do I sharpen a knife?"));
    }

    private Failed failed() throws InterruptedException {
        ModelReply reply = clients.call(call());
        assertThat(reply).isInstanceOf(Failed.class);
        return (Failed) reply;
    }

    @Test
    void answerCarriesTextUsageServedModelAndParameters() throws Exception {
        server.answers(200, answer("With a whetstone."));

        ModelReply reply = clients.call(call());

        Answered answered = (Answered) reply;
        assertThat(answered.text()).isEqualTo("With a whetstone.");
        assertThat(answered.served()).isEqualTo(new ModelReply.Served("served-model-2026", "fp_1", "stop",
                new Usage(12, 3, 2), PARAMETERS, Set.of(), null));
        assertThat(answered.toString()).doesNotContain("whetstone");
    }

    @Test
    void requestHoldsTheConversationTheParametersAndTheKeyAndNothingElse() throws Exception {
        clients.call(call(Duration.ofSeconds(20), null, ChatTurn.system("Be kind."), ChatTurn.user("Hi \"you\"\n"),
                ChatTurn.assistant("Hello."), ChatTurn.user("Straße ☂")));

        LoopbackServer.Received request = server.last();
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        assertThat(request.headers().get("Authorization")).containsExactly("Bearer " + KEY);
        assertThat(request.headers().get("Idempotency-key")).containsExactly("run/d#r1@1");
        assertThat(request.headers()).doesNotContainKeys("Upgrade", "Http2-settings");
        assertThat(new ObjectMapper().readTree(request.body())).isEqualTo(new ObjectMapper().readTree("""
            {"model": "some/model", "temperature": 0.1, "max_tokens": 128, "seed": 5000000000, "stream": false,
             "messages": [
               {"role": "system", "content": "Be kind."},
               {"role": "user", "content": "Hi \\"you\\"\\n"},
               {"role": "assistant", "content": "Hello."},
               {"role": "user", "content": "Straße ☂"}]}
            """));
    }

    @Test
    void imageIsSplicedIntoABodyThatReadsAsIfItHadBeenWrittenWhole() throws Exception {
        clients.call(call(Duration.ofSeconds(20), IMAGE, ChatTurn.userWithImage("What is this? ☂"),
                ChatTurn.assistant("A knife."), ChatTurn.user("turnstream-image: and now?")));

        JsonNode body = new ObjectMapper().readTree(server.last().body());
        assertThat(body.path("messages")).isEqualTo(new ObjectMapper().readTree("""
            [{"role": "user", "content": [
               {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,%s", "detail": "auto"}},
               {"type": "text", "text": "What is this? ☂"}]},
             {"role": "assistant", "content": "A knife."},
             {"role": "user", "content": "turnstream-image: and now?"}]
            """.formatted(Base64.getEncoder().encodeToString(PICTURE))));
        assertThat(server.last().headers().get("Content-length"))
                .containsExactly(Integer
                        .toString(server.last().body().getBytes(java.nio.charset.StandardCharsets.UTF_8).length));
    }

    @Test
    void imageThatIsNotInTheStoreIsAFailureOfItsOwn() throws Exception {
        ModelReply reply = clients.call(call(Duration.ofSeconds(20), new ImageRef("cd".repeat(32), "image/png"),
                ChatTurn.userWithImage("What is this?")));

        assertThat(((Failed) reply).cause()).isEqualTo(FailureCause.IMAGE_UNAVAILABLE);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void rateLimitKeepsStatusAndRetryAfter() throws Exception {
        server.does((request, exchange) -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            respond(exchange, 429, error("Slow down", null, "rate_limit_exceeded"));
        });

        Failed failed = failed();

        assertThat(failed.cause()).isEqualTo(FailureCause.RATE_LIMITED);
        assertThat(failed.httpStatus()).isEqualTo(429);
        assertThat(failed.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failed.message()).contains("test/some/model")
                .contains("HTTP 429 (rate_limit_exceeded): too many calls")
                .doesNotContain("Slow down");
        assertThat(failed.providerMessage()).isEqualTo("Slow down");
    }

    @ParameterizedTest
    @CsvSource({
            "429, insufficient_quota, QUOTA_EXHAUSTED",
            "429, , RATE_LIMITED",
            "402, , QUOTA_EXHAUSTED",
            "400, , BAD_REQUEST",
            "400, model_not_found, NOT_FOUND",
            "401, invalid_api_key, AUTHENTICATION",
            "403, , FORBIDDEN",
            "404, model_not_found, NOT_FOUND",
            "408, , TIMEOUT",
            "409, , SERVER_ERROR",
            "413, , BAD_REQUEST",
            "500, , SERVER_ERROR",
            "503, , SERVER_ERROR",
            "529, overloaded, SERVER_ERROR",
            "302, , NOT_FOUND",
    })
    void statusAndCodeNameTheCause(int status, @Nullable String code, FailureCause cause) throws Exception {
        server.answers(status, error("Something", null, code));

        assertThat(failed().cause()).isEqualTo(cause);
        assertThat(failed().httpStatus()).isEqualTo(status);
    }

    @Test
    void errorThatQuotesTheKeyIsRedacted() throws Exception {
        server.answers(401, error("Incorrect API key provided: " + KEY + ".", null, "invalid_api_key"));

        assertThat(failed().providerMessage()).contains("Incorrect API key provided").doesNotContain("0123456789");
        assertThat(failed().message()).doesNotContain("0123456789");
    }

    @Test
    void whatTheProviderSaysStandsApartFromOurOwnLineBoundedAndWithoutWhatATerminalActsOn() throws Exception {
        // Given a server that quotes the prompt and sends controls of both sets, bidi overrides and a lone surrogate
        server.answers(400, error(
                "You asked\\u001b[2J\\u009b31m \\u202eevil\\u2066 \\ud800 how to sharpen a knife" + "!".repeat(5_000),
                null, "odd code; How do I?"));

        Failed failed = failed();

        assertThat(failed.message())
                .contains("HTTP 400 (invalid_request_error): the provider does not accept this request")
                .doesNotContain("knife").doesNotContain("How do I");
        assertThat(failed.providerMessage()).startsWith("You asked [2J 31m evil").contains("how to sharpen a knife!")
                .hasSize(2_000).endsWith("…");
        assertThat(failed.providerMessage().codePoints())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.SURROGATE);
        assertThat(failed.toString()).doesNotContain("knife");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void refusalOfTheKeySaysWhereTheKeyComesFromAndNeverTheKey(int status) throws Exception {
        server.answers(status, error("Incorrect API key provided: " + KEY + ".", null, "invalid_api_key"));

        assertThat(refusal(Map.of("OPENAI_BASE_URL", server.baseUrl(), "OPENAI_API_KEY", KEY)))
                .contains("HTTP " + status + " (invalid_api_key) with the key of OPENAI_API_KEY: the key is wrong")
                .doesNotContain(KEY);
        Path file = Files.writeString(folder.resolve("key"), KEY);
        assertThat(refusal(Map.of("OPENAI_BASE_URL", server.baseUrl(), "OPENAI_API_KEY_FILE", file.toString())))
                .contains("HTTP " + status + " (invalid_api_key) with the key in " + file
                        + " (OPENAI_API_KEY_FILE): the key")
                .doesNotContain(KEY);
        assertThat(refusal(Map.of("OPENAI_BASE_URL", server.baseUrl())))
                .contains("HTTP " + status
                        + " (invalid_api_key) without a key, since OPENAI_API_KEY is not set: the key");
    }

    private static String refusal(Map<String, String> environment) throws InterruptedException {
        try (ModelClients configured = ModelClients.open(Providers.fromEnvironment(environment), ImageSource.none())) {
            ModelCall call = call();
            return ((Failed) configured.call(new ModelCall(new ModelName("openai", "gpt"), call.messages(), null,
                    PARAMETERS, call.timeout(), "r")))
                    .message();
        }
    }

    @Test
    void answerThatQuotesTheKeyIsRedactedAndKeepsTheRest() throws Exception {
        server.answers(200, LoopbackServer.answer("You sent " + KEY + ". Press sk-ip to go on.")
                .replace("\"served-model-2026\"", "\"served-" + KEY + "\""));

        Answered answered = (Answered) clients.call(call());

        assertThat(answered.text()).isEqualTo("You sent [redacted]. Press sk-ip to go on.");
        assertThat(answered.served().model()).isEqualTo("served-[redacted]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\": [", "", "null", "[]", "<html>", "{}", "{\"choices\": []}",
            "{\"choices\": [{\"index\": 0}]}"})
    void bodyThatIsNoAnswerIsMalformed(String body) throws Exception {
        server.answers(200, body);

        Failed failed = failed();

        assertThat(failed.cause()).isEqualTo(FailureCause.MALFORMED_BODY);
        assertThat(failed.httpStatus()).isEqualTo(200);
    }

    @Test
    void errorUnderASuccessfulStatusIsTheErrorItNames() throws Exception {
        server.answers(200, "{\"error\": {\"message\": \"upstream is busy\", \"code\": 429}}");

        assertThat(failed().cause()).isEqualTo(FailureCause.RATE_LIMITED);
    }

    @Test
    void bodyThatIsCutOffIsMalformed() throws Exception {
        server.does((request, exchange) -> respondHalf(exchange, answer("With a whetstone.")));

        assertThat(failed().cause()).isEqualTo(FailureCause.MALFORMED_BODY);
    }

    @Test
    void textBeyondWhatIsRecordedIsToldApartWithItsUsage() throws Exception {
        // Given 256 KiB of UTF-8 in characters of three bytes, and one byte more
        server.answers(200, answer("☂".repeat(87_381) + "a"));
        assertThat(clients.call(call())).isInstanceOf(Answered.class);
        server.answers(200, answer("☂".repeat(87_381) + "ab"));

        ModelReply.Oversized oversized = (ModelReply.Oversized) clients.call(call());

        assertThat(oversized.served().usage()).isEqualTo(new Usage(12, 3, 2));
        assertThat(oversized.served().model()).isEqualTo("served-model-2026");
    }

    @Test
    void silentServerTimesOut() throws Exception {
        server.hangs();

        ModelReply reply = clients.call(call(Duration.ofMillis(150), null, ChatTurn.user("Hello?")));

        assertThat(((Failed) reply).cause()).isEqualTo(FailureCause.TIMEOUT);
        assertThat(((Failed) reply).httpStatus()).isNull();
    }

    @Test
    void bodyThatNeverEndsTimesOutToo() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        server.does((request, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        ModelReply reply = clients.call(call(Duration.ofMillis(300), null, ChatTurn.user("Hello?")));
        over.countDown();

        assertThat(((Failed) reply).cause()).isEqualTo(FailureCause.TIMEOUT);
        assertThat(((Failed) reply).httpStatus()).isEqualTo(200);
    }

    @Test
    void portThatNobodyListensOnIsAConnectionFailure() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (ModelClients nowhere = clients("http://127.0.0.1:" + port + "/v1")) {
            Failed failed = (Failed) nowhere.call(call());

            assertThat(failed.cause()).isEqualTo(FailureCause.CONNECTION);
            assertThat(failed.httpStatus()).isNull();
        }
    }

    @Test
    void interruptedCallEndsAsInterruption() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        server.does((request, exchange) -> {
            arrived.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                clients.call(call());
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        arrived.await();

        caller.interrupt();
        caller.join();
        over.countDown();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void emptyAnswerAtTheTokenLimitIsTruncated() throws Exception {
        server.answers(200, answer("\"\"", "null", "length"));

        Answered answered = (Answered) clients.call(call());

        assertThat(answered.isEmpty()).isTrue();
        assertThat(answered.isTruncated()).isTrue();
    }

    @Test
    void missingTextIsAnEmptyAnswer() throws Exception {
        server.answers(200, answer("null", "null", "stop"));

        Answered answered = (Answered) clients.call(call());

        assertThat(answered.text()).isEmpty();
        assertThat(answered.isTruncated()).isFalse();
    }

    @Test
    void refusalFieldIsARefusalWithItsUsage() throws Exception {
        server.answers(200, answer("null", "\"I cannot help with that.\"", "stop"));

        Refused refused = (Refused) clients.call(call());

        assertThat(refused.kind()).isEqualTo(Refused.Kind.REFUSAL);
        assertThat(refused.text()).isEqualTo("I cannot help with that.");
        assertThat(refused.served().usage()).isEqualTo(new Usage(12, 3, 2));
        assertThat(refused.served().model()).isEqualTo("served-model-2026");
    }

    @Test
    void filteredAnswerIsARefusal() throws Exception {
        server.answers(200, answer("\"Half an ans\"", "null", "content_filter"));

        Refused refused = (Refused) clients.call(call());

        assertThat(refused.kind()).isEqualTo(Refused.Kind.CONTENT_FILTER);
        assertThat(refused.text()).isEqualTo("Half an ans");
    }

    @Test
    void filteredRequestIsARefusal() throws Exception {
        server.answers(400, error("The prompt was filtered", "prompt", "content_filter"));

        Refused refused = (Refused) clients.call(call());

        assertThat(refused.kind()).isEqualTo(Refused.Kind.CONTENT_FILTER);
        assertThat(refused.providerMessage()).isEqualTo("The prompt was filtered");
    }

    @Test
    void refusedParametersAreLearnedOneByOneAndRemembered() throws Exception {
        // Given a reasoning model: another name for the limit, no temperature
        server.does((request, exchange) -> {
            JsonNode body = new ObjectMapper().readTree(request.body());
            if (body.has("max_tokens")) {
                respond(exchange, 400,
                        error("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                                + "'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter"));
            } else if (body.has("temperature")) {
                respond(exchange, 400, error("Unsupported value: 'temperature' does not support 0.1 with this model. "
                        + "Only the default (1) value is supported.", "temperature", "unsupported_value"));
            } else {
                respond(exchange, 200, answer("Yes."));
            }
        });

        // When
        ModelReply first = clients.call(call());
        ModelReply second = clients.call(call());
        ModelReply third = clients.call(call());

        // Then
        assertThat(((Failed) first).cause()).isEqualTo(FailureCause.UNSUPPORTED_PARAMETER);
        assertThat(((Failed) second).cause()).isEqualTo(FailureCause.UNSUPPORTED_PARAMETER);
        ModelReply.Served served = ((Answered) third).served();
        assertThat(served.effective()).isEqualTo(new CallParameters(null, 128, 5_000_000_000L));
        assertThat(served.adaptations())
                .containsExactlyInAnyOrder(Adaptation.MAX_TOKENS_RENAMED, Adaptation.TEMPERATURE_DROPPED);
        assertThat(new ObjectMapper().readTree(server.last().body()).path("max_completion_tokens").asInt())
                .isEqualTo(128);
    }

    @Test
    void parameterThatIsRefusedAlthoughItWasGivenUpIsABadRequest() throws Exception {
        server.answers(400, error("Unknown field: seed", null, null));

        assertThat(failed().cause()).isEqualTo(FailureCause.UNSUPPORTED_PARAMETER);
        assertThat(failed().cause()).isEqualTo(FailureCause.BAD_REQUEST);
    }

    @Test
    void limitThatIsTooHighIsNotTakenForAnUnsupportedOne() throws Exception {
        server.answers(400, error("max_tokens is too large: 99999. This model takes at most 4096.", "max_tokens",
                "invalid_value"));

        assertThat(failed().cause()).isEqualTo(FailureCause.BAD_REQUEST);
    }

    @Test
    void temperatureThatMayOnlyBeOneIsGivenUp() throws Exception {
        server.answers(400, error("invalid temperature: only 1 is allowed for this model", null, null));

        assertThat(failed().cause()).isEqualTo(FailureCause.UNSUPPORTED_PARAMETER);
        server.answers(200, answer("Yes."));
        assertThat(((Answered) clients.call(call())).served().adaptations())
                .containsExactly(Adaptation.TEMPERATURE_DROPPED);
    }

    @Test
    void unknownProviderIsNamedWithTheKnownOnes() {
        ModelCall elsewhere = new ModelCall(new ModelName("nobody", "m"), List.of(ChatTurn.user("Hi")), null,
                CallParameters.NONE, Duration.ofSeconds(1), "id");

        assertThatThrownBy(() -> clients.call(elsewhere))
                .hasMessage("There is no provider 'nobody'; known are test");
    }
}
