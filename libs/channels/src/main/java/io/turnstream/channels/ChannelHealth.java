package io.turnstream.channels;

import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.providers.extension.HealthCenter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What the connector says of this process's channels, for those who watch over them without asking its health page.
@ApplicationScoped
public class ChannelHealth {

    private final Supplier<HealthReport> liveness;

    @Inject
    ChannelHealth(HealthCenter center) {
        this(center::getLiveness);
    }

    ChannelHealth(Supplier<HealthReport> liveness) {
        this.liveness = liveness;
    }

    /// Which channels have ended, and why; empty where none has.
    public Optional<String> trouble() {
        String trouble = liveness.get().getChannels().stream().filter(channel -> !channel.isOk())
                .map(channel -> "the channel " + channel.getChannel() + " has ended"
                        + (channel.getMessage() == null ? "" : ": " + channel.getMessage()))
                .collect(Collectors.joining("; "));
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }
}
