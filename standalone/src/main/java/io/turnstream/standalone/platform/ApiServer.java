package io.turnstream.standalone.platform;

import io.turnstream.console.Platform;
import io.turnstream.console.Upkeep;
import io.turnstream.standalone.cli.Place;
import java.util.function.ToIntFunction;

/// Runs something while the REST API can be served beside it.
interface ApiServer {

    /// The API, not yet open to anybody.
    interface Api {

        /// The port it has on loopback.
        int port();

        /// Lets callers in who have the token.
        void open(Platform platform, Upkeep upkeep, String token);

        /// Lets nobody in any more.
        void close();
    }

    /// Starts a server, runs `body`, and stops it.
    ///
    /// @param place says which port to listen on and where logs go
    /// @return what `body` returned
    int around(Place place, ToIntFunction<Api> body);
}
