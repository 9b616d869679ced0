package io.turnstream.standalone.platform;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import io.turnstream.channels.ChannelHealth;
import io.turnstream.channels.Channels;
import io.turnstream.console.Platform;
import io.turnstream.console.RunCommands;
import io.turnstream.console.ServedPlatform;
import io.turnstream.console.Upkeep;
import io.turnstream.dispatch.TranscriptReplayer;
import io.turnstream.embedded.CannotStartException;
import io.turnstream.judgeworker.JudgeWorker;
import io.turnstream.loader.DatasetLoader;
import io.turnstream.metrics.MetricsAggregator;
import io.turnstream.metrics.sink.SinkChannels;
import io.turnstream.modelworker.ModelWorker;
import io.turnstream.standalone.cli.Place;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jspecify.annotations.Nullable;

/// The REST API on loopback, served by the Quarkus application that this program is.
final class QuarkusApi implements ApiServer {

    private static final AtomicReference<@Nullable ToIntFunction<Api>> BODY = new AtomicReference<>();
    private static final AtomicReference<@Nullable ChannelPlan> CHANNELS = new AtomicReference<>();
    private static final AtomicReference<@Nullable RuntimeException> FAILURE = new AtomicReference<>();

    private static final ErrorManager NOBODY = new ErrorManager() {
        @Override
        public void error(String message, Exception failure, int code) { /* nobody can act on it */ }
    };

    @Override
    public int around(Place place, ChannelPlan channels, ToIntFunction<Api> body) {
        requireFree(place.port());
        System.setProperty("quarkus.http.port", Integer.toString(place.port()));
        System.setProperty("quarkus.http.host", "127.0.0.1");
        System.setProperty("quarkus.log.file.path", place.home().logs().resolve("turnstream.log").toString());
        System.setProperty("quarkus.log.console.enabled", Boolean.toString(place.debug()));
        CHANNELS.set(channels);
        BODY.set(body);
        FAILURE.set(null);
        int[] code = {ExitCodes.UNSTARTED};
        Throwable[] unstarted = {null};
        Quarkus.run(Body.class, (exit, failure) -> {
            code[0] = exit;
            unstarted[0] = failure;
        });
        RuntimeException failure = FAILURE.get();
        if (failure != null) {
            throw failure;
        }
        if (unstarted[0] != null) {
            throw new IllegalStateException("the platform's API could not start: " + unstarted[0].getMessage(),
                    unstarted[0]);
        }
        return code[0];
    }

    private static void requireFree(int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            probe.setReuseAddress(true);
        } catch (IOException e) {
            throw new CannotStartException("Port " + port + " is in use", "--port",
                    "Choose another one, or leave the flag out for a free one.", e);
        }
    }

    /// Whoever cannot write to the log file, because the disk is full, say, prints stack traces unless told otherwise.
    private static void keepQuiet(Handler[] handlers) {
        for (Handler handler : handlers) {
            handler.setErrorManager(NOBODY);
            if (handler instanceof ExtHandler outer) {
                keepQuiet(outer.getHandlers());
            }
        }
    }

    private static final class ExitCodes {
        private static final int UNSTARTED = 3;

        private ExitCodes() {}
    }

    /// Lets the channels start that a command needs, once the broker has its topics. The rest of Quarkus starts beside
    /// the broker.
    @ApplicationScoped
    static class ChannelStart {

        private final Channels clients;
        private final SinkChannels sinks;

        ChannelStart(Channels clients, SinkChannels sinks) {
            this.clients = clients;
            this.sinks = sinks;
        }

        void await(@Observes @Priority(Channels.BEFORE_THEY_START) StartupEvent event) {
            ChannelPlan channels = java.util.Objects.requireNonNull(CHANNELS.get());
            boolean reached = channels.broker().handle((broker, failure) -> {
                if (broker != null) {
                    clients.reach(broker);
                    MetricsAggregator.prepare(sinks, channels.projection().join());
                }
                // who waits for the broker tells why there is none
                return broker != null;
            }).join();
            enable(ModelWorker.REQUESTS, ModelWorker.ANSWERS, reached && channels.toModels());
            enable(DatasetLoader.RUNS, DatasetLoader.DIALOGUES, reached && channels.toModels());
            enable(TranscriptReplayer.SETS, TranscriptReplayer.TRANSCRIPTS, reached);
            enable(RunCommands.CHANNEL, reached);
            enable(JudgeWorker.REQUESTS, JudgeWorker.ANSWERS, reached && channels.toJudges());
            SinkChannels.names().forEach(sink -> enableIncoming(sink, reached));
        }

        private static void enable(String incoming, String outgoing, boolean enabled) {
            enableIncoming(incoming, enabled);
            enable(outgoing, enabled);
        }

        private static void enableIncoming(String incoming, boolean enabled) {
            System.setProperty("mp.messaging.incoming." + incoming + ".enabled", Boolean.toString(enabled));
        }

        private static void enable(String outgoing, boolean enabled) {
            System.setProperty("mp.messaging.outgoing." + outgoing + ".enabled", Boolean.toString(enabled));
        }
    }

    /// The services that have channels.
    @Singleton
    static class Connected {

        private final Services.OnChannels services;

        Connected(
                ModelWorker models, JudgeWorker judges, DatasetLoader loader, TranscriptReplayer replayer,
                RunCommands commands,
                SinkChannels sinks, ChannelHealth health) {
            services = new Services.OnChannels(models, judges, loader, replayer, commands, sinks, health::trouble);
        }
    }

    /// What runs once the server listens.
    public static final class Body implements QuarkusApplication {

        private final ServedPlatform served;
        private final HttpServer server;
        private final Connected connected;

        Body(ServedPlatform served, HttpServer server, Connected connected) {
            this.served = served;
            this.server = server;
            this.connected = connected;
        }

        @Override
        public int run(String... arguments) {
            ToIntFunction<Api> body = java.util.Objects.requireNonNull(BODY.get());
            keepQuiet(Logger.getLogger("").getHandlers());
            try {
                return body.applyAsInt(new Api() {
                    @Override
                    public int port() {
                        return server.getPort();
                    }

                    @Override
                    public Services.OnChannels services() {
                        return connected.services;
                    }

                    @Override
                    public void open(Platform platform, Upkeep upkeep, String token) {
                        served.open(platform, upkeep, Optional.of(token));
                    }

                    @Override
                    public void close() {
                        served.close();
                    }
                });
            } catch (RuntimeException e) {
                FAILURE.set(e);
                return ExitCodes.UNSTARTED;
            }
        }
    }
}
