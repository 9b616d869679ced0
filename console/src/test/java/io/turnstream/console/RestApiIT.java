package io.turnstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.turnstream.console.remote.RemotePlatform;
import io.turnstream.contracts.RunCommand;
import io.turnstream.messaging.DeadLetterDesk;
import io.turnstream.projection.document.ScoredStep;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The REST API over real HTTP, with its own client on the other end: attaching to a platform from another process.
@QuarkusTest
@TestProfile(RestApiIT.WithoutConnections.class)
class RestApiIT {

    public static final class WithoutConnections implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("turnstream.console.enabled", "false", "quarkus.http.test-port", "0");
        }
    }

    private static final String TOKEN = "t0ken";

    @Inject
    ServedPlatform served;

    @TestHTTPResource("/")
    URI address;

    private final RecordedPlatform recorded = new RecordedPlatform();
    private RemotePlatform remote;

    @BeforeEach
    void serve() {
        served.open(recorded, recorded.upkeep(), Optional.of(TOKEN));
        remote = new RemotePlatform(address, TOKEN);
    }

    @AfterEach
    void close() {
        remote.close();
        served.close();
    }

    @Test
    void an_order_arrives_as_it_was_sent() {
        RunOrder order = new RunOrder(List.of("sim/eager", "sim/cautious"), "sim/judge", List.of("/data"), null, null,
                null, null, null, null, null,
                null, false, null, List.of(), "somebody");

        assertThat(remote.submit(order)).containsExactly("01RUN1", "01RUN2");
        assertThat(recorded.orders).usingRecursiveComparison().isEqualTo(List.of(order));
    }

    @Test
    void a_rebuild_is_begun_followed_and_stopped_over_http() {
        Rebuilding rebuilding = remote.upkeep().rebuilding();

        assertThat(rebuilding.begin())
                .isEqualTo(new RebuildStatus(RebuildStatus.Phase.READING, 7, 9, 0.5, Map.of(), null, 0, null));
        rebuilding.stop();
        assertThat(rebuilding.status().phase()).isEqualTo(RebuildStatus.Phase.STOPPED);
    }

    @Test
    void dead_letters_are_read_and_sent_back_over_http() {
        DeadLetterDesk letters = remote.upkeep().deadLetters();

        assertThat(letters.letters()).containsExactly(RecordedPlatform.LETTER);
        assertThat(letters.open(3)).hasValueSatisfying(opened -> assertThat(opened.value()).isEqualTo("\\u001b[2J"));
        assertThat(letters.open(4)).isEmpty();
        assertThat(letters.replay(3, true)).contains(RecordedPlatform.LETTER);
        assertThat(letters.replay(4, false)).isEmpty();
        assertThat(recorded.commands).containsExactly("REPLAY 3 true", "REPLAY 4 false");
    }

    @Test
    void an_order_that_is_refused_says_why_on_this_side() {
        recorded.refusal = new UnacceptableRunException("provider 'acme' is not allowed on this platform", "models",
                "Allowed: openai.");

        assertThatThrownBy(() -> remote.submit(
                new RunOrder(List.of("acme/x"), null, List.of("/d"), null, null, null, null, null, null, null, null,
                        false, null, List.of(), null)))
                .isInstanceOf(UnacceptableRunException.class)
                .hasMessage("models: provider 'acme' is not allowed on this platform. Allowed: openai.");
    }

    @Test
    void commands_reach_the_run_that_a_prefix_means() {
        remote.command("last", RunCommand.CANCEL, "enough");

        assertThat(recorded.commands).containsExactly("CANCEL " + RecordedPlatform.ID + " enough");
    }

    @Test
    void an_order_to_judge_again_arrives_as_it_was_sent_and_its_set_can_be_commanded() {
        JudgementOrder order = new JudgementOrder("sim/judge", Map.of("pack.json", new byte[] {1}), true,
                "split=type_a", null, null, 2, 7, "somebody");

        JudgementSetName set = remote.judge("last", order).set();
        remote.command(set, RunCommand.CANCEL, "enough");

        assertThat(set).isEqualTo(new JudgementSetName(RecordedPlatform.ID, "js-1"));
        assertThat(recorded.judgements).usingRecursiveComparison().isEqualTo(List.of(order));
        assertThat(recorded.commands).containsExactly("CANCEL " + RecordedPlatform.ID + " js-1 enough");
        assertThat(remote.reports().judgementSets("last")).isEqualTo(recorded.judgementSets(RecordedPlatform.ID));
    }

    @Test
    void reports_read_the_same_on_both_sides() {
        assertThat(remote.reports().runs()).isEqualTo(recorded.runs());
        assertThat(remote.reports().runId("01R")).contains(RecordedPlatform.ID);
        assertThat(remote.reports().run("last")).isEqualTo(recorded.run("last"));
        assertThat(remote.reports().progress(RecordedPlatform.ID)).isEqualTo(recorded.progress(RecordedPlatform.ID));
        assertThat(remote.reports().rejections("last")).isEqualTo(recorded.rejections(RecordedPlatform.ID));
        assertThat(remote.reports().cells("last")).isEqualTo(recorded.cells(RecordedPlatform.ID));
        assertThat(remote.reports().dialoguesSettled("last")).isTrue();
    }

    @Test
    void rows_come_one_per_line_however_many_there_are() {
        List<ScoredStep> rows = new ArrayList<>();
        remote.reports().rows("last", rows::add);

        assertThat(rows).hasSize(RecordedPlatform.ROWS).startsWith(RecordedPlatform.row(0))
                .endsWith(RecordedPlatform.row(RecordedPlatform.ROWS - 1));
    }

    @Test
    void what_there_is_not_is_empty() {
        assertThat(remote.reports().run("nope")).isEmpty();
        assertThat(remote.reports().runId("nope")).isEmpty();
        assertThat(remote.reports().progress("nope")).isEmpty();
    }

    @Test
    void nobody_gets_in_without_the_token() throws Exception {
        try (RemotePlatform stranger = new RemotePlatform(address, "guess")) {
            assertThatThrownBy(() -> stranger.reports().runs())
                    .isInstanceOf(PlatformUnreachableException.class).hasMessageContaining("does not accept the token");
        }
        assertThat(send("GET", "/api/v1/runs", null, "").statusCode()).isEqualTo(401);
        assertThat(send("GET", "/api/v1/runs", null, TOKEN).statusCode()).isEqualTo(401);
        assertThat(send("POST", "/api/v1/runs", "{}", "Bearer wrong").statusCode()).isEqualTo(401);
        assertThat(recorded.orders).isEmpty();
    }

    @Test
    void without_a_token_nobody_gets_in_by_a_name_that_was_made_to_lead_here_or_from_a_page_of_others()
            throws Exception {
        served.open(recorded, recorded.upkeep(), Optional.empty());

        assertThat(statusOf("GET /api/v1/runs", "Host: 127.0.0.1:" + address.getPort())).isEqualTo(200);
        assertThat(statusOf("GET /api/v1/runs", "Host: localhost")).isEqualTo(200);
        assertThat(statusOf("GET /api/v1/runs", "Host: rebound.example:" + address.getPort())).isEqualTo(403);
        assertThat(statusOf("GET /api/v1/runs", "Host: 127.0.0.1.rebound.example")).isEqualTo(403);
        assertThat(statusOf("GET /api/v1/nothing", "Host: rebound.example")).isEqualTo(403);
        assertThat(statusOf("POST /api/v1/rebuild", "Host: 127.0.0.1", "Origin: https://pages.example")).isEqualTo(403);
        String own = "127.0.0.1:" + address.getPort();
        assertThat(statusOf("POST /api/v1/rebuild", "Host: " + own, "Origin: http://127.0.0.1:1")).isEqualTo(403);
        assertThat(statusOf("GET /api/v1/runs", "Host: " + own, "Origin: http://" + own)).isEqualTo(200);
        assertThat(statusOf("GET /api/v1/runs", "Host: localhost", "Origin: http://localhost")).isEqualTo(200);
        assertThat(recorded.commands).isEmpty();

        served.open(recorded, recorded.upkeep(), new Access(Optional.empty(), List.of("console.lab")));
        assertThat(statusOf("GET /api/v1/runs", "Host: console.lab:8080")).isEqualTo(200);

        served.open(recorded, recorded.upkeep(), Optional.of(TOKEN));
        assertThat(statusOf("GET /api/v1/runs", "Host: turnstream.example", "Authorization: Bearer " + TOKEN))
                .isEqualTo(200);
        assertThat(statusOf("GET /api/v1/runs", "Host: turnstream.example")).isEqualTo(401);
    }

    /// HTTP by hand: no client lets its caller say another host than the one it calls.
    /// They need no token, so a token keeps nobody out.
    @Test
    void health_and_metrics_are_read_by_address_and_by_known_names_alone() throws Exception {
        for (Access access : List.of(new Access(Optional.empty(), List.of("console.lab")),
                new Access(Optional.of(TOKEN), List.of("console.lab")))) {
            served.open(recorded, recorded.upkeep(), access);
            for (String path : List.of("/q/health/live", "/q/metrics", "/q/../q/metrics", "//q/metrics")) {
                for (String host : List.of("127.0.0.1", "localhost:8080", "[::1]:8080", "10.1.2.3:8080", "[fd00::17]",
                        "console.lab")) {
                    assertThat(statusOf("GET " + path, "Host: " + host)).as("%s at %s", path, host).isNotEqualTo(403);
                }
                for (String host : List.of("rebound.example", "127.0.0.1.rebound.example:8080", "1.2.3.4.5",
                        "0x7f000001", "fd00::17.rebound.example")) {
                    assertThat(statusOf("GET " + path, "Host: " + host)).as("%s at %s", path, host).isIn(400, 403);
                }
                assertThat(statusOf("GET " + path, "Host: 10.1.2.3", "Origin: https://pages.example"))
                        .as("%s for a page", path).isEqualTo(403);
            }
        }
        served.open(recorded, recorded.upkeep(), Optional.of(TOKEN));
        assertThat(statusOf("GET /q/metrics", "Host: rebound.example")).as("a token alone").isEqualTo(403);
        served.close();
        assertThat(statusOf("GET /q/health/live", "Host: 10.1.2.3:8080")).as("before anything is served")
                .isEqualTo(200);
        assertThat(statusOf("GET /q/metrics", "Host: rebound.example")).as("before anything is served").isEqualTo(403);
    }

    private int statusOf(String request, String... headers) throws Exception {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            String text = request + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    @Test
    void errors_are_json_with_what_where_and_remedy() throws Exception {
        HttpResponse<String> response = send("POST", "/api/v1/runs/last/commands", "{\"command\": \"explode\"}",
                "Bearer " + TOKEN);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"what\":\"there is no such command\"")
                .contains("There are pause, resume, cancel and retry.");
        assertThat(send("GET", "/api/v1/runs/nope", null, "Bearer " + TOKEN).statusCode()).isEqualTo(404);
    }

    @Test
    void a_platform_that_is_still_starting_says_so() {
        served.close();

        assertThatThrownBy(() -> remote.reports().runs()).isInstanceOf(PlatformUnreachableException.class)
                .hasMessageContaining("still starting");
    }

    @Test
    void nobody_there_is_an_error_that_names_the_address() {
        try (RemotePlatform nowhere = new RemotePlatform(URI.create("http://127.0.0.1:9"), null)) {
            assertThatThrownBy(() -> nowhere.reports().runs()).isInstanceOf(PlatformUnreachableException.class)
                    .hasMessageContaining("http://127.0.0.1:9");
        }
    }

    private HttpResponse<String> send(String method, String path, @org.jspecify.annotations.Nullable String body,
            String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .method(method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
