package io.turnstream.simulator;

import static io.turnstream.simulator.SimulatorClient.JSON;
import static io.turnstream.simulator.SimulatorClient.chat;
import static io.turnstream.simulator.SimulatorClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turnstream.simulator.SimulatorSettings.Faults;
import io.turnstream.simulator.SimulatorSettings.Latency;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorTest {

    private static final byte[] PNG_HEAD = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private final List<SimulatorClient> clients = new ArrayList<>();
    private Simulator simulator;

    private SimulatorClient start(SimulatorSettings settings) {
        simulator = Simulator.start(settings);
        SimulatorClient client = new SimulatorClient(simulator);
        clients.add(client);
        return client;
    }

    private SimulatorClient start(String json) {
        return start(SimulatorSettings.defaults().merged(json));
    }

    @AfterEach
    void stop() {
        clients.forEach(SimulatorClient::close);
    }

    private static JsonNode error(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body()).get("error");
    }

    @Test
    void answers_in_the_shape_of_the_api() throws Exception {
        SimulatorClient client = start("{}");

        HttpResponse<String> response = client.post(chat("contextual@2", "What is in the picture?"));

        JsonNode body = JSON.readTree(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(simulator.baseUrl().toString()).isEqualTo("http://127.0.0.1:" + simulator.port() + "/v1");
        assertThat(body.get("object").asText()).isEqualTo("chat.completion");
        assertThat(body.get("model").asText()).isEqualTo("contextual@2-sim-2026-01");
        assertThat(body.get("system_fingerprint").asText()).startsWith("fp_sim_");
        assertThat(body.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        // 23 characters are 6 tokens, 4 stand around the message, 3 around all
        assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(13);
        assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(13 + body.at("/usage/completion_tokens").asInt());
        assertThat(client.send("GET", "/v1/models", "").body()).contains("judge-reasoning")
                .contains("\"object\":\"list\"");
    }

    @Test
    void same_seed_and_request_give_the_same_answer_in_another_server() throws Exception {
        SimulatorClient one = start("{}");
        SimulatorClient two = start("{}");
        SimulatorClient other = start("{\"seed\": 2}");
        Set<String> differs = new HashSet<>();
        for (int n = 0; n < 10; n++) {
            ObjectNode request = chat("cautious", "Tell me about garden number " + n);
            String answer = text(one.post(request));
            assertThat(text(two.post(request))).isEqualTo(answer);
            assertThat(text(one.post(request))).isEqualTo(answer);
            if (!text(other.post(request)).equals(answer)) {
                differs.add(answer);
            }
        }
        assertThat(differs).isNotEmpty();
    }

    @Test
    void fresh_mode_never_gives_the_same_answer_twice() throws Exception {
        SimulatorClient client = start(SimulatorSettings.defaults().withFresh(true));
        Set<String> turns = new HashSet<>();
        Set<String> letters = new HashSet<>();
        for (int n = 0; n < 30; n++) {
            turns.add(text(client.post(chat("contextual", "What is this?"))));
            letters.add(text(client.post(chat("contextual", "Which?\nA. one\nB. two\nC. three\nD. four"))));
        }
        assertThat(turns).hasSize(30);
        assertThat(letters).containsOnly("A", "B", "C", "D");
    }

    @Test
    void texts_are_cut_at_the_limit() throws Exception {
        SimulatorClient client = start("{}");

        JsonNode body = JSON.readTree(client.post(chat("eager", "Tell me more").put("max_tokens", 10)).body());

        assertThat(body.at("/choices/0/message/content").asText()).hasSize(40);
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(10);
    }

    @Test
    void a_wrong_key_is_401_and_an_unknown_model_404() throws Exception {
        SimulatorClient client = start(SimulatorSettings.defaults().withApiKey("right"));

        HttpResponse<String> without = client.post(chat("eager", "Hello"));
        HttpResponse<String> wrong = client.post(chat("eager", "Hello"), "Authorization", "Bearer wrong");
        HttpResponse<String> right = client.post(chat("eager", "Hello"), "Authorization", "Bearer right");
        HttpResponse<String> unknown = client.post(chat("nobody", "Hello"), "Authorization", "Bearer right");

        assertThat(List.of(without.statusCode(), wrong.statusCode(), right.statusCode(), unknown.statusCode()))
                .containsExactly(401, 401, 200, 404);
        assertThat(error(wrong).get("code").asText()).isEqualTo("invalid_api_key");
        assertThat(error(unknown).get("code").asText()).isEqualTo("model_not_found");
        assertThat(simulator.stats().total().status(401)).isEqualTo(2);
        assertThat(simulator.settings().toString()).doesNotContain("right");
        assertThat(client.send("GET", "/settings", "").body()).doesNotContain("right");
        assertThat(client.send("GET", "/v1/models", "").statusCode()).isEqualTo(401);
    }

    @Test
    void reasoning_models_reject_what_they_do_not_take_and_spend_small_limits_on_thinking() throws Exception {
        SimulatorClient client = start("{}");
        ObjectNode request = chat("reasoning", "Hello");

        HttpResponse<String> limit = client.post(request);
        request.remove("max_tokens");
        HttpResponse<String> temperature = client.post(request.put("max_completion_tokens", 128));
        request.remove("temperature");
        JsonNode small = JSON.readTree(client.post(request).body());
        JsonNode enough = JSON.readTree(client.post(request.put("max_completion_tokens", 1000)).body());

        assertThat(limit.statusCode()).isEqualTo(400);
        assertThat(error(limit).get("code").asText()).isEqualTo("unsupported_parameter");
        assertThat(error(limit).get("param").asText()).isEqualTo("max_tokens");
        assertThat(error(limit).get("message").asText()).contains("'max_completion_tokens'");
        assertThat(temperature.statusCode()).isEqualTo(400);
        assertThat(error(temperature).get("code").asText()).isEqualTo("unsupported_value");
        assertThat(small.at("/choices/0/message/content").asText()).isEmpty();
        assertThat(small.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(small.at("/usage/completion_tokens_details/reasoning_tokens").asInt()).isEqualTo(128);
        assertThat(enough.at("/choices/0/message/content").asText()).isNotEmpty();
        assertThat(enough.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void injected_faults_are_counted_and_stay_within_the_burst() throws Exception {
        SimulatorClient client = start(SimulatorSettings.defaults().withFaults(new Faults(0.3, 0.2, 0, 0.1, 0.1, 0.1)));
        int rateLimited = 0;
        int serverError = 0;
        int cut = 0;
        int malformed = 0;
        int empty = 0;
        for (int n = 0; n < 40; n++) {
            boolean good = false;
            for (int attempt = 0; attempt < 3 && !good; attempt++) {
                try {
                    HttpResponse<String> response = client.post(chat("eager", "Question " + n));
                    switch (response.statusCode()) {
                        case 429 -> {
                            rateLimited++;
                            assertThat(response.headers().firstValue("Retry-After")).contains("1");
                        }
                        case 500 -> serverError++;
                        default -> {
                            if (response.body().endsWith("<<<")) {
                                malformed++;
                                assertThatThrownBy(() -> JSON.readTree(response.body()))
                                        .isInstanceOf(IOException.class);
                            } else if (text(response).isEmpty()) {
                                empty++;
                            } else {
                                good = true;
                            }
                        }
                    }
                } catch (IOException connectionCut) {
                    cut++;
                }
            }
            assertThat(good).as("at most two faults in a row").isTrue();
        }

        SimulatorStats.Counts total = simulator.stats().total();
        assertThat(List.of(rateLimited, serverError, cut, malformed, empty)).allMatch(count -> count > 0);
        assertThat(total.faults().get("rateLimited")).isEqualTo(rateLimited);
        assertThat(total.faults().get("serverError")).isEqualTo(serverError);
        assertThat(total.faults().get("truncated")).isEqualTo(cut);
        assertThat(total.faults().get("malformed")).isEqualTo(malformed);
        assertThat(total.faults().get("empty")).isEqualTo(empty);
        assertThat(total.succeeded()).isEqualTo(40);
        assertThat(total.calls()).isEqualTo(40 + rateLimited + serverError + cut + malformed + empty);
        assertThat(simulator.stats().distinctRequests()).isEqualTo(40);
        assertThat(total.repeatedRequests()).isZero();
    }

    @Test
    void a_call_that_hangs_ends_when_its_client_leaves() throws Exception {
        SimulatorClient client = start(SimulatorSettings.defaults().withFaults(new Faults(0, 0, 1, 0, 0, 0)));

        assertThatThrownBy(() -> client.postWithin(chat("eager", "Hello"), Duration.ofMillis(200)))
                .isInstanceOf(HttpTimeoutException.class);

        await(() -> simulator.stats().total().inFlight() == 0);
        assertThat(simulator.stats().total().byStatus()).containsEntry("unanswered", 1L);
        assertThat(simulator.stats().total().faults()).containsEntry("hang", 1L);
    }

    @Test
    void repeated_requests_are_those_that_were_answered_before() throws Exception {
        SimulatorClient client = start("{}");
        client.post(chat("eager", "One"), "Idempotency-Key", "a");
        client.post(chat("eager", "One"), "Idempotency-Key", "b");
        client.post(chat("eager", "Two"), "Idempotency-Key", "c");
        client.post(chat("eager", "Two"), "Idempotency-Key", "c");

        SimulatorStats stats = simulator.stats();
        assertThat(stats.total().repeatedRequests()).isEqualTo(2);
        assertThat(stats.total().repeatedKeys()).isEqualTo(1);
        assertThat(stats.model("eager").calls()).isEqualTo(4);
        assertThat(stats.model("never").calls()).isZero();
        assertThat(JSON.readValue(client.send("GET", "/stats", "").body(), SimulatorStats.class).total().calls())
                .isEqualTo(4);

        assertThat(client.send("POST", "/stats/reset", "").statusCode()).isEqualTo(204);
        assertThat(simulator.stats().total().calls()).isZero();
    }

    @Test
    void calls_above_the_limit_in_flight_are_turned_away() throws Exception {
        SimulatorClient client = start(
                SimulatorSettings.defaults().withMaxInFlight(5).withLatency(Latency.ofMillis(300, 0)));

        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            calls.add(client.postAsync(chat("eager", "Question " + n)));
        }

        List<Integer> statuses = calls.stream().map(call -> call.join().statusCode()).toList();
        assertThat(statuses).contains(200, 429);
        assertThat(simulator.stats().total().maxInFlight()).isEqualTo(5);
        assertThat(simulator.stats().total().limited().get("maxInFlight"))
                .isEqualTo(statuses.stream().filter(status -> status == 429).count());
        assertThat(simulator.stats().total().inFlightMillis()).isGreaterThanOrEqualTo(5 * 299);
    }

    @Test
    void requests_per_minute_and_outages_hold_for_the_model_they_are_set_for() throws Exception {
        SimulatorClient client = start(
                "{\"models\": {\"eager\": {\"requestsPerMinute\": 2}, \"judge\": {\"down\": true}}}");
        List<Integer> statuses = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            statuses.add(client.post(chat("eager@1", "Question " + n)).statusCode());
            statuses.add(client.post(chat("contextual", "Question " + n)).statusCode());
        }
        HttpResponse<String> limited = client.post(chat("eager@1", "Question 4"));

        assertThat(statuses).containsExactly(200, 200, 200, 200, 429, 200);
        assertThat(limited.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(55L, 60L);
        assertThat(client.post(chat("judge", "Score")).statusCode()).isEqualTo(503);
        assertThat(client.send("PUT", "/settings", "{\"models\": {\"judge\": null}}").statusCode()).isEqualTo(200);
        assertThat(client.post(chat("judge", "Score")).statusCode()).isEqualTo(200);
        assertThat(simulator.stats().total().maxCallsPerMinute()).isEqualTo(9);
        assertThat(client.send("PUT", "/settings", "{\"minuteMillis\": 1}").statusCode()).isEqualTo(200);
        assertThat(simulator.stats().total().maxCallsPerMinute()).as("a minute of another length counts anew").isZero();
        assertThat(client.send("PUT", "/settings", "{\"minuteMillis\": 0}").statusCode()).isEqualTo(400);
    }

    @Test
    void images_are_hashed_and_checked_but_not_read() throws Exception {
        SimulatorClient client = start("{}");
        byte[] image = new byte[300_000];
        System.arraycopy(PNG_HEAD, 0, image, 0, PNG_HEAD.length);
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(image);
        image[200_000] = 1;
        String other = "data:image/png;base64," + Base64.getEncoder().encodeToString(image);

        assertThat(client.post(imageChat(url)).statusCode()).isEqualTo(200);
        assertThat(client.post(imageChat(url)).statusCode()).isEqualTo(200);
        assertThat(client.post(imageChat(other)).statusCode()).isEqualTo(200);
        HttpResponse<String> gif = client.post(imageChat("data:image/gif;base64,R0lGODlhAQABAAAAACw="));
        HttpResponse<String> link = client.post(imageChat("http://127.0.0.1/image.png"));

        assertThat(error(gif).get("code").asText()).isEqualTo("invalid_image_format");
        assertThat(error(link).get("code").asText()).isEqualTo("invalid_image_url");
        assertThat(simulator.stats().distinctImages()).isEqualTo(2);
        assertThat(simulator.stats().distinctRequests()).isEqualTo(2);
        assertThat(simulator.stats().total().images()).isEqualTo(3);
        assertThat(simulator.stats().total().imageBytes()).isEqualTo(3 * 400_000);
    }

    private static ObjectNode imageChat(String url) {
        ObjectNode body = JSON.createObjectNode().put("model", "contextual");
        var content = body.putArray("messages").addObject().put("role", "user").putArray("content");
        content.addObject().put("type", "image_url").putObject("image_url").put("url", url).put("detail", "high");
        content.addObject().put("type", "text").put("text", "What is this?");
        return body;
    }

    @Test
    void filters_and_refusals_of_the_provider_can_be_set() throws Exception {
        SimulatorClient client = start("{\"models\": {\"eager\": {\"refusals\": {\"contentFilter\": 1}}, "
                + "\"cautious\": {\"refusals\": {\"refusal\": 1}}}}");

        JsonNode filtered = JSON.readTree(client.post(chat("eager", "Hello")).body()).at("/choices/0");
        JsonNode refused = JSON.readTree(client.post(chat("cautious", "Hello")).body()).at("/choices/0");

        assertThat(filtered.get("finish_reason").asText()).isEqualTo("content_filter");
        assertThat(refused.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(refused.at("/message/refusal").asText()).isNotEmpty();
        assertThat(refused.at("/message/content").isNull()).isTrue();
        assertThat(simulator.stats().total().blocked()).isEqualTo(2);
    }

    @Test
    void bad_bodies_and_bad_settings_are_400_with_the_reason() throws Exception {
        SimulatorClient client = start("{}");

        assertThat(client.send("POST", "/v1/chat/completions", "{\"model\": ").statusCode()).isEqualTo(400);
        assertThat(error(client.send("POST", "/v1/chat/completions", "{\"model\": \"eager\"}")).get("param").asText())
                .isEqualTo("messages");
        assertThat(error(client.send("PUT", "/settings", "{\"latencies\": 3}")).get("message").asText())
                .contains("latencies");
        assertThat(error(client.send("PUT", "/settings", "{\"faults\": {\"hang\": 2}}")).get("message").asText())
                .contains("faults.hang").contains("2.0");
        assertThat(client.send("GET", "/v1/nothing", "").statusCode()).isEqualTo(404);
    }

    @Test
    void a_port_in_use_is_named() {
        start("{}");

        assertThatThrownBy(() -> Simulator.start(SimulatorSettings.defaults().withPort(simulator.port())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("127.0.0.1:" + simulator.port())
                .hasMessageContaining("in use");
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
