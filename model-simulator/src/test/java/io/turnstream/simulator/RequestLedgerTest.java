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
}
