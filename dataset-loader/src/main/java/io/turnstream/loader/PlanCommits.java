package io.turnstream.loader;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.turnstream.channels.TakenPartition;
import io.turnstream.channels.UnfinishedCommits;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.function.BiConsumer;

/// Commits the topic of runs up to the first request without a plan, and has plannings stopped whose partitions go.
public final class PlanCommits extends UnfinishedCommits {

    /// As in a channel's `commit-strategy`.
    static final String STRATEGY = "plans";

    private final Intake intake;

    private PlanCommits(Intake intake, KafkaConnectorIncomingConfiguration channel, Vertx vertx,
            KafkaConsumer<?, ?> consumer) {
        super(channel, vertx, consumer);
        this.intake = intake;
    }

    @Override
    protected void revoked(Collection<TakenPartition> gone) {
        intake.runs().drop(gone);
    }

    /// Makes one for each channel that names [#STRATEGY].
    @ApplicationScoped
    @Identifier(STRATEGY)
    public static class Factory implements KafkaCommitHandler.Factory {

        private final Intake intake;

        Factory(Intake intake) {
            this.intake = intake;
        }

        @Override
        public KafkaCommitHandler create(
                KafkaConnectorIncomingConfiguration channel, Vertx vertx, KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> report) {
            PlanCommits commits = new PlanCommits(intake, channel, vertx, consumer);
            intake.attach(commits);
            return commits;
        }
    }
}
