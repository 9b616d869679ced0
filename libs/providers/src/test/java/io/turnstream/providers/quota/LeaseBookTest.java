package io.turnstream.providers.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.providers.quota.LeaseBook.Ask;
import io.turnstream.providers.quota.LeaseBook.Permit;
import io.turnstream.providers.quota.LeaseBook.Use;
import io.turnstream.providers.quota.LeaseBook.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseBookTest {

    private static final Duration VALID = Duration.ofSeconds(3);
    private static final Duration WAIT = Duration.ofMillis(250);

    private final LeaseBook book = new LeaseBook("w1/1");
    private final List<Integer> served = new ArrayList<>();

    @Test
    void asks_nothing_while_nobody_waits() {
        assertThat(book.nextAsk(at(0))).isEmpty();
        assertThat(book.nextAsk(at(60_000))).isEmpty();
    }

    @Test
    void asks_once_for_all_who_wait_and_serves_them_by_priority_and_in_order() {
        enter(1, 0, 100);
        enter(2, 0, 200);
        enter(3, 5, 300);

        Ask ask = book.nextAsk(at(0)).orElseThrow();
        assertThat(ask).isEqualTo(new Ask("w1/1/1", 3, 600, 300, List.of()));
        assertThat(book.nextAsk(at(100))).as("an answer is awaited").isEmpty();

        grant(ask, 2, -1, 200);
        assertThat(served).containsExactly(3, 1);
    }

    @Test
    void a_lease_ends_by_the_time_it_was_asked_for_not_by_the_time_it_came() {
        Waiter first = enter(1, 0, 100);
        Ask ask = book.nextAsk(at(0)).orElseThrow();

        grant(ask, 5, -1, 2_999);
        assertThat(first.permit()).isNotNull();
        enter(2, 0, 100);
        book.serve(at(3_000));

        assertThat(served).containsExactly(1);
    }

    @Test
    void an_answer_that_comes_too_late_permits_nothing_and_is_returned() {
        enter(1, 0, 100);
        Ask late = book.nextAsk(at(0)).orElseThrow();
        Ask again = book.nextAsk(at(3_000)).orElseThrow();

        grant(late, 5, -1, 3_100);
        assertThat(served).isEmpty();
        grant(again, 0, 0, 3_200);

        assertThat(uses(4_000)).contains(new Use("w1/1/1", 0, 0, Duration.ZERO));
    }

    @Test
    void what_is_not_used_is_returned_once_the_lease_is_over() {
        enter(1, 0, 100);
        Ask ask = book.nextAsk(at(0)).orElseThrow();
        grant(ask, 4, 1_000, 400);
        assertThat(book.nextAsk(at(2_000))).as("nobody waits, and two are left").isEmpty();

        assertThat(uses(3_600)).containsExactly(new Use("w1/1/1", 1, 100, Duration.ofMillis(400)));
    }

    @Test
    void tokens_are_settled_when_they_are_known() {
        Waiter waiter = enter(1, 0, 500);
        Ask ask = book.nextAsk(at(0)).orElseThrow();
        grant(ask, 1, 500, 100);
        Permit permit = waiter.permit();
        assertThat(uses(700)).containsExactly(new Use("w1/1/1", 1, 500, Duration.ofMillis(100)));

        book.settle(permit, at(150), 320L, at(5_000));

        assertThat(uses(5_600)).containsExactly(new Use("w1/1/1", 1, 320, Duration.ofMillis(150)));
        assertThat(book.nextAsk(at(20_000))).as("there is nothing more to say").isEmpty();
    }

    @Test
    void an_attempt_whose_tokens_nobody_counted_costs_what_was_reserved() {
        Waiter waiter = enter(1, 0, 500);
        grant(book.nextAsk(at(0)).orElseThrow(), 1, 500, 100);
        uses(700);

        book.settle(waiter.permit(), at(100), null, at(5_000));

        assertThat(book.nextAsk(at(20_000))).isEmpty();
    }

    @Test
    void a_permit_that_is_given_back_serves_the_next_while_its_lease_lasts() {
        Waiter first = enter(1, 0, 100);
        enter(2, 0, 100);
        enter(3, 0, 100);
        grant(book.nextAsk(at(0)).orElseThrow(), 2, 200, 100);
        assertThat(served).containsExactly(1, 2);

        // the lease is used up, so what it returns goes to whoever grants
        book.giveBack(first.permit(), at(200));
        book.serve(at(200));
        assertThat(served).containsExactly(1, 2);
        assertThat(book.nextAsk(at(400)).orElseThrow().uses())
                .containsExactly(new Use("w1/1/1", 1, 100, Duration.ofMillis(100)));
    }

    @Test
    void who_does_not_fit_into_what_is_left_waits_for_a_lease_that_is_large_enough() {
        enter(1, 0, 100);
        grant(book.nextAsk(at(0)).orElseThrow(), 2, 150, 100);
        enter(2, 0, 100);
        book.serve(at(400));
        assertThat(served).containsExactly(1);

        Ask more = book.nextAsk(at(400)).orElseThrow();
        assertThat(more.firstTokens()).isEqualTo(100);
        grant(more, 1, 100, 500);
        assertThat(served).containsExactly(1, 2);
    }

    @Test
    void an_attempt_larger_than_the_quota_takes_a_lease_of_its_own() {
        enter(1, 0, 9_000);

        grant(book.nextAsk(at(0)).orElseThrow(), 1, 1_000, 100);

        assertThat(served).containsExactly(1);
    }

    @Test
    void comes_back_no_sooner_than_it_was_told() {
        enter(1, 0, 100);
        Ask ask = book.nextAsk(at(0)).orElseThrow();
        book.granted(ask.leaseId(), 0, 0, VALID, Duration.ofSeconds(2), at(100));

        assertThat(book.nextAsk(at(2_099))).isEmpty();
        assertThat(book.nextAsk(at(2_100))).isPresent();
    }

    @Test
    void asks_ahead_while_attempts_follow_each_other() {
        for (int i = 0; i < 10; i++) {
            enter(i, 0, 100);
        }
        grant(book.nextAsk(at(0)).orElseThrow(), 14, -1, 100);
        assertThat(served).hasSize(10);

        assertThat(book.nextAsk(at(400)).orElseThrow().requests()).as("ten in the last second, four left").isEqualTo(6);
    }

    @Test
    void returns_everything_at_its_end() {
        enter(1, 0, 100);
        grant(book.nextAsk(at(0)).orElseThrow(), 5, 1_000, 100);

        assertThat(book.close(at(200)).orElseThrow().uses())
                .containsExactly(new Use("w1/1/1", 1, 100, Duration.ofMillis(100)));
        assertThat(book.close(at(300))).isEmpty();
    }

    private Waiter enter(int number, int priority, long tokens) {
        return book.enter(priority, tokens, () -> served.add(number));
    }

    private void grant(Ask ask, int requests, long tokens, long atMillis) {
        book.granted(ask.leaseId(), requests, tokens, VALID, WAIT, at(atMillis));
        book.serve(at(atMillis));
    }

    private List<Use> uses(long atMillis) {
        return book.nextAsk(at(atMillis)).map(Ask::uses).orElse(List.of());
    }

    private static long at(long millis) {
        return millis * 1_000_000;
    }
}
