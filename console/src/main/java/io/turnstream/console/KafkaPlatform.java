package io.turnstream.console;

import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.JudgementSetCommanded;
import io.turnstream.contracts.JudgementSetOpened;
import io.turnstream.contracts.JudgementSetRefused;
import io.turnstream.contracts.JudgementSetRequested;
import io.turnstream.contracts.JudgementSpec;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.RunCommanded;
import io.turnstream.contracts.RunPlanned;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.RunSealed;
import io.turnstream.events.EventTypes;
import io.turnstream.events.Ids;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventWriter;
import io.turnstream.messaging.RunLog;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.report.Reports;
import io.turnstream.providers.prices.Prices;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// The platform as events: an order becomes a protocol pack and a request per model, a command an event of its run.
public final class KafkaPlatform implements Platform {

    /// A caller from elsewhere waits a minute ([io.turnstream.console.remote.ApiClient]) and is to be told what went
    /// wrong: writing, being taken up and being shown take less than that together.
    private static final Duration WRITING = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Who may be called, and what this code is.
    ///
    /// @param models which models may be asked for
    /// @param codeVersion version of this code, kept with each run
    /// @param prices what models cost, where an order says nothing else
    /// @param datasets which files may be named
    public record Rules(ModelAdmission models, String codeVersion, Prices prices, DatasetAdmission datasets) {

        /// Any file may be named.
        public Rules(ModelAdmission models, String codeVersion, Prices prices) {
            this(models, codeVersion, prices, DatasetAdmission.everywhere());
        }
    }

    private final ServiceKafka kafka;
    private final EventWriter commands;
    private final Reports reports;
    private final Rules rules;
    private final Clock clock;
    private final Resumption resumption;

    /// @param commands where orders and commands are written to
    public KafkaPlatform(ServiceKafka kafka, EventWriter commands, Reports reports, Rules rules, Clock clock) {
        this(kafka, commands, reports, rules, clock, PATIENCE);
    }

    /// @param patience how long a resumption may take to be taken up, and then to be shown
    KafkaPlatform(ServiceKafka kafka, EventWriter commands, Reports reports, Rules rules, Clock clock,
            Duration patience) {
        this.resumption = new Resumption(kafka, reports, patience);
        this.kafka = kafka;
        this.commands = commands;
        this.reports = reports;
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public List<String> submit(RunOrder order) {
        RunRequests requests = RunRequests.of(order, rules.prices());
        rules.datasets().require(order);
        long now = clock.millis();
        List<RunRequested> runs = new ArrayList<>();
        for (String model : order.models()) {
            runs.add(requests.requested(model, Ids.newRunId(), Ids.newEventId(), rules.codeVersion(), now));
        }
        for (RunRequested run : runs) {
            rules.models().require(run.getTarget().getProvider(), "models");
            if (run.getJudge() != null) {
                rules.models().require(run.getJudge().getProvider(), "judge");
            }
        }
        ProtocolPackPublished pack = requests.packPublished(Ids.newEventId(), now);
        write(Topics.PROTOCOL_PACKS, pack.getDigest(), pack);
        for (RunRequested run : runs) {
            write(Topics.RUNS, run.getRunId(), run);
        }
        return runs.stream().map(RunRequested::getRunId).toList();
    }

    @Override
    public void command(String runId, RunCommand command, @Nullable String reason, CostTerms costs) {
        command(runId, command, reason, costs, List.of());
    }

    @Override
    public void retry(String runId, List<String> also, CostTerms costs) {
        command(runId, RunCommand.RETRY, null, costs, Retries.outcomes(also));
    }

    private void command(String runId, RunCommand command, @Nullable String reason, CostTerms costs,
            List<Outcome> also) {
        Long limit = Pricing.nanoOrNull(costs.costLimitUsd(), "costLimitUsd");
        Long judgeLimit = Pricing.nanoOrNull(costs.judgeCostLimitUsd(), "judgeCostLimitUsd");
        if (costs.hasLimit()) {
            RunRequested recorded = RunLog.read(kafka.connection(), kafka.serde(), runId, Long.MAX_VALUE)
                    .events(RunRequested.class).findFirst()
                    .orElseThrow(() -> new UnacceptableRunException("there is no run '" + runId + "'", "run",
                            "'turnstream list' lists them."));
            requirePrice(limit, recorded.getTarget(), recorded.getLimits(), "costLimitUsd");
            requirePrice(judgeLimit, recorded.getJudge(), recorded.getJudgeLimits(), "judgeCostLimitUsd");
        }
        boolean resumes = command == RunCommand.RESUME && resumption.changes(runId);
        String eventId = Ids.newEventId();
        write(Topics.RUNS, runId,
                new RunCommanded(new EventMeta(eventId, null, null, clock.millis()), runId, command, reason,
                        System.getProperty("user.name", "unknown"), limit, judgeLimit, also));
        if (resumes) {
            resumption.awaitShown(runId, eventId);
        }
    }

    /// A run is counted at the prices it was asked for with.
    private static void requirePrice(@Nullable Long limit, @Nullable ModelTarget target, CallLimits limits,
            String where) {
        if (limit != null && (target == null || limits.getPrice() == null)) {
            throw target == null
                    ? new UnacceptableRunException("the run has no judge", where, "Leave the limit out.")
                    : new UnacceptableRunException("the price of " + target.getProvider() + '/' + target.getModel()
                            + " was not known when the run was asked for, so that it cannot be held to a cost limit",
                            where, "Leave the limit out.");
        }
    }

    @Override
    public AcceptedJudgement judge(String run, JudgementOrder order) {
        // The log knows runs that the projection does not, or not yet.
        String runId = reports.runId(run).orElse(run);
        RunLog log = RunLog.read(kafka.connection(), kafka.serde(), runId, Long.MAX_VALUE);
        RunRequested recorded = log.events(RunRequested.class).findFirst()
                .orElseThrow(() -> new UnacceptableRunException("there is no run '" + run + "'", "run",
                        "'turnstream list' lists them."));
        JudgementRequests requests = JudgementRequests.of(order, recorded,
                log.events(RunPlanned.class).findFirst().orElse(null),
                rules.prices());
        JudgementSpec spec = requests.spec();
        rules.models().require(spec.getJudge().getProvider(), "judge");
        requests.requireSet(log.events(JudgementSetOpened.class).map(JudgementSetOpened::getSpec).toList(),
                log.events(RunSealed.class).map(RunSealed::getJudgementSetId).filter(Objects::nonNull)
                        .collect(Collectors.toSet()));
        List<String> selected = selected(order, runId);
        long now = clock.millis();
        requests.rubric().ifPresent(pack -> write(Topics.PROTOCOL_PACKS, pack.digest(),
                RunRequests.packPublished(pack, Ids.newEventId(), now)));
        JudgementSetRequested requested = requests.requested(selected, Ids.newEventId(), rules.codeVersion(), now);
        write(Topics.RUNS, runId, requested);
        return accepted(requested);
    }

    private List<String> selected(JudgementOrder order, String runId) {
        if (order.select() == null) {
            return List.of();
        }
        String ownSet = reports.run(runId).map(report -> report.provenance().judgementSetId()).orElse(null);
        List<String> selected = DialogueSelection.parse(order.select())
                .dialogues(consumer -> reports.rows(runId, consumer), ownSet);
        if (selected.isEmpty()) {
            throw new UnacceptableRunException("no dialogue of the run fits", "select",
                    "Look at its rows with 'turnstream export'.");
        }
        return selected;
    }

    /// Waits for what the run controller says.
    private AcceptedJudgement accepted(JudgementSetRequested requested) {
        String eventId = requested.getMeta().getEventId();
        SpecificRecord answer = RunLog
                .awaitAnswer(kafka.connection(), kafka.serde(), requested.getRunId(), eventId, PATIENCE)
                .orElseThrow(() -> new PlatformUnreachableException(
                        "the request stands in the log, but no dispatcher has taken it yet. "
                                + "It goes on when one runs",
                        null));
        if (answer instanceof JudgementSetRefused refused) {
            throw new UnacceptableRunException(refused.getReason(), "judgements", "Nothing was started.");
        }
        return new AcceptedJudgement(
                new JudgementSetName(requested.getRunId(), requested.getSpec().getJudgementSetId()),
                Instant.ofEpochMilli(EventTypes.metaOf(answer).getOccurredAtMillis()));
    }

    @Override
    public void command(JudgementSetName set, RunCommand command, @Nullable String reason) {
        boolean resumes = command == RunCommand.RESUME && resumption.changes(set);
        String eventId = Ids.newEventId();
        write(Topics.RUNS, set.runId(),
                new JudgementSetCommanded(new EventMeta(eventId, null, null, clock.millis()), set.runId(),
                        set.judgementSetId(), command, reason, System.getProperty("user.name", "unknown")));
        if (resumes) {
            resumption.awaitShown(set, eventId);
        }
    }

    @Override
    public Reports reports() {
        return reports;
    }

    private void write(Topics topic, String key, SpecificRecord event) {
        CompletableFuture<?> written = commands.send(topic, key, event, null);
        try {
            written.get(WRITING.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformUnreachableException("interrupted while writing to " + topic.topicName(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new PlatformUnreachableException("cannot write to " + topic.topicName() + " at "
                    + kafka.connection().bootstrapServers() + ". Is the broker running?", e);
        }
    }
}
