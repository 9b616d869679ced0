package io.turnstream.providers.openai;

import static io.turnstream.providers.LoopbackServer.answer;
import static io.turnstream.providers.LoopbackServer.respond;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ChatApi;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.LoopbackServer;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What servers send that copy the API more or less.
class OddAnswersTest {

    private static final String USAGE = "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}";

    private final LoopbackServer server = new LoopbackServer();
    private final ModelClients clients = ModelClients.open(
            Providers.of(List.of(new ProviderSettings("test", ChatApi.OPENAI, server.baseUrl(), null))),
            ImageSource.none());

    @AfterEach
    void close() {
        clients.close();
        server.close();
    }

    private ModelReply reply() throws InterruptedException {
        return clients.call(
                new ModelCall(new ModelName("test", "m"), List.of(ChatTurn.user("Hello?")), null, CallParameters.NONE,
                        Duration.ofSeconds(20), "id"));
    }

    private ModelReply reply(String body) throws InterruptedException {
        server.answers(200, body);
        return reply();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "[{\"type\":\"text\",\"text\":\"Two \"},{\"type\":\"text\",\"text\":\"parts.\"}]",
            "[\"Two \",\"parts.\"]",
            "[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]},{\"type\":\"text\",\"text\":\"Two parts.\"}]",
            "{\"type\":\"text\",\"text\":\"Two parts.\"}"
    })
    void contentAsAListOfPartsIsRead(String content) throws Exception {
        Answered answered = (Answered) reply(answer(content, "null", "stop"));

        assertThat(answered.text()).isEqualTo("Two parts.");
        assertThat(answered.served().usage()).isEqualTo(new Usage(12, 3, 2));
        assertThat(answered.served().reasoning()).isEqualTo(content.contains("thinking") ? "hm" : null);
    }

    @Test
    void eventStreamIsPutTogether() throws Exception {
        Answered answered = (Answered) reply("""
            : keep-alive

            data: {"model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"Hm."}}]}

            data: {"choices":[{"index":0,"delta":{"content":"With a "}}]}\r
            \r
            data: {"choices":[{"index":0,"delta":{"content":"whetstone."},"finish_reason":"stop"}]}

            data: {"choices":[],%s}

            data: [DONE]
            """.formatted(USAGE));

        assertThat(answered.text()).isEqualTo("With a whetstone.");
        assertThat(answered.served().model()).isEqualTo("m-1");
        assertThat(answered.served().finishReason()).isEqualTo("stop");
        assertThat(answered.served().reasoning()).isEqualTo("Hm.");
        assertThat(answered.served().usage()).isEqualTo(new Usage(12, 3, 0));
    }

    @Test
    void eventStreamThatBreaksOffIsNoAnswer() throws Exception {
        Failed failed = (Failed) reply("data: {\"choices\":[{\"delta\":{\"content\":\"With a \"}}]}\n\n");

        assertThat(failed.cause()).isEqualTo(FailureCause.MALFORMED_BODY);
        assertThat(failed.message()).contains("an event stream that breaks off");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void compressedAnswerIsReadThoughNobodyAskedForOne(boolean announced) throws Exception {
        server.does((request, exchange) -> {
            if (announced) {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            }
            send(exchange, 200, gzip(answer("With a whetstone.").getBytes(StandardCharsets.UTF_8)));
        });

        assertThat(((Answered) reply()).text()).isEqualTo("With a whetstone.");
    }

    @Test
    void compressedErrorIsReadToo() throws Exception {
        server.does((request, exchange) -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            send(exchange, 400, gzip(
                    "{\"error\":{\"code\":\"content_filter\",\"message\":\"no\"}}".getBytes(StandardCharsets.UTF_8)));
        });

        assertThat(reply()).isInstanceOf(Refused.class);
    }

    @Test
    void compressedBodyThatGrowsWithoutEndIsAnAnswerThatIsTooLong() throws Exception {
        byte[] bomb = gzip(new byte[64 << 20]);
        server.does((request, exchange) -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            send(exchange, 200, bomb);
        });

        assertThat(reply()).isInstanceOf(Oversized.class);
    }

    @Test
    void errorThatCannotBeDecompressedIsToldByItsStatus() throws Exception {
        byte[] bomb = gzip(new byte[64 << 20]);
        for (byte[] body : List.of(bomb, Arrays.copyOf(bomb, bomb.length / 2),
                "no gzip".getBytes(StandardCharsets.UTF_8))) {
            server.does((request, exchange) -> {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                send(exchange, 503, body);
            });

            assertThat(((Failed) reply()).cause()).isEqualTo(FailureCause.SERVER_ERROR);
        }
    }

    @Test
    void bodyThatIsTooLargeToBeReadIsAnAnswerThatIsTooLong() throws Exception {
        sendsMegabytes(200);

        Oversized oversized = (Oversized) reply();

        assertThat(oversized.served().usage()).as("what it took stands at the end, which was not read").isNull();
    }

    @ParameterizedTest
    @CsvSource({"500, SERVER_ERROR", "401, AUTHENTICATION", "400, BAD_REQUEST"})
    void errorWithABodyThatIsTooLargeIsToldByItsStatus(int status, FailureCause cause) throws Exception {
        sendsMegabytes(status);

        Failed failed = (Failed) reply();

        assertThat(failed.cause()).isEqualTo(cause);
        assertThat(failed.httpStatus()).isEqualTo(status);
    }

    private void sendsMegabytes(int status) {
        server.does((request, exchange) -> {
            exchange.sendResponseHeaders(status, 0);
            byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            try (var out = exchange.getResponseBody()) {
                for (int megabytes = 0; megabytes < 64; megabytes++) {
                    out.write(spaces);
                }
            } catch (IOException e) {
                // The client hung up, as it should.
            }
        });
    }

    @Test
    void textThatWasGivenUpHalfwayIsNoAnswerAndKeepsItsFinishReason() throws Exception {
        Failed failed = (Failed) reply(
                "{\"choices\":[{\"finish_reason\":\"OTHER\",\"message\":{\"content\":\"With a \"}}]," + USAGE + "}");

        assertThat(failed.cause()).isEqualTo(FailureCause.UNUSABLE_ANSWER);
        assertThat(failed.finishReason()).isEqualTo("OTHER");
        assertThat(failed.usage()).isEqualTo(new Usage(12, 3, 0));
    }

    @Test
    void errorBesideHalfATextKeepsTheFinishReason() throws Exception {
        Failed failed = (Failed) reply(
                "{\"choices\":[{\"finish_reason\":\"error\",\"error\":{\"code\":502,\"message\":\"upstream\"},"
                        + "\"message\":{\"content\":\"With a \"}}]}");

        assertThat(failed.finishReason()).isEqualTo("error");
    }

    @Test
    void textWithAFinishReasonThatNobodyKnowsIsAnAnswer() throws Exception {
        Answered answered = (Answered) reply(
                "{\"choices\":[{\"finish_reason\":\"done_it\",\"message\":{\"content\":\"With a whetstone.\"}}]}");

        assertThat(answered.served().finishReason()).isEqualTo("done_it");
    }

    @Test
    void unknownCompressionSaysSo() throws Exception {
        server.does((request, exchange) -> {
            exchange.getResponseHeaders().set("Content-Encoding", "br");
            send(exchange, 200, new byte[] {1, 2, 3});
        });

        Failed failed = (Failed) reply();

        assertThat(failed.message()).contains("compressed in a way that was not asked for");
        assertThat(failed.providerMessage()).isEqualTo("br");
    }

    @Test
    void redirectSaysWhereTo() throws Exception {
        server.does((request, exchange) -> {
            exchange.getResponseHeaders().set("Location", "https://api.example.org:8443/v2/chat?q=Hello");
            respond(exchange, 307, "");
        });

        Failed failed = (Failed) reply();

        assertThat(failed.cause()).isEqualTo(FailureCause.NOT_FOUND);
        assertThat(failed.message()).contains("HTTP 307 sends elsewhere, to api.example.org:8443: set the base URL")
                .doesNotContain("Hello");
        assertThat(failed.providerMessage()).isEqualTo("Location: https://api.example.org:8443/v2/chat?q=Hello");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        <html>no</html> | a web page
        {"choices": [ | JSON that breaks off
        {"object": "list"} | JSON without an answer in it
        hello | no JSON
        """)
    void bodyThatIsNoAnswerIsCalledWhatItLooksLike(String body, String looks) throws Exception {
        assertThat(((Failed) reply(body)).message()).contains("not what the API promises: " + looks);
    }

    @ParameterizedTest
    @CsvSource({"SAFETY, CONTENT_FILTER", "sensitive, CONTENT_FILTER", "content_filter: hate, CONTENT_FILTER",
            "refusal, REFUSAL"})
    void emptyTextWithAFiltersFinishReasonIsARefusalAndTheReasonIsKeptAsReceived(String reason, Refused.Kind kind)
            throws Exception {
        Refused refused = (Refused) reply(answer("\"\"", "null", reason));

        assertThat(refused.kind()).isEqualTo(kind);
        assertThat(refused.served().finishReason()).isEqualTo(reason);
        assertThat(refused.served().usage()).isEqualTo(new Usage(12, 3, 2));
    }

    @Test
    void emptyTextAtALimitInOtherWordsIsTruncated() throws Exception {
        Answered answered = (Answered) reply(answer("\"\"", "null", "MAX_TOKENS"));

        assertThat(answered.isTruncated()).isTrue();
        assertThat(answered.served().finishReason()).isEqualTo("MAX_TOKENS");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"choices\":[{\"message\":{\"content\":\"Half an ans\"},\"finish_reason\":\"error\"}]," + USAGE + "}",
            "{\"choices\":[{\"message\":{\"content\":\"Half an ans\"},\"finish_reason\":null,\"error\":{\"code\":502,\"message\":\"upstream died\"}}],"
                    + USAGE + "}",
            "{\"choices\":[{\"message\":{\"content\":\"Half an ans\"},\"finish_reason\":\"stop\"}],\"error\":{\"message\":\"upstream died\"},"
                    + USAGE + "}"
    })
    void halfAnAnswerIsAFailureThatIsTriedAgainAndPaid(String body) throws Exception {
        Failed failed = (Failed) reply(body);

        assertThat(failed.cause()).isEqualTo(FailureCause.UNUSABLE_ANSWER);
        assertThat(failed.cause().isRetryable()).isTrue();
        assertThat(failed.cause().isOutageLike()).as("paid, so its retries count").isFalse();
        assertThat(failed.usage()).isEqualTo(new Usage(12, 3, 0));
        assertThat(failed.message()).doesNotContain("Half");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"choices\":[]," + USAGE + "}", "{\"choices\":[{\"index\":0}]," + USAGE + "}",
            "{\"choices\":[{\"message\":{\"content\":7}}]," + USAGE + "}", "{\"output\":\"Hi\"," + USAGE + "}"})
    void answerThatCannotBeReadIsPaidAllTheSame(String body) throws Exception {
        Failed failed = (Failed) reply(body);

        assertThat(failed.cause()).isEqualTo(FailureCause.UNUSABLE_ANSWER);
        assertThat(failed.usage()).isEqualTo(new Usage(12, 3, 0));
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, 1000000000", "99999999999999999999999, 1000000000", "1e999, 1000000000", "-5, 0",
            "7, 7"})
    void tokensBeyondEverySenseAreHeldToWhatIsBelieved(String counted, long held) throws Exception {
        Answered answered = (Answered) reply(
                "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":" + counted + ",\"completion_tokens\":1}}");

        assertThat(answered.served().usage()).isEqualTo(new Usage(held, 1, 0));
    }

    @Test
    void reasoningBesideAnEmptyTextIsKept() throws Exception {
        Answered answered = (Answered) reply(
                "{\"choices\":[{\"message\":{\"content\":\"\",\"reasoning_content\":\"It is B.\"},\"finish_reason\":\"stop\"}]}");

        assertThat(answered.isEmpty()).isTrue();
        assertThat(answered.served().reasoning()).isEqualTo("It is B.");
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }
}
