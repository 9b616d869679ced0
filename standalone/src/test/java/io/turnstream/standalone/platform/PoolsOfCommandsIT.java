package io.turnstream.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.dispatch.TranscriptReplayer;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.loader.DatasetLoader;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.providers.Providers;
import io.turnstream.standalone.cli.Platforms;
import io.turnstream.standalone.home.RunningPlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which groups of services with channels a command joins.
class PoolsOfCommandsIT {

    private static final Set<String> ALL = Set.of(ModelWorker.POOL, JudgeWorker.POOL, DatasetLoader.GROUP,
            TranscriptReplayer.GROUP);

    @Test
    void commands_that_call_nobody_join_no_pool_those_that_judge_one_and_those_that_run_all(@TempDir Path folder) {
        HomeUnderTest home = new HomeUnderTest(folder);

        assertThat(joined(home, Platforms.Work.CALLS, ALL)).isEqualTo(ALL);
        // a set that was cancelled before its transcripts were read back ends once they are, whoever is called
        Set<String> judging = Set.of(JudgeWorker.POOL, TranscriptReplayer.GROUP);
        assertThat(joined(home, Platforms.Work.JUDGE_CALLS, judging)).isEqualTo(judging);
        assertThat(joined(home, Platforms.Work.NO_CALLS, Set.of(TranscriptReplayer.GROUP)))
                .containsExactly(TranscriptReplayer.GROUP);
    }

    @Test
    void commands_that_read_start_no_channel_and_so_join_no_group(@TempDir Path folder) {
        HomeUnderTest home = new HomeUnderTest(folder);
        assertThat(joined(home, Platforms.Work.NO_CALLS, Set.of(TranscriptReplayer.GROUP))).isNotEmpty();
        int before = home.channelsStarted();

        assertThat(home.platforms().<Integer>read(home.place(), reports -> reports.runs().size())).isZero();
        assertThat(home.platforms().<Boolean>log(home.place(), log -> log.runId("last").isPresent())).isFalse();
        assertThat(home.platforms().<Integer>deadLetters(home.place(), desk -> desk.letters().size())).isZero();

        assertThat(home.channelsStarted()).isEqualTo(before);
    }

    private static Set<String> joined(HomeUnderTest home, Platforms.Work work, Set<String> awaited) {
        Set<String> joined = new TreeSet<>();
        home.platforms().use(home.place(), work,
                new Platforms.Callees(Providers.of(List.of()), Providers.of(List.of()), true), reached -> {
                    String broker = RunningPlatform.on(home.layout()).orElseThrow().kafka();
                    HomeUnderTest.await("members of " + awaited, () -> pools(broker).containsAll(awaited));
                    joined.addAll(pools(broker));
                    return 0;
                });
        return joined;
    }

    private static Set<String> pools(String broker) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker))) {
            Set<String> joined = new TreeSet<>();
            Set<String> known = new TreeSet<>(
                    admin.listGroups().all().get().stream().map(group -> group.groupId()).toList());
            known.retainAll(ALL);
            for (ConsumerGroupDescription group : admin.describeConsumerGroups(known).all().get().values()) {
                if (!group.members().isEmpty()) {
                    joined.add(group.groupId());
                }
            }
            return joined;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
