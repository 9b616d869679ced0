package io.turnstream.console.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.turnstream.console.AcceptedJudgement;
import io.turnstream.console.ApiJson;
import io.turnstream.console.CostTerms;
import io.turnstream.console.JudgementOrder;
import io.turnstream.console.JudgementSetName;
import io.turnstream.console.Platform;
import io.turnstream.console.RunOrder;
import io.turnstream.console.Upkeep;
import io.turnstream.contracts.RunCommand;
import io.turnstream.events.Ids;
import io.turnstream.projection.document.Dialogue;
import io.turnstream.projection.document.RejectedRow;
import io.turnstream.projection.document.ScoreCounts;
import io.turnstream.projection.document.ScoredStep;
import io.turnstream.projection.report.JudgementSetFacts;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Reports;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunSummary;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The platform at an address.
public final class RemotePlatform implements Platform, AutoCloseable {

    private final ApiClient api;
    private final Reports reports;

    /// @param address the platform's address, such as `http://127.0.0.1:8080`
    /// @param token its bearer token, if it asks for one
    public RemotePlatform(URI address, @Nullable String token) {
        this.api = new ApiClient(address, token);
        this.reports = new RemoteReports(api);
    }

    @Override
    public List<String> submit(RunOrder order) {
        List<String> runs = new ArrayList<>();
        ApiJson.answer(api.post("/runs", ApiJson.write(order)), JsonNode.class).path("runs")
                .forEach(id -> runs.add(id.asText()));
        return runs;
    }

    @Override
    public void command(String runId, RunCommand command, @Nullable String reason, CostTerms costs) {
        api.post("/runs/" + ApiClient.segment(runId) + "/commands", commandBody(command, reason, costs));
    }

    @Override
    public void retry(String runId, List<String> also, CostTerms costs) {
        Map<String, Object> body = commandFields(RunCommand.RETRY, null, costs);
        body.put("also", also);
        api.post("/runs/" + ApiClient.segment(runId) + "/commands", ApiJson.write(body));
    }

    private static String commandBody(RunCommand command, @Nullable String reason, CostTerms costs) {
        return ApiJson.write(commandFields(command, reason, costs));
    }

    private static Map<String, Object> commandFields(RunCommand command, @Nullable String reason, CostTerms costs) {
        Map<String, Object> body = new TreeMap<>(Map.of("command", Ids.wireName(command)));
        if (reason != null) {
            body.put("reason", reason);
        }
        if (costs.costLimitUsd() != null) {
            body.put("costLimitUsd", costs.costLimitUsd());
        }
        if (costs.judgeCostLimitUsd() != null) {
            body.put("judgeCostLimitUsd", costs.judgeCostLimitUsd());
        }
        return body;
    }

    @Override
    public AcceptedJudgement judge(String run, JudgementOrder order) {
        return ApiJson.answer(api.post("/runs/" + ApiClient.segment(run) + "/judgements", ApiJson.write(order)),
                AcceptedJudgement.class);
    }

    @Override
    public void command(JudgementSetName set, RunCommand command, @Nullable String reason) {
        api.post(
                "/runs/" + ApiClient.segment(set.runId()) + "/judgements/" + ApiClient.segment(set.judgementSetId())
                        + "/commands",
                commandBody(command, reason, CostTerms.NONE));
    }

    @Override
    public Reports reports() {
        return reports;
    }

    /// What keeps it in order.
    public Upkeep upkeep() {
        return new Upkeep(new RemoteRebuilding(api), new RemoteDeadLetters(api));
    }

    @Override
    public void close() {
        api.close();
    }

    private record RemoteReports(ApiClient api) implements Reports {

        @Override
        public List<RunSummary> runs() {
            return api.get("/runs").map(json -> ApiJson.answers(json, RunSummary.class)).orElse(List.of());
        }

        @Override
        public Optional<String> runId(String idOrPrefixOrLast) {
            return get(idOrPrefixOrLast, "/id", JsonNode.class).map(node -> node.path("id").asText());
        }

        @Override
        public Optional<RunReport> run(String idOrPrefixOrLast) {
            return get(idOrPrefixOrLast, "", RunReport.class);
        }

        @Override
        public Optional<Progress> progress(String runId) {
            return get(runId, "/progress", Progress.class);
        }

        @Override
        public List<JudgementSetFacts> judgementSets(String runId) {
            return list(runId, "/judgements", JudgementSetFacts.class);
        }

        @Override
        public void rows(String runId, Consumer<ScoredStep> consumer) {
            api.lines(path(runId, "/rows"), line -> consumer.accept(ApiJson.answer(line, ScoredStep.class)));
        }

        @Override
        public void dialogues(String runId, Consumer<Dialogue> consumer) {
            api.lines(path(runId, "/dialogues"), line -> consumer.accept(ApiJson.answer(line, Dialogue.class)));
        }

        @Override
        public boolean dialoguesSettled(String runId) {
            return get(runId, "/dialogues/settled", JsonNode.class).map(node -> node.path("settled").asBoolean())
                    .orElse(false);
        }

        @Override
        public List<ScoreCounts> cells(String runId) {
            return list(runId, "/cells", ScoreCounts.class);
        }

        @Override
        public List<RejectedRow> rejections(String runId) {
            return list(runId, "/rejections", RejectedRow.class);
        }

        private <T> Optional<T> get(String run, String what, Class<T> type) {
            return api.get(path(run, what)).map(json -> ApiJson.answer(json, type));
        }

        private <T> List<T> list(String run, String what, Class<T> element) {
            return api.get(path(run, what)).map(json -> ApiJson.answers(json, element)).orElse(List.of());
        }

        private static String path(String run, String what) {
            return "/runs/" + ApiClient.segment(run) + what;
        }
    }
}
