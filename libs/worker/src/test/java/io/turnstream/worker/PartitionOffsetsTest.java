package io.turnstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.worker.PartitionOffsets.Known;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionOffsetsTest {

    private static final int GENERATION = 7;
    private static final long FIRST = 5;

    private final PartitionOffsets partition = new PartitionOffsets(new TopicPartition("requests", 0), GENERATION);

    @Test
    void commits_up_to_the_lowest_unfinished_offset_whatever_is_finished_behind_it() {
        loaded(100);
        for (long offset = 5; offset < 9; offset++) {
            partition.begin(offset);
        }

        partition.finish(7);
        assertThat(partition.toCommit()).map(OffsetAndMetadata::offset).contains(5L);
        partition.finish(5);
        assertThat(partition.toCommit()).map(OffsetAndMetadata::offset).contains(6L);
        partition.finish(6);
        partition.finish(8);
        assertThat(partition.toCommit()).map(OffsetAndMetadata::offset).contains(9L);
        partition.committed(partition.toCommit().orElseThrow());
        assertThat(partition.toCommit()).isEmpty();
    }

    @Test
    void a_request_that_is_left_is_not_committed() {
        loaded(100);
        partition.begin(5);
        partition.begin(6);

        partition.finish(6);
        partition.leave(5);

        assertThat(partition.toCommit()).map(OffsetAndMetadata::offset).contains(5L);
        assertThat(note(partition.toHandOver().orElseThrow()).calling()).isEmpty();
    }

    @Test
    void tells_the_next_owner_from_where_on_answers_count_and_whose_calls_run() {
        // Given a request that was taken when the answers were known up to 100, and one when they were known up to 151
        loaded(100);
        partition.begin(5);
        partition.answeredAt(150);
        partition.begin(6);
        partition.begin(7);

        // Then
        assertThat(note(partition.toCommit().orElseThrow()).answersFrom()).isEqualTo(100);
        partition.finish(5);
        assertThat(note(partition.toCommit().orElseThrow())).isEqualTo(new CommitNote(151, Set.of()));
        partition.leave(6);
        assertThat(partition.toHandOver()).map(OffsetAndMetadata::offset).contains(6L);
        assertThat(note(partition.toHandOver().orElseThrow())).isEqualTo(new CommitNote(151, Set.of(1L)));
    }

    @Test
    void requests_that_the_last_owner_took_may_be_answered_from_where_it_said() throws Exception {
        // Given a last owner that answered the request at 6 and not the one at 5
        partition.loading(0, 7, Set.of());
        partition.found("request-6");
        partition.loaded(100);

        // When only the one at 5 is taken
        partition.begin(5);

        // Then whoever comes next has to find the answer of the other
        assertThat(note(partition.toCommit().orElseThrow())).isEqualTo(new CommitNote(0, Set.of()));
        partition.finish(5);
        assertThat(partition.toCommit()).map(OffsetAndMetadata::offset).contains(6L);
        assertThat(note(partition.toCommit().orElseThrow()).answersFrom()).isZero();
        partition.begin(6);
        partition.finish(6);
        assertThat(note(partition.toCommit().orElseThrow()).answersFrom()).isEqualTo(100);
    }

    @Test
    void answers_of_others_that_are_still_to_come_hold_back_what_is_told() throws Exception {
        // Given a partition whose last owner is still calling for the request at 6 as the one at 7 is taken
        partition.loading(40, 7, Set.of(6L));
        partition.loaded(60);
        partition.begin(5);
        partition.begin(6);
        partition.answeredAt(80);
        partition.begin(7);
        assertThat(note(partition.toCommit().orElseThrow()).answersFrom()).isEqualTo(40);

        // When all before it are finished
        partition.finish(5);
        partition.found("request-6");
        assertThat(partition.await(6, "request-6", "sending-6")).isEqualTo(Known.ANSWERED);
        partition.finish(6);

        // Then
        assertThat(note(partition.toCommit().orElseThrow()).answersFrom()).isEqualTo(60);
    }

    @Test
    void nothing_is_told_before_it_is_known_what_the_last_owner_told() {
        partition.begin(5);
        assertThat(partition.toCommit()).isEmpty();
        assertThat(partition.toHandOver()).isEmpty();

        partition.loading(40, 7, Set.of());

        assertThat(note(partition.toCommit().orElseThrow())).isEqualTo(new CommitNote(40, Set.of()));
    }

    @Test
    void goes_on_telling_whose_calls_the_last_owner_has_under_way() {
        // Given
        partition.loading(40, 9, Set.of(4L, 6L, 8L));
        partition.loaded(60);
        partition.begin(5);
        partition.begin(6);

        // Then
        assertThat(note(partition.toCommit().orElseThrow()).calling()).containsExactlyInAnyOrder(1L, 3L);
        assertThat(note(partition.toHandOver().orElseThrow()).calling()).containsExactlyInAnyOrder(0L, 1L, 3L);
        partition.leave(5);
        partition.leave(6);
        assertThat(note(partition.toHandOver().orElseThrow()).calling()).containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void tells_anew_when_calls_of_the_last_owner_are_over() {
        // Given
        partition.loading(40, 9, Set.of(6L));
        partition.loaded(60);
        partition.begin(5);
        partition.committed(partition.toCommit().orElseThrow());
        assertThat(partition.toCommit()).isEmpty();

        // When
        partition.awaitOthersNoLonger();

        // Then
        assertThat(partition.toCommit()).map(PartitionOffsetsTest::note).contains(new CommitNote(40, Set.of()));
    }

    @Test
    void nobody_waits_for_a_request_that_is_finished() {
        partition.loading(0, 6, Set.of(5L));
        partition.loaded(10);
        partition.begin(5);

        partition.finish(5);

        assertThat(partition.awaitsOthers()).isFalse();
    }

    @Test
    void a_request_waits_until_the_answers_are_read() throws Exception {
        CompletableFuture<Known> known = awaited(5, "request-5", "sending-5");
        assertThat(known).isNotDone();

        partition.loading(0, 7, Set.of());
        partition.found("request-5");
        partition.loaded(1);

        assertThat(known.get(5, TimeUnit.SECONDS)).isEqualTo(Known.ANSWERED);
        assertThat(partition.await(6, "request-6", "sending-6")).isEqualTo(Known.OPEN);
    }

    @Test
    void a_request_that_somebody_else_calls_for_waits_for_that_answer_or_the_end_of_the_grace_period()
            throws Exception {
        partition.loading(0, 7, Set.of(5L, 6L));
        partition.loaded(0);
        CompletableFuture<Known> answered = awaited(5, "request-5", "sending-5");
        CompletableFuture<Known> unanswered = awaited(6, "request-6", "sending-6");
        assertThat(partition.awaitsOthers()).isTrue();

        partition.found("request-5");
        partition.loaded(1);
        assertThat(answered.get(5, TimeUnit.SECONDS)).isEqualTo(Known.ANSWERED);
        assertThat(unanswered).isNotDone();

        partition.awaitOthersNoLonger();
        assertThat(unanswered.get(5, TimeUnit.SECONDS)).isEqualTo(Known.OPEN);
        assertThat(partition.awaitsOthers()).isFalse();
    }

    @Test
    void whoever_waits_when_the_partition_is_revoked_leaves() throws Exception {
        CompletableFuture<Known> known = awaited(5, "request-5", "sending-5");

        partition.revoke();

        assertThat(known.get(5, TimeUnit.SECONDS)).isEqualTo(Known.REVOKED);
    }

    @Test
    void records_of_an_earlier_assignment_are_older() {
        assertThat(partition.isOlder(GENERATION - 1)).isTrue();
        assertThat(partition.isOlder(GENERATION)).isFalse();
        assertThat(partition.isOlder(GENERATION + 1)).isFalse();
        assertThat(partition.isOlder(-1)).isFalse();
    }

    /// Reads all answers before `end`, at a time when nobody had taken a request from `FIRST` on.
    private void loaded(long end) {
        partition.loading(0, FIRST, Set.of());
        partition.loaded(end);
    }

    private CompletableFuture<Known> awaited(long offset, String requestId, String eventId) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return partition.await(offset, requestId, eventId);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofVirtual().start(task));
    }

    private static CommitNote note(OffsetAndMetadata position) {
        return CommitNote.of(position.metadata());
    }
}
