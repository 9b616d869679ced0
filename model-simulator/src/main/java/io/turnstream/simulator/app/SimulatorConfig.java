package io.turnstream.simulator.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Settings of the simulator from the environment, such as `TURNSTREAM_SIMULATOR_LATENCY_FIXED_MILLIS=50`.
///
/// The common settings have a property each. Everything, overrides by model included, can be given as JSON in
/// `TURNSTREAM_SIMULATOR_SETTINGS`, in the form that `PUT /settings` takes; it is laid over the others.
@ConfigMapping(prefix = "turnstream.simulator")
public interface SimulatorConfig {

    /// Whether the simulator starts with the application.
    @WithDefault("true")
    boolean enabled();

    /// The address to listen on; a container needs `0.0.0.0`.
    @WithDefault("127.0.0.1")
    String host();

    /// The port to listen on; 0 picks a free one.
    @WithDefault("8089")
    int port();

    /// The bearer token that calls must carry; without it everybody is let in.
    Optional<String> apiKey();

    /// The root of all chance.
    OptionalLong seed();

    /// Whether each answer differs from every other.
    @WithDefault("false")
    boolean fresh();

    /// Most calls in flight before 429; 0 is no limit.
    OptionalInt maxInFlight();

    /// Most calls admitted in any 60 s before 429; 0 is no limit.
    OptionalInt requestsPerMinute();

    /// How long answers take.
    LatencyConfig latency();

    /// How often what goes wrong.
    FaultConfig faults();

    /// Settings as a JSON object, laid over all the others.
    Optional<String> settings();

    /// How long answers take, in milliseconds.
    interface LatencyConfig {

        /// The least time.
        @WithDefault("0")
        int fixedMillis();

        /// Up to so much is added.
        @WithDefault("0")
        int jitterMillis();
    }

    /// Shares of calls, 0 to 1.
    interface FaultConfig {

        /// 429 with `Retry-After`.
        @WithDefault("0")
        double rateLimited();

        /// 500.
        @WithDefault("0")
        double serverError();

        /// Never answered.
        @WithDefault("0")
        double hang();

        /// Connection cut within the body.
        @WithDefault("0")
        double truncated();

        /// A body that is no JSON.
        @WithDefault("0")
        double malformed();

        /// An empty text.
        @WithDefault("0")
        double empty();
    }
}
