package io.turnstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.console.CostTerms.UsdPerMillion;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.providers.prices.Prices;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunRequestsTest {

    private static final UsdPerMillion PRICE = new UsdPerMillion(new BigDecimal("1.5"), new BigDecimal("6"));

    private static RunOrder order(String json) {
        return ApiJson.order(json, RunOrder.class);
    }

    private static RunRequested request(String json) {
        RunOrder order = order(json);
        return RunRequests.of(order, Prices.bundled()).requested(order.models().getFirst(), "01RUN", "01EVENT", "0.1.0",
                7);
    }

    @Test
    void the_least_order_takes_the_bundled_pack_and_its_parameters() {
        RunRequested request = request("""
                {"models": ["openai/meta/llama"], "dataset": ["/data"]}""");

        assertThat(request.getTarget().getProvider()).isEqualTo("openai");
        assertThat(request.getTarget().getModel()).isEqualTo("meta/llama");
        assertThat(request.getJudge()).isNull();
        assertThat(request.getProtocolDigest()).isEqualTo(ProtocolPack.bundled(ProtocolPack.DEFAULT).digest());
        assertThat(request.getParameters().getMcq()).isEqualTo(new CallParameters(0.1, 64, null));
        assertThat(request.getParameters().getJudge()).isEqualTo(new CallParameters(0.0, 128, null));
        assertThat(request.getWindow()).isEqualTo(48);
        assertThat(request.getLimits().getMaxConnections()).isEqualTo(32);
        assertThat(request.getSelection().getEpochs()).isEqualTo(1);
        assertThat(request.getMeta().getOccurredAtMillis()).isEqualTo(7);
    }

    @Test
    void what_is_given_stands_in_the_request() {
        RunRequested request = request("""
                {"models": ["a/b"], "judge": "c/d", "dataset": ["/data"], "captions": "/c.json", "failOnError": true, "window": 3, "tags": ["t"],
                 "selection": {"splits": ["type_b"], "modalities": ["unimodal"], "firstRow": 2, "rowLimit": 5, "epochs": 2, "variants": true},
                 "parameters": {"mcq": {"temperature": null, "maxTokens": 9, "seed": 4}},
                 "limits": {"maxConnections": 4, "maxRetries": 0, "timeoutMillis": 1000}}""");

        assertThat(request.getJudge().getModel()).isEqualTo("d");
        assertThat(request.getSelection().getSplits()).containsExactly(Split.TYPE_B);
        assertThat(request.getSelection().getModalities()).containsExactly(Modality.UNIMODAL);
        assertThat(request.getSelection().getIntents()).isEmpty();
        assertThat(request.getSelection().getRowLimit()).isEqualTo(5);
        assertThat(request.getParameters().getMcq()).isEqualTo(new CallParameters(null, 9, 4L));
        assertThat(request.getParameters().getTf().getMaxTokens()).isEqualTo(32);
        assertThat(request.getJudgeLimits().getMaxConnections()).as("as for the model").isEqualTo(4);
        assertThat(request.getWindow()).isEqualTo(3);
        assertThat(request.getFailOnError()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"dataset": ["/d"]}                                                    | models: no model is given.
            {"models": ["a/b"]}                                                    | dataset: no data set is given.
            {"models": ["ab"], "dataset": ["/d"]}                                  | models: 'ab' is no model.
            {"models": ["a/b"], "judge": "x/", "dataset": ["/d"]}                  | judge: 'x/' is no model.
            {"models": ["a/b"], "dataset": ["https://u:p@h/d"]}                    | dataset: is an address, and files are read from disks only. Fetch it first
            {"models": ["a/b"], "dataset": ["/d"], "captions": "s3://k@b/c"}       | captions: is an address
            {"models": ["a/b"], "dataset": ["/d"], "window": 0}                    | window: must be 1 to 1000000, and 0 is given.
            {"models": ["a/b"], "dataset": ["/d"], "selection": {"epochs": 0}}     | selection.epochs: must be 1 to 1000, and 0 is given.
            {"models": ["a/b"], "dataset": ["/d"], "selection": {"epochs": 2147483647}} | selection.epochs: must be 1 to 1000, and 2147483647 is given.
            {"models": ["a/b"], "dataset": ["/d"], "tags": ["\\ud83d"]}              | body: a text holds half a character
            {"models": ["a/b"], "dataset": ["/d"], "parameters": {"mcq": {"temperature": -1}}} | parameters.mcq: the temperature must be 0 to 2
            {"models": ["a/b"], "dataset": ["/d"], "selection": {"epochs": 1, "splits": ["x"]}} | selection.splits: there is no 'x'. There are type_a, type_b.
            {"models": ["a/b"], "dataset": ["/d"], "parameters": {"chat": {}}}     | parameters: unknown kind of call 'chat'.
            {"models": ["a/b"], "dataset": ["/d"], "limits": {"maxConnections": 0, "timeoutMillis": 1}} | limits.maxConnections: must be 1 to 100000, and 0 is given.
            {"models": ["a/b"], "dataset": ["/d"], "limits": {"maxConnections": 1, "timeoutMillis": 1, "requestsPerMinute": 0}} | limits.requestsPerMinute: must be 1 or more.
            {"models": ["a/b"], "dataset": ["/d"], "limits": {"maxConnections": 1, "timeoutMillis": 1, "tokensPerMinute": -1}} | limits.tokensPerMinute: must be 1 or more.
            {"models": ["a/b"], "dataset": ["/d"], "protocolFiles": {}}            | protocolFiles: Protocol pack:
            {"models": ["a/b"], "dataset": ["/d"], "temprature": 1}                | body: there is no field 'temprature'. There are captions, categories, costs, dataset
            {"models": ["a/b"                                                      | body: the body is not what is expected (line 1).
            [1]                                                                    | body: the body is not what is expected (line 1).
            null                                                                   | body: the body is empty.
            """)
    void what_is_wrong_with_an_order_is_named(String json, String message) {
        assertThatThrownBy(() -> request(json)).isInstanceOf(UnacceptableRunException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"/proc/self/environ", "/datasets/../etc/passwd", "/datasetsmore/x", "datasets/mine"})
    void a_service_admits_files_below_its_folders_alone(String path) {
        DatasetAdmission admission = DatasetAdmission.below(List.of(Path.of("/datasets"), Path.of("/more")));

        admission.require(
                order("""
                {"models": ["a/b"], "dataset": ["/datasets/mine", "/more"], "captions": "/more/../datasets/c.json"}"""));
        for (String order : List.of("{\"dataset\": [\"PATH\"]}", "{\"dataset\": [\"/more\"], \"captions\": \"PATH\"}",
                "{\"dataset\": [\"/more\"], \"categories\": \"PATH\"}")) {
            assertThatThrownBy(() -> admission.require(order(order.replace("PATH", path))))
                    .isInstanceOf(UnacceptableRunException.class)
                    .hasMessageContaining("Give an absolute path below /datasets or /more");
        }
    }

    @Test
    void a_judge_of_which_nothing_is_said_has_the_models_quota_at_the_models_provider_alone() {
        String json = """
                {"models": ["a/b"], "judge": "%s", "dataset": ["/d"], "limits": {"maxConnections": 4, "maxRetries": 1, "timeoutMillis": 1, "requestsPerMinute": 60}}""";

        assertThat(request(json.formatted("a/j")).getJudgeLimits().getRequestsPerMinute()).isEqualTo(60);
        assertThat(request(json.formatted("c/j")).getJudgeLimits().getRequestsPerMinute()).isNull();
        assertThat(request(json.formatted("c/j")).getJudgeLimits().getMaxConnections()).isEqualTo(4);
    }

    @Test
    void prices_and_limits_of_money_stand_in_the_first_event() {
        // Given a price that the order names, and one of the platform's list: 0.25 and 2 USD for a million
        RunOrder order = limited("a/b", "openai/gpt-5-mini",
                new CostTerms(Map.of("a/b", PRICE), new BigDecimal("5.25"), new BigDecimal("0.5")));

        // When
        RunRequested run = RunRequests.of(order, Prices.bundled()).requested("a/b", "01RUN", "01EVENT", "0.1.0", 7);

        // Then
        assertThat(run.getLimits().getPrice()).isEqualTo(new TokenPrice(1_500_000L, 6_000_000L));
        assertThat(run.getJudgeLimits().getPrice()).isEqualTo(new TokenPrice(250_000L, 2_000_000L));
        assertThat(run.getCostLimitNanoUsd()).isEqualTo(5_250_000_000L);
        assertThat(run.getJudgeCostLimitNanoUsd()).isEqualTo(500_000_000L);
        assertThat(run.getLimits().getPaidAttempts()).isEqualTo(2);
        assertThat(run.getJudgeLimits().getPaidAttempts()).isEqualTo(3);
    }

    @Test
    void without_limits_of_money_calls_are_repeated_as_often_as_retries_say_and_unknown_prices_stay_unknown() {
        RunRequested run = RunRequests.of(limited("a/b", null, CostTerms.NONE), Prices.bundled()).requested("a/b",
                "01RUN", "01EVENT", "0.1.0", 7);

        assertThat(run.getLimits().getPrice()).isNull();
        assertThat(run.getLimits().getPaidAttempts()).isNull();
        assertThat(run.getCostLimitNanoUsd()).isNull();
    }

    @Test
    void a_limit_that_cannot_be_held_is_refused() {
        assertThatThrownBy(
                () -> RunRequests.of(limited("a/b", null, new CostTerms(null, BigDecimal.ONE, null)), Prices.bundled())
                        .requested("a/b", "01RUN", "01EVENT", "0.1.0", 7))
                .hasMessageContaining("the price of a/b is not known");
        assertThatThrownBy(() -> RunRequests
                .of(limited("a/b", null, new CostTerms(Map.of("a/b", PRICE), BigDecimal.ZERO, null)), Prices.bundled())
                .requested("a/b", "01RUN", "01EVENT", "0.1.0", 7)).hasMessageContaining("must be more than 0 USD");
        assertThatThrownBy(
                () -> RunRequests.of(limited("a/b", null, new CostTerms(null, null, BigDecimal.ONE)), Prices.bundled())
                        .requested("a/b", "01RUN", "01EVENT", "0.1.0", 7))
                .hasMessageContaining("there is no judge");
    }

    private static RunOrder limited(String model, String judge, CostTerms costs) {
        return new RunOrder(java.util.List.of(model), judge, java.util.List.of("/d"), null, null, null, null, null,
                null, null, null, false, null,
                java.util.List.of(), "me", costs);
    }

    @Test
    void an_order_survives_its_way_over_the_wire() {
        RunOrder order = new RunOrder(java.util.List.of("a/b"), null, java.util.List.of("/d"), null, null,
                RunOrder.EVERYTHING,
                ProtocolPack.bundled(ProtocolPack.DEFAULT).files(), Map.of("judge", new Parameters(null, 5, null)),
                new Limits(1, 0, 9, 60, 9_000L), null, 4, true,
                "version: 1\nmodels: a/b\n", java.util.List.of("t"), "me",
                new CostTerms(Map.of("a/b", PRICE), new BigDecimal("5.25"), null));

        RunOrder received = order(ApiJson.write(order));

        assertThat(received).usingRecursiveComparison().isEqualTo(order);
        assertThat(RunRequests.of(received, Prices.bundled()).packPublished("e", 1).getDigest())
                .isEqualTo(ProtocolPack.bundled(ProtocolPack.DEFAULT).digest());
    }

    @Test
    void a_platform_calls_only_the_providers_it_allows() {
        ModelAdmission admission = ModelAdmission.allowing(java.util.List.of("openai"));

        admission.require("openai", "models");
        assertThatThrownBy(() -> admission.require("acme", "judge"))
                .hasMessage("judge: provider 'acme' is not allowed on this platform. Allowed: openai.");
    }
}
