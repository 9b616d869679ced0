package io.turnstream.standalone.platform;

import io.turnstream.console.Platform;
import io.turnstream.console.Upkeep;
import io.turnstream.messaging.KafkaConnection;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.standalone.cli.Place;
import io.turnstream.standalone.cli.Platforms;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;

/// Runs something while the REST API can be served beside it, with the channels of this process's services.
interface ApiServer {

    /// Which channels run.
    ///
    /// @param broker where they lead, once it has its topics; they start no sooner
    /// @param projection which generation is the live one, once that is known
    /// @param work who may be called
    record ChannelPlan(
            CompletableFuture<KafkaConnection> broker, CompletableFuture<ProjectionGeneration> projection,
            Platforms.Work work) {

        boolean toModels() {
            return work == Platforms.Work.CALLS;
        }

        boolean toJudges() {
            return work != Platforms.Work.NO_CALLS;
        }
    }

    /// The API, not yet open to anybody, and the services with channels, which wait to be opened.
    interface Api {

        /// The port it has on loopback.
        int port();

        /// The services that have channels: each runs only where the plan says so.
        Services.OnChannels services();

        /// Lets callers in who have the token.
        void open(Platform platform, Upkeep upkeep, String token);

        /// Lets nobody in any more.
        void close();
    }

    /// Starts a server, runs `body`, and stops it.
    ///
    /// @param place says which port to listen on and where logs go
    /// @return what `body` returned
    int around(Place place, ChannelPlan channels, ToIntFunction<Api> body);
}
