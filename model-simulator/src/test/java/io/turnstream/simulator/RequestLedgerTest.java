package io.turnstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestLedgerTest {

    @Test
    void it_remembers_many_requests() {
        RequestLedger ledger = new RequestLedger();
        for (long request = 0; request < 5000; request++) {
            ledger.seen(request * 7);
        }
        ledger.succeeded(0);
        ledger.faulted(7);
        ledger.faulted(7);

        assertThat(ledger.size()).isEqualTo(5000);
        assertThat(ledger.seen(0)).isEqualTo(1);
        assertThat(ledger.hasSucceeded(0)).isTrue();
        assertThat(ledger.hasSucceeded(7)).isFalse();
        assertThat(ledger.faultsInARow(7)).isEqualTo(2);
        ledger.spared(7);
        assertThat(ledger.faultsInARow(7)).isZero();
        assertThat(ledger.seen(7)).isEqualTo(1);
    }

    @Test
    void asking_leaves_no_trace_and_every_change_may_be_the_one_that_makes_it_grow() {
        RequestLedger ledger = new RequestLedger();
        for (long request = 1; request <= 20_000; request++) {
            assertThat(ledger.hasSucceeded(request)).isFalse();
            assertThat(ledger.faultsInARow(request)).isZero();
            switch ((int) (request % 3)) {
                case 0 -> ledger.succeeded(request);
                case 1 -> ledger.faulted(request);
                default -> ledger.spared(request);
            }
            assertThat(ledger.size()).isEqualTo((int) request);
        }
        for (long request = 1; request <= 20_000; request++) {
            assertThat(ledger.hasSucceeded(request)).isEqualTo(request % 3 == 0);
            assertThat(ledger.faultsInARow(request)).isEqualTo(request % 3 == 1 ? 1 : 0);
        }
    }
}
