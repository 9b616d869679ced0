package io.turnstream.integration;

import static io.turnstream.cluster.Await.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.cluster.Await;
import io.turnstream.cluster.EventLog;
import io.turnstream.cluster.Reactor;
import io.turnstream.console.CostTerms;
import io.turnstream.console.CostTerms.UsdPerMillion;
import io.turnstream.console.RunOrder;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.AskModel;
import io.turnstream.contracts.Exchange;
import io.turnstream.contracts.JudgementSettled;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.RunCommand;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Text;
import io.turnstream.events.Topics;
import io.turnstream.integration.JudgedPlatform.Printed;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.SchemaIds;
import io.turnstream.projection.report.Progress;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import io.turnstream.projection.report.RunReport;
import io.turnstream.projection.report.RunSummary;
import io.turnstream.providers.Usage;
import io.turnstream.simulator.SimulatorSettings;
import io.turnstream.simulator.SimulatorStats;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs against a provider that answers in every form it has: what enters the log, the next request and the bill.
class ProviderFormsIT {

    private static final int ROWS = 4;
    private static final String MODEL = "contextual@forms";
    private static final String JUDGE = "judge@forms";
    private static final Set<String> FILTERS = Set.of("policy403", "flagged403", "inspection400", "sensitive1301",
            "finishSafety", "finishSensitive", "finishFilter", "finishRefusal");
    private static final Set<String> REASONED = Set.of("thinkArrows", "thinkBrackets", "harmony");
    private static final Set<String> OTHERS = Set.of("huge", "degenerateMarks", "degenerateCommas", "boxed",
            "leftOverToken",
            "loneSurrogates", "contentParts", "eventStream", "gzip", "finishError", "usageOnly", "badGateway");
    /// What every form of reasoning holds, or leaves behind.
    private static final List<String> TRACES = List.of("Let me think it over first", "\u25c1", "[THINK]", "<|");
    private static final BigDecimal LIMIT = new BigDecimal("0.40");
    private static final long LIMIT_NANO_USD = 400_000_000;
    /// 4 USD for a million tokens of either kind.
    private static final UsdPerMillion PRICE = new UsdPerMillion(BigDecimal.valueOf(4), BigDecimal.valueOf(4));
    private static final long NANO_USD_A_TOKEN = 4_000;
    private static final int WINDOW = 4;

    private static JudgedPlatform platform;
    private static Printed printed;
    private static RunReport report;
    private static List<StepSettled> steps;
    private static SimulatorStats.Counts injected;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void runThroughAllForms() {
        platform = new JudgedPlatform(folder);
        String forms = Stream.concat(FILTERS.stream().map(form -> share(form, 0.03)), Stream.concat(
                REASONED.stream().map(form -> share(form, 0.12)), OTHERS.stream().map(form -> share(form, 0.03))))
                .sorted().collect(Collectors.joining(", "));
        // the minute outlasts these tests: what was most in a minute is all that there was
        platform.simulator()
                .apply(SimulatorSettings.defaults()
                        .merged("""
                {"minuteMillis": 3600000, "models": {"%s": {"forms": {%s}}, "%s": {"forms": {"verdictQuotesThink": 0.5}},
                 "contextual@half": {"forms": {"usageOnly": 0.5}}, "contextual@absurd": {"forms": {"absurdUsage": 1}}}}"""
                                .formatted(MODEL, forms, JUDGE)));
        printed = platform.run("eval", "--model", "sim/" + MODEL, "--judge", "sim/" + JUDGE,
                "--dataset", Reactor.MINI.toString(), "--limit", Integer.toString(ROWS), "--max-connections", "16");
        RunSummary run = platform.reports().runs().getFirst();
        report = platform.reports().run(run.id()).orElseThrow();
        steps = events(Topics.DIALOGUE_EVENTS, StepSettled.class, report.id());
        injected = platform.simulator().stats().model(MODEL);
    }

    private static String share(String form, double share) {
        return "\"" + form + "\": " + share;
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
    }

    @Test
    void run_ends_and_every_step_has_its_outcome() {
        assertThat(injected.faults().keySet()).as("forms that were met").containsAll(FILTERS).containsAll(REASONED)
                .containsAll(OTHERS);
        assertThat(report.settled()).isTrue();
        assertThat(report.state()).as("what is too long leaves gaps: %s", printed.out()).isEqualTo("incomplete");
        assertThat(printed.code()).as(printed.err()).isEqualTo(3);
        assertThat(report.cells()).as("what it left open is missing").anyMatch(cell -> cell.n() < cell.total());

        List<JudgementSettled> verdicts = events(Topics.DIALOGUE_EVENTS, JudgementSettled.class, report.id());
        assertThat(steps).extracting(step -> step.getSubject().getDialogueId() + '#' + step.getStep().getName())
                .doesNotHaveDuplicates();
        assertThat(verdicts).extracting(verdict -> verdict.getSubject().getDialogueId()).doesNotHaveDuplicates();
        assertThat(steps.size() + verdicts.size()).isEqualTo((int) report.planned());
        assertThat(steps).extracting(StepSettled::getOutcome).doesNotContain(Outcome.UNKNOWN, Outcome.CANCELLED,
                Outcome.PROVIDER_ERROR);
        assertThat(report.outcomes().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(report.planned());
        assertThat(platform.deadLetters().letters()).isEmpty();
    }

    @Test
    void what_filters_stopped_is_refused_and_nothing_else_is() {
        assertThat(with(Outcome.MODEL_REFUSED))
                .hasSize(Math.toIntExact(FILTERS.stream().mapToLong(injected.faults()::get).sum()))
                .allSatisfy(
                        step -> assertThat(step.getAnswer().getAttempts().getLast().getCause()).isEqualTo("refused"));
    }

    @Test
    void an_answer_of_3_megabytes_ends_its_dialogue_and_nothing_of_it_is_kept() {
        List<StepSettled> oversized = with(Outcome.OVERSIZED);
        assertThat(oversized).hasSize(Math.toIntExact(injected.faults().get("huge")))
                .allSatisfy(step -> assertThat(step.getAnswer().getText()).isNull())
                .allSatisfy(step -> assertThat(step.getAnswer().getUsage()).as("paid").isNotNull());
        Map<String, Integer> ended = new TreeMap<>();
        oversized.stream().filter(ProviderFormsIT::isTurn)
                .forEach(step -> ended.put(step.getSubject().getDialogueId(), step.getSequence()));
        assertThat(ended).as("dialogues with an oversized turn").isNotEmpty();
        assertThat(steps).allSatisfy(step -> {
            Integer end = ended.get(step.getSubject().getDialogueId());
            assertThat(step.getOutcome() == Outcome.NOT_REACHED).as(step.getRequestId())
                    .isEqualTo(end != null && step.getSequence() > end);
        });
    }

    @Test
    void reasoning_is_recorded_and_neither_repeated_nor_judged() {
        assertThat(steps.stream().filter(ProviderFormsIT::isTurn)
                .filter(step -> said(reasoning(step)).contains(TRACES.getFirst())))
                .as("turns with reasoning").isNotEmpty()
                .allSatisfy(step -> assertThat(said(step.getAnswer().getText())).isNotBlank());

        List<Exchange> shown = Stream.concat(
                events(Topics.TURN_REQUESTS, AskModel.class, report.id()).stream()
                        .flatMap(ask -> ask.getHistory().stream()),
                events(Topics.JUDGE_REQUESTS, AskJudge.class, report.id()).stream()
                        .flatMap(ask -> ask.getExchanges().stream()))
                .toList();
        assertThat(shown).extracting(exchange -> said(exchange.getAssistant())).as("answers shown again")
                .filteredOn(text -> !text.isEmpty()).hasSizeGreaterThan(ROWS)
                .allSatisfy(text -> assertThat(text).doesNotContain(TRACES));
    }

    @Test
    void questions_are_read_through_the_forms_and_degenerate_ends_are_not() {
        List<StepSettled> questions = steps.stream().filter(step -> !isTurn(step) && step.getAnswer() != null).toList();
        assertThat(questions.stream()
                .filter(step -> TRACES.stream().anyMatch(said(step.getAnswer().getFirstText())::contains)))
                .isNotEmpty().allSatisfy(step -> assertThat(step.getAnswer().getReading())
                        .as(said(step.getAnswer().getFirstText())).isNotNull());
        assertThat(questions.stream().filter(step -> said(step.getAnswer().getText()).matches("Answer:=+|A,+")))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.getOutcome()).isEqualTo(Outcome.ANSWER_UNPARSEABLE));
    }

    @Test
    void half_a_surrogate_pair_is_recorded_as_a_replacement_character() {
        assertThat(steps.stream().filter(step -> step.getAnswer() != null).map(step -> said(step.getAnswer().getText()))
                .filter(text -> text.contains("\ufffd")))
                .hasSize(Math.toIntExact(injected.faults().get("loneSurrogates")))
                .allSatisfy(text -> assertThat(text).startsWith("\ufffd ").endsWith(" \ufffd"));
    }

    @Test
    void verdicts_that_quote_a_marker_of_reasoning_count() {
        List<JudgementSettled> quoting = events(Topics.DIALOGUE_EVENTS, JudgementSettled.class, report.id()).stream()
                .filter(verdict -> verdict.getAnswer() != null
                        && said(verdict.getAnswer().getExplanation()).contains("<think>"))
                .toList();

        assertThat(quoting)
                .hasSize(Math.toIntExact(platform.simulator().stats().model(JUDGE).faults().get("verdictQuotesThink")))
                .isNotEmpty().allSatisfy(verdict -> {
                    assertThat(verdict.getOutcome()).isEqualTo(Outcome.JUDGED);
                    assertThat(verdict.getScore()).isBetween(1, 5);
                });
    }

    @Test
    void tokens_of_bodies_without_an_answer_count_towards_the_limit() {
        RunReport stopped = stoppedAtItsLimit("contextual@half");

        SimulatorStats.Counts counts = platform.simulator().stats().model("contextual@half");
        assertThat(counts.faults().getOrDefault("usageOnly", 0L)).as("bodies without an answer").isPositive();
        assertThat(stopped.costNanoUsd()).isPositive().isLessThanOrEqualTo(LIMIT_NANO_USD)
                .isEqualTo(counts.maxTokensPerMinute() * NANO_USD_A_TOKEN);
    }

    @Test
    void counts_beyond_every_sense_stop_a_run_and_do_not_turn_its_sums_round() {
        RunReport stopped = stoppedAtItsLimit("contextual@absurd");

        long calls = platform.simulator().stats().model("contextual@absurd").calls();
        assertThat(stopped.costNanoUsd()).isGreaterThan(LIMIT_NANO_USD)
                .isEqualTo(calls * 2 * Usage.MOST_TOKENS * NANO_USD_A_TOKEN);
        assertThat(events(Topics.DIALOGUE_EVENTS, StepSettled.class, stopped.id()).stream()
                .filter(step -> step.getAnswer() != null)
                .map(step -> step.getSubject().getDialogueId()).distinct()).as("dialogues under way until it was known")
                .hasSizeBetween(1, WINDOW);
    }

    /// A run that its limit has halted, and that was cancelled then, so that nothing of it is still on its way to its
    /// figures.
    private static RunReport stoppedAtItsLimit(String model) {
        String name = "sim/" + model;
        RunOrder order = Orders.order(name, "sim/judge", Reactor.MINI,
                new SelectionFacts(List.of(), List.of(), List.of(), 0, ROWS, List.of(), false, 1),
                new Limits(4, 5, 30_000), WINDOW);
        String run = platform.platform()
                .submit(new RunOrder(order.models(), order.judge(), order.dataset(), null, null, order.selection(),
                        null, null, order.limits(), null, order.window(), false, null, order.tags(),
                        order.requestedBy(),
                        new CostTerms(Map.of(name, PRICE), LIMIT, null)))
                .getFirst();
        Progress halted = awaited(run, progress -> progress.state().equals("halted"));
        assertThat(halted.reason()).startsWith("the cost limit of $0.4");
        platform.platform().command(run, RunCommand.CANCEL, "seen enough");
        awaited(run, Progress::settled);
        return platform.reports().run(run).orElseThrow();
    }

    private static Progress awaited(String run, Predicate<Progress> condition) {
        Await.until(PATIENCE, () -> "the run: " + platform.reports().progress(run),
                () -> platform.reports().progress(run).filter(condition).isPresent());
        return platform.reports().progress(run).orElseThrow();
    }

    private static List<StepSettled> with(Outcome outcome) {
        return steps.stream().filter(step -> step.getOutcome() == outcome).toList();
    }

    private static boolean isTurn(StepSettled step) {
        return step.getStep().getKind() == StepKind.TURN;
    }

    private static @Nullable Text reasoning(StepSettled step) {
        return step.getAnswer() == null ? null : step.getAnswer().getReasoning();
    }

    private static String said(@Nullable Text text) {
        return text == null || text.getText() == null ? "" : text.getText();
    }

    /// The events of one type and run, in order within each dialogue.
    private static <T extends SpecificRecord> List<T> events(Topics topic, Class<T> type, String run) {
        EventSerde serde = new EventSerde(SchemaIds.byPosition());
        return new EventLog(platform.connection()).records(topic).stream()
                .filter(record -> record.key() != null && record.key().startsWith(run) && record.value() != null)
                .map(record -> serde.fromBytes(record.value())).filter(type::isInstance).map(type::cast).toList();
    }
}
