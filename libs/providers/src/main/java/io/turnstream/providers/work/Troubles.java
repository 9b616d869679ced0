package io.turnstream.providers.work;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.turnstream.contracts.AskJudge;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.RunFaultReported;
import io.turnstream.events.Texts;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelReply.Failed;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Which of the attempts that fail inside of calls are news for their run: the first at once, another trouble after two
/// seconds, the same again after ten. Hundreds of calls can fail in the same second, and fail the same way.
final class Troubles {

    private static final Logger LOG = Logger.getLogger(Troubles.class);
    private static final Duration ANOTHER = Duration.ofSeconds(2);
    private static final Duration THE_SAME = Duration.ofSeconds(10);
    private static final int MOST_RUNS = 1_000;

    private final Clock clock;
    private final Cache<String, Told> told = Caffeine.newBuilder().maximumSize(MOST_RUNS)
            .expireAfterWrite(Duration.ofMinutes(10)).build();

    private record Told(FailureCause cause, long atMillis) {}

    Troubles(Clock clock) {
        this.clock = clock;
    }

    /// What to tell the request's run of a failed attempt; empty where it has heard of it.
    Optional<RunFaultReported> news(WorkItem item, Failed failed) {
        long now = clock.millis();
        Told fresh = new Told(failed.cause(), now);
        Told latest = told.asMap().compute(item.controlKey(),
                (key, before) -> before == null || isNews(before, fresh) ? fresh : before);
        if (latest != fresh) {
            return Optional.empty();
        }
        LOG.warnf("Run %s: %s. Trying again.", item.subject().getRunId(), failed.message());
        return Optional.of(new RunFaultReported(item.causes(now), item.subject().getRunId(),
                failed.cause() == FailureCause.RATE_LIMITED ? DeferralReason.QUOTA : DeferralReason.CIRCUIT_OPEN,
                failed.message(), setOf(item),
                Texts.ofNullable(failed.providerMessage())));
    }

    private static boolean isNews(Told before, Told now) {
        Duration pause = before.cause() == now.cause() ? THE_SAME : ANOTHER;
        return now.atMillis() - before.atMillis() >= pause.toMillis();
    }

    /// The judgement set that was asked for later; the run's own judge is the run's business.
    private static @Nullable String setOf(WorkItem item) {
        return item.request() instanceof AskJudge ask && ask.getRound() != null ? ask.getJudgementSetId() : null;
    }
}
