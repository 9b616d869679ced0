package io.turnstream.console;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.turnstream.channels.ChannelWriter;
import io.turnstream.messaging.EventWriter;
import io.turnstream.messaging.ServiceKafka;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Function;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// Where orders and commands go out: the channel [#CHANNEL], configured by `mp.messaging`.
@ApplicationScoped
public class RunCommands {

    /// The channel's name.
    public static final String CHANNEL = "run-commands";

    private final Function<ServiceKafka, EventWriter> writers;

    /// Whoever writes waits for it, so that callers bound what is under way.
    @Inject
    RunCommands(@Channel(CHANNEL) @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> commands) {
        this(kafka -> new ChannelWriter(commands, kafka));
    }

    public RunCommands(Function<ServiceKafka, EventWriter> writers) {
        this.writers = writers;
    }

    /// Writes as a service does.
    public EventWriter over(ServiceKafka kafka) {
        return writers.apply(kafka);
    }
}
