package io.turnstream.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.contracts.AskLease;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.LeaseGranted;
import io.turnstream.contracts.LeaseUse;
import io.turnstream.contracts.QuotaScope;
import io.turnstream.events.Topics;
import io.turnstream.messaging.EventSerde;
import io.turnstream.messaging.SchemaIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The grantor within the dispatcher's topology: questions in, leases out, by the times of the questions' records. A
/// window is a minute, a lease lives 3 s, the margin is 2 s.
class QuotaGrantorTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final QuotaScope KEY_60 = new QuotaScope("key", 60, null);

    private final EventSerde serde = new EventSerde(SchemaIds.byPosition());
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, SpecificRecord> asks;
    private final TestOutputTopic<String, SpecificRecord> leases;
    private int questions;

    QuotaGrantorTest() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "quota-test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        driver = new TopologyTestDriver(
                DispatcherTopology.build(serde, UnaryOperator.identity(), Stores::inMemoryKeyValueStore), properties,
                START);
        asks = driver.createInputTopic(Topics.QUOTA_ASKS.topicName(), new StringSerializer(), serde.serializer());
        leases = driver.createOutputTopic(Topics.QUOTA_LEASES.topicName(), new StringDeserializer(),
                serde.deserializer());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void a_lease_names_who_asked_and_holds_no_more_than_a_share_of_what_its_life_brings() {
        LeaseGranted lease = ask("w1", 0, 100, KEY_60);

        // 60 a minute bring 1.5 in half a life of 3 s
        assertThat(lease.getRequests()).isEqualTo(2);
        assertThat(lease.getTokens()).as("not limited").isEqualTo(-1);
        assertThat(lease.getValidMillis()).isEqualTo(3_000);
        assertThat(lease.getWorker()).isEqualTo("w1");
        assertThat(lease.getLeaseId()).isEqualTo("w1/1/1");
        assertThat(lease.getMeta().getCauseId()).isEqualTo("e1");
    }

    @Test
    void a_twelfth_of_the_quota_is_all_that_a_twelfth_of_the_window_gets() {
        int granted = 0;
        for (int i = 0; i < 40; i++) {
            granted += ask("w1", i * 100, 100, KEY_60).getRequests();
        }

        assertThat(granted).isEqualTo(5);
    }

    @Test
    void the_lease_of_a_dead_worker_counts_until_a_window_after_its_last_attempt_could_have_arrived() {
        QuotaScope one = new QuotaScope("key", 1, null);
        assertThat(ask("w1", 0, 1, one).getRequests()).isEqualTo(1);

        assertThat(ask("w2", 60_000, 1, one).getRequests()).isZero();
        assertThat(ask("w2", 64_999, 1, one).getRequests()).isZero();
        assertThat(ask("w2", 65_000, 1, one).getRequests()).isEqualTo(1);
    }

    @Test
    void what_a_worker_returns_is_granted_again_at_once_and_what_it_used_early_is_free_earlier() {
        QuotaScope two = new QuotaScope("key", 2, null);
        assertThat(ask("w1", 0, 1, two).getRequests()).isEqualTo(1);
        assertThat(ask("w1", 30_000, 1, two).getRequests()).isEqualTo(1);
        assertThat(ask("w2", 30_100, 1, two).getRequests()).isZero();

        report("w1", 30_200, new LeaseUse("w1/1/2", 0, 0L, 0L));
        assertThat(ask("w2", 30_300, 1, two).getRequests()).isEqualTo(1);

        // sent 0.4 s after it was asked for at 0: free at 0.4 + 2 + 60 s
        report("w1", 40_000, new LeaseUse("w1/1/1", 1, 100L, 400L));
        assertThat(ask("w2", 62_399, 1, two).getRequests()).isZero();
        assertThat(ask("w2", 62_400, 1, two).getRequests()).isEqualTo(1);
    }

    @Test
    void a_report_is_not_answered_and_may_come_twice() {
        ask("w1", 0, 1, KEY_60);

        report("w1", 100, new LeaseUse("w1/1/1", 1, 10L, 50L));
        report("w1", 200, new LeaseUse("w1/1/1", 1, 10L, 50L));
        report("w1", 300, new LeaseUse("unknown", 7, 10L, 50L));

        assertThat(leases.isEmpty()).isTrue();
    }

    @Test
    void the_smaller_of_two_limits_holds_for_all_who_share_the_key() {
        int granted = 0;
        for (int second = 0; second < 60; second++) {
            granted += ask("w1", second * 1_000, 10, KEY_60).getRequests();
            granted += ask("w2", second * 1_000 + 500, 10, new QuotaScope("key", 20, null)).getRequests();
        }

        // before the smaller was stated, two had been granted under the larger
        assertThat(granted).isBetween(18, 20);
    }

    @Test
    void a_scope_of_its_own_binds_only_those_who_count_in_it() {
        QuotaScope judges = new QuotaScope("judge", 12, null);
        int models = 0;
        int judged = 0;
        for (int second = 0; second < 60; second++) {
            models += ask("w1", second * 1_000, 10, KEY_60).getRequests();
            judged += ask("w2", second * 1_000 + 500, 10, new QuotaScope("key", null, null), judges).getRequests();
        }

        assertThat(judged).isBetween(11, 12);
        assertThat(models + judged).as("the key's own").isBetween(57, 60);
    }

    @Test
    void another_key_has_another_quota() {
        assertThat(ask("w1", 0, 1, new QuotaScope("key", 1, null)).getRequests()).isEqualTo(1);

        AskLease other = question("w1", 1, 10, List.of(), new QuotaScope("key", 1, null));
        other.setGroup("other");
        assertThat(grant("other", other, 100).getRequests()).isEqualTo(1);
    }

    @Test
    void who_waits_longest_is_served_first() {
        QuotaScope six = new QuotaScope("key", 6, null);
        assertThat(ask("w1", 0, 9, six).getRequests()).isEqualTo(1);
        LeaseGranted second = ask("w2", 9_000, 9, six);
        assertThat(second.getRequests()).isZero();
        assertThat(second.getWaitMillis()).as("the next is due at 10 s").isEqualTo(1_000);

        // w1 comes first, but w2 came earlier
        assertThat(ask("w1", 10_000, 9, six).getRequests()).isZero();
        assertThat(ask("w2", 10_001, 9, six).getRequests()).isEqualTo(1);
    }

    @Test
    void who_waits_and_never_comes_back_holds_up_nobody_for_long() {
        QuotaScope six = new QuotaScope("key", 6, null);
        ask("w1", 0, 9, six);
        ask("w2", 9_000, 9, six);

        assertThat(ask("w1", 10_000, 9, six).getRequests()).isZero();
        assertThat(ask("w1", 13_100, 9, six).getRequests()).isEqualTo(1);
    }

    @Test
    void tokens_are_reserved_and_settled() {
        QuotaScope tokens = new QuotaScope("key", null, 1_200L);
        LeaseGranted first = ask("w1", 0, 1, 900, tokens);
        assertThat(first.getRequests()).isEqualTo(1);
        assertThat(first.getTokens()).isEqualTo(900);
        assertThat(ask("w2", 59_000, 1, 900, tokens).getRequests()).as("300 are left").isZero();

        report("w1", 59_500, new LeaseUse("w1/1/1", 1, 200L, 100L));
        assertThat(ask("w2", 60_000, 1, 900, tokens).getTokens()).isEqualTo(900);
    }

    @Test
    void an_attempt_that_may_need_more_than_the_whole_quota_goes_alone() {
        QuotaScope tokens = new QuotaScope("key", null, 1_000L);

        assertThat(ask("w1", 0, 1, 5_000, tokens).getTokens()).isEqualTo(1_000);
        assertThat(ask("w2", 30_000, 1, 10, tokens).getRequests()).isZero();
        assertThat(ask("w2", 65_000, 1, 10, tokens).getRequests()).isEqualTo(1);
    }

    @Test
    void a_clock_that_goes_back_frees_nothing_and_blocks_nothing_for_ever() {
        QuotaScope one = new QuotaScope("key", 1, null);
        ask("w1", 3_600_000, 1, one);

        assertThat(ask("w2", 0, 1, one).getRequests()).isZero();
        assertThat(ask("w2", 64_999, 1, one).getRequests()).isZero();
        assertThat(ask("w2", 65_000, 1, one).getRequests()).isEqualTo(1);
    }

    @Test
    void a_clock_that_wavers_stands_still() {
        QuotaScope one = new QuotaScope("key", 1, null);
        ask("w1", 500, 1, one);

        assertThat(ask("w2", 0, 1, one).getRequests()).isZero();
        assertThat(ask("w2", 65_499, 1, one).getRequests()).isZero();
        assertThat(ask("w2", 65_500, 1, one).getRequests()).isEqualTo(1);
    }

    @Test
    void a_ledger_is_dropped_once_nothing_in_it_counts() {
        ask("w1", 0, 1, KEY_60);
        assertThat(driver.getKeyValueStore(DispatcherTopology.QUOTAS).get("sim")).isNotNull();

        report("w1", 65_001);

        assertThat(driver.getKeyValueStore(DispatcherTopology.QUOTAS).get("sim")).isNull();
    }

    private LeaseGranted ask(String worker, long atMillis, int requests, QuotaScope... scopes) {
        return ask(worker, atMillis, requests, 100, scopes);
    }

    private LeaseGranted ask(String worker, long atMillis, int requests, long tokensEach, QuotaScope... scopes) {
        return grant("sim", question(worker, requests, tokensEach, List.of(), scopes), atMillis);
    }

    private LeaseGranted grant(String group, AskLease ask, long atMillis) {
        asks.pipeInput(new TestRecord<>(group, ask, START.plus(Duration.ofMillis(atMillis))));
        return (LeaseGranted) leases.readValue();
    }

    private void report(String worker, long atMillis, LeaseUse... uses) {
        asks.pipeInput(new TestRecord<>("sim", question(worker, 0, 0, List.of(uses), KEY_60),
                START.plus(Duration.ofMillis(atMillis))));
    }

    private AskLease question(String worker, int requests, long tokensEach, List<LeaseUse> uses, QuotaScope... scopes) {
        questions++;
        return new AskLease(new EventMeta("e" + questions, null, null, 0L), "sim", worker, "1",
                worker + "/1/" + questions, requests,
                requests * tokensEach, (Long) tokensEach, new ArrayList<>(List.of(scopes)), uses);
    }
}
