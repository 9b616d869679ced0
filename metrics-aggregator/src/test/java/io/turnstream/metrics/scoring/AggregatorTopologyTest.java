package io.turnstream.metrics.scoring;

import static io.turnstream.metrics.scoring.ScoringFixture.SET;
import static io.turnstream.metrics.scoring.ScoringFixture.answer;
import static io.turnstream.metrics.scoring.ScoringFixture.judgement;
import static io.turnstream.metrics.scoring.ScoringFixture.mcq;
import static io.turnstream.metrics.scoring.ScoringFixture.step;
import static io.turnstream.metrics.scoring.ScoringFixture.subject;
import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.DialogueClosed;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Outcome;
import io.turnstream.contracts.OutcomeCount;
import io.turnstream.contracts.ScoreCell;
import io.turnstream.contracts.ScoreRow;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.StepKind;
import io.turnstream.contracts.StepSettled;
import io.turnstream.contracts.Subject;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AggregatorTopologyTest {

    private final ScoringFixture fixture = new ScoringFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void the_topology_is_the_one_on_record() throws IOException {
        try (var golden = getClass().getResourceAsStream("/aggregator-topology.txt")) {
            assertThat(AggregatorTopology
                    .build(fixture.serde(), Topics.SCORE_ROWS.topicName(), Topics.SCORE_CELLS.topicName()).describe()
                    .toString().strip())
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void a_settled_question_becomes_a_row_and_a_cell() {
        fixture.send(mcq(1, 4, Outcome.ANSWERED, "B", "b", "The correct answer is B"));

        ScoreRow row = fixture.takeRows().getFirst();
        assertThat(row.getRowId()).isEqualTo(subject(1, Intent.UNSAFE).getDialogueId() + "#mcq-0");
        assertThat(row.getVersion()).isEqualTo(4);
        assertThat(row.getCorrectedValue()).isEqualTo(1);
        // the published parser takes the alphabetically first of A to G that occurs anywhere: here A, of "correct
        // ANSWER"
        assertThat(row.getReferenceCounted()).isTrue();
        assertThat(row.getReferenceValue()).isZero();
        ScoreCell cell = fixture.onlyCell();
        assertThat(cell.getCellId()).isEqualTo(ScoringFixture.RUN + "|type_a|unimodal|unsafe|fire|mcq||1");
        assertThat(cell.getCorrectedCount()).isEqualTo(1);
        assertThat(cell.getCorrectedSum()).isEqualTo(1);
        assertThat(cell.getOutcomes()).containsExactly(new OutcomeCount(StepKind.MCQ, Outcome.ANSWERED, 1L));
        assertThat(cell.getCostNanoUsd()).isEqualTo(7);
    }

    @Test
    void rows_and_cells_name_their_cause_and_carry_cloud_event_headers() {
        StepSettled event = mcq(1, 4, Outcome.ANSWERED, "B", "B", "B");
        fixture.send(event);

        var row = fixture.takeRowRecords().getFirst();
        var cell = fixture.takeCellRecords().getFirst();

        assertThat(((ScoreRow) row.value()).getMeta().getCauseId()).isEqualTo(event.getMeta().getEventId());
        assertThat(((ScoreRow) row.value()).getMeta().getCauseDigest()).isEqualTo(EventDigests.of(event));
        assertThat(((ScoreRow) row.value()).getMeta().getEventId()).isEqualTo(row.key() + "/v4");
        assertThat(((ScoreCell) cell.value()).getMeta().getCauseDigest()).isEqualTo(EventDigests.of(row.value()));
        assertThat(((ScoreCell) cell.value()).getMeta().getOccurredAtMillis())
                .isEqualTo(ScoringFixture.START.toEpochMilli());
        for (var record : List.of(row, cell)) {
            assertThat(new String(record.headers().lastHeader("ce_source").value(), StandardCharsets.UTF_8))
                    .isEqualTo("/turnstream/metrics-aggregator");
            assertThat(new String(record.headers().lastHeader("ce_subject").value(), StandardCharsets.UTF_8))
                    .isEqualTo(record.key());
        }
        // one trace from event to cell
        assertThat(trace(cell)).isEqualTo(trace(row));
    }

    private static String trace(org.apache.kafka.streams.test.TestRecord<?, ?> record) {
        return new String(record.headers().lastHeader("traceparent").value(), StandardCharsets.UTF_8).substring(3, 35);
    }

    @Test
    void a_duplicate_changes_nothing() {
        fixture.send(mcq(1, 4, Outcome.ANSWERED, "B", "B", "B"));
        fixture.takeRows();
        ScoreCell before = fixture.onlyCell();

        fixture.send(mcq(1, 4, Outcome.ANSWERED, "B", "B", "B"));

        assertThat(fixture.takeRows()).isEmpty();
        assertThat(fixture.onlyCell()).isEqualTo(before);
    }

    @Test
    void a_late_older_version_is_ignored() {
        fixture.send(mcq(1, 9, Outcome.ANSWERED, "B", "B", "B"));
        fixture.takeRows();

        fixture.send(mcq(1, 4, Outcome.PROVIDER_ERROR, "B", null, null));

        assertThat(fixture.takeRows()).isEmpty();
        assertThat(fixture.onlyCell().getOutcomes())
                .containsExactly(new OutcomeCount(StepKind.MCQ, Outcome.ANSWERED, 1L));
    }

    @Test
    void a_retry_is_taken_from_its_cell_and_added_in_one_step() {
        fixture.send(mcq(1, 4, Outcome.PROVIDER_ERROR, "B", null, null));
        fixture.send(mcq(2, 4, Outcome.ANSWERED, "B", "A", "A"));
        fixture.cells();

        fixture.send(mcq(1, 9, Outcome.ANSWERED, "B", "B", "B"));

        var changes = fixture.takeCellRecords();
        assertThat(changes).hasSize(1);
        ScoreCell cell = (ScoreCell) changes.getFirst().value();
        assertThat(cell.getOutcomes()).containsExactly(new OutcomeCount(StepKind.MCQ, Outcome.ANSWERED, 2L));
        assertThat(cell.getCorrectedCount()).isEqualTo(2);
        assertThat(cell.getCorrectedSum()).isEqualTo(1);
        // two added, then one taken back and one added
        assertThat(cell.getVersion()).isEqualTo(4);
    }

    @Test
    void the_order_of_dialogues_does_not_matter() {
        List<StepSettled> events = new ArrayList<>();
        for (int row = 0; row < 20; row++) {
            events.add(mcq(row, 4, row % 3 == 0 ? Outcome.ANSWER_UNPARSEABLE : Outcome.ANSWERED, "B",
                    row % 3 == 0 ? null : row % 2 == 0 ? "B" : "A", "B"));
        }
        events.forEach(fixture::send);
        ScoreCell inOrder = fixture.onlyCell();
        try (ScoringFixture other = new ScoringFixture()) {
            Collections.shuffle(events, new Random(7));
            events.forEach(other::send);

            ScoreCell shuffled = other.onlyCell();

            shuffled.setMeta(inOrder.getMeta());
            assertThat(shuffled).isEqualTo(inOrder);
        }
    }

    @Test
    void turns_count_by_outcome_only() {
        fixture.send(step(subject(1, Intent.SAFE), 1, "r1", StepKind.TURN, Outcome.ANSWERED, null,
                answer(null, "Good day", null)));

        assertThat(fixture.onlyCell().getOutcomes())
                .containsExactly(new OutcomeCount(StepKind.TURN, Outcome.ANSWERED, 1L));
        assertThat(fixture.onlyCell().getCorrectedCount()).isZero();
        assertThat(fixture.onlyCell().getReferenceCount()).isZero();
        assertThat(fixture.onlyCell().getAttempts()).isEqualTo(1);
    }

    @Test
    void the_published_scoring_reads_the_first_raw_answer() {
        fixture.send(step(subject(1, Intent.UNSAFE), 4, "tf-0", StepKind.TF, Outcome.ANSWERED, "true",
                answer("true", "True", "**True**")));

        ScoreRow row = fixture.takeRows().getFirst();

        assertThat(row.getCorrectedValue()).isEqualTo(1);
        assertThat(row.getReferenceCounted()).isFalse();
    }

    @Test
    void each_judgement_set_has_its_own_row_and_cell() {
        Subject subject = subject(1, Intent.SAFE);
        fixture.send(judgement(subject, 4, SET, Outcome.JUDGED, 4, "{\"score\": 4}"));
        fixture.send(judgement(subject, 5, "js-other", Outcome.JUDGED, 2, "{\"score\": 2}"));

        assertThat(fixture.cells().values()).extracting(ScoreCell::getJudgementSetId, ScoreCell::getCorrectedSum)
                .containsExactlyInAnyOrder(org.assertj.core.groups.Tuple.tuple(SET, 4L),
                        org.assertj.core.groups.Tuple.tuple("js-other", 2L));
    }

    @Test
    void a_failed_judge_is_no_score() {
        fixture.send(judgement(subject(1, Intent.UNSAFE), 4, SET, Outcome.JUDGE_ERROR, null, null));

        assertThat(fixture.onlyCell().getCorrectedCount()).isZero();
        assertThat(fixture.onlyCell().getUnpriced()).isZero();
        assertThat(fixture.onlyCell().getOutcomes())
                .containsExactly(new OutcomeCount(StepKind.JUDGE, Outcome.JUDGE_ERROR, 1L));
    }

    @Test
    void a_symbol_of_a_newer_version_is_counted_but_not_scored() {
        fixture.send(step(subject(1, Intent.UNSAFE), 4, "mcq-0", StepKind.MCQ, Outcome.UNKNOWN, "B",
                answer("B", "B", null)));
        fixture.send(step(subject(2, Intent.UNKNOWN), 4, "mcq-0", StepKind.MCQ, Outcome.ANSWERED, "B",
                answer("B", "B", null)));
        fixture.send(step(subject(3, Intent.UNSAFE), 4, "essay-0", StepKind.UNKNOWN, Outcome.ANSWERED, "B",
                answer("B", "B", null)));

        assertThat(fixture.cells()).hasSize(3);
        assertThat(fixture.cells().values()).allSatisfy(cell -> {
            assertThat(cell.getCorrectedCount()).isZero();
            assertThat(cell.getOutcomes()).hasSize(1);
        });
    }

    @Test
    void an_answer_that_contradicts_its_outcome_is_counted_but_not_scored() {
        fixture.send(mcq(1, 4, Outcome.ANSWERED, "B", null, "B"));

        assertThat(fixture.onlyCell().getCorrectedCount()).isZero();
        assertThat(fixture.onlyCell().getOutcomes())
                .containsExactly(new OutcomeCount(StepKind.MCQ, Outcome.ANSWERED, 1L));
    }

    @Test
    void tombstones_and_events_that_settle_nothing_are_passed_over() {
        Subject subject = subject(1, Intent.UNSAFE);
        fixture.send(subject.getDialogueId(), null);
        fixture.send(subject.getDialogueId(),
                new DialogueClosed(ScoringFixture.meta("closed"), subject, 9, List.of(), true));

        assertThat(fixture.takeRows()).isEmpty();
        assertThat(fixture.cells()).isEmpty();
    }

    @Test
    void a_row_that_is_deleted_is_taken_from_its_cell() {
        fixture.send(mcq(1, 4, Outcome.ANSWERED, "B", "B", "B"));
        fixture.send(mcq(2, 4, Outcome.ANSWERED, "B", "B", "B"));

        fixture.deleteRow(subject(1, Intent.UNSAFE).getDialogueId() + "#mcq-0");

        assertThat(fixture.onlyCell().getCorrectedCount()).isEqualTo(1);
        assertThat(fixture.onlyCell().getVersion()).isEqualTo(3);
    }

    @Test
    void cells_hold_what_adding_up_the_newest_rows_gives() {
        Random random = new Random(42);
        Map<String, ScoreRow> newest = new HashMap<>();
        List<Outcome> outcomes = List.of(Outcome.ANSWERED, Outcome.ANSWER_UNPARSEABLE, Outcome.PROVIDER_ERROR,
                Outcome.MODEL_REFUSED);
        for (int i = 0; i < 150; i++) {
            Subject subject = subject(random.nextBoolean() ? Split.TYPE_A : Split.TYPE_B, random.nextInt(6),
                    random.nextBoolean() ? Intent.SAFE : Intent.UNSAFE);
            int sequence = 4 + random.nextInt(30);
            if (random.nextInt(3) == 0) {
                boolean judged = random.nextInt(4) > 0;
                fixture.send(judgement(subject, sequence, SET, judged ? Outcome.JUDGED : Outcome.JUDGE_UNPARSEABLE,
                        judged ? 1 + random.nextInt(5) : null, "I give 3 of 5"));
            } else {
                Outcome outcome = outcomes.get(random.nextInt(outcomes.size()));
                fixture.send(step(subject, sequence, "mcq-" + random.nextInt(2), StepKind.MCQ, outcome, "B",
                        outcome == Outcome.PROVIDER_ERROR
                                ? null
                                : answer(outcome == Outcome.ANSWERED ? random.nextBoolean() ? "B" : "C" : null,
                                        "Answer: B", null)));
            }
            fixture.takeRows().forEach(
                    row -> newest.merge(row.getRowId(), row, (a, b) -> b.getVersion() > a.getVersion() ? b : a));
        }

        Map<String, long[]> expected = new HashMap<>();
        newest.values().forEach(row -> {
            long[] sums = expected.computeIfAbsent(ScoreCells.cellId(row), id -> new long[6]);
            sums[0]++;
            sums[1] += row.getCorrectedCounted() ? 1 : 0;
            sums[2] += row.getCorrectedValue();
            sums[3] += row.getReferenceCounted() ? 1 : 0;
            sums[4] += row.getReferenceValue();
            sums[5] += row.getInputTokens();
        });
        Map<String, long[]> found = new HashMap<>();
        fixture.cells().forEach((id, cell) -> found.put(id, new long[] {
                cell.getOutcomes().stream().mapToLong(OutcomeCount::getCount).sum(), cell.getCorrectedCount(),
                cell.getCorrectedSum(),
                cell.getReferenceCount(), cell.getReferenceSum(), cell.getInputTokens()}));
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((id, sums) -> assertThat(found.get(id)).as(id).containsExactly(sums));
    }
}
