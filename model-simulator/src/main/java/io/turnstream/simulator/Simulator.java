package io.turnstream.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// An OpenAI-compatible server on a port of its own, answering as scripted personas.
///
/// ```java
/// try (Simulator simulator = Simulator.start(SimulatorSettings.defaults())) {
///     client.baseUrl(simulator.baseUrl());   // http://127.0.0.1:<port>/v1
/// }
/// ```
///
/// All calls are served by one event loop; latency is a timer, so thousands of calls may be waiting at no cost. Nothing
/// is kept on disk.
public final class Simulator implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Simulator.class.getName());
    private static final long MAX_BODY_BYTES = 64L << 20;
    private static final int PATIENCE_SECONDS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx;
    private final HttpServer server;
    private final ChatEndpoint chat;
    private final String host;
    private final byte[] modelList;
    private final Context loop;

    private Simulator(Vertx vertx, SimulatorSettings settings) {
        this.vertx = vertx;
        this.host = settings.host();
        this.loop = vertx.getOrCreateContext();
        this.chat = new ChatEndpoint(vertx, System::nanoTime, settings);
        this.modelList = modelList();
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setAcceptBacklog(4096)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true));
    }

    /// Starts a simulator with an event loop of its own and waits until it listens.
    ///
    /// @throws IllegalStateException if it cannot listen, with the address in the message
    public static Simulator start(SimulatorSettings settings) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        try {
            return new Simulator(vertx, settings).listen(settings);
        } catch (RuntimeException e) {
            await(vertx.close().toCompletionStage().toCompletableFuture());
            throw e;
        }
    }

    public int port() {
        return server.actualPort();
    }

    /// What an OpenAI client takes as its base URL: `http://host:port/v1`.
    public URI baseUrl() {
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/v1");
    }

    public SimulatorSettings settings() {
        return onLoop(chat::settings);
    }

    /// Replaces the settings from the next call on; host and port stay what they were.
    public void apply(SimulatorSettings settings) {
        onLoop(() -> {
            chat.apply(settings);
            return settings;
        });
    }

    public SimulatorStats stats() {
        return onLoop(chat::stats);
    }

    public void resetStats() {
        onLoop(() -> {
            chat.reset();
            return "";
        });
    }

    /// Stops listening and cuts all connections, those of waiting calls included.
    @Override
    public void close() {
        await(server.close().toCompletionStage().toCompletableFuture());
        await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    private Simulator listen(SimulatorSettings settings) {
        CompletableFuture<HttpServer> listening = new CompletableFuture<>();
        loop.runOnContext(started -> server.requestHandler(this::route).listen().onComplete(result -> {
            if (result.succeeded()) {
                listening.complete(result.result());
            } else {
                listening.completeExceptionally(result.cause());
            }
        }));
        try {
            await(listening);
            return this;
        } catch (IllegalStateException e) {
            String why = e.getCause() instanceof BindException
                    ? "the port is in use or not allowed"
                    : String.valueOf(e.getMessage());
            throw new IllegalStateException("The simulator cannot listen on " + settings.host() + ":" + settings.port()
                    + ": " + why + ". Choose another port (0 picks a free one).", e);
        }
    }

    private void route(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        if (length != null && length.length() > 7 && Long.parseLong(length) > MAX_BODY_BYTES) {
            ApiError error = ApiError.tooLarge(Long.parseLong(length), MAX_BODY_BYTES);
            request.response().setStatusCode(error.status()).putHeader("Connection", "close")
                    .putHeader("Content-Type", "application/json").end(Buffer.buffer(error.body()));
            return;
        }
        String path = request.path();
        if (request.method() == HttpMethod.POST && path.equals("/v1/chat/completions")) {
            request.body().onSuccess(body -> complete(request, body));
        } else if (request.method() == HttpMethod.PUT && path.equals("/settings")) {
            request.body().onSuccess(body -> change(request, body));
        } else if (request.method() == HttpMethod.GET && path.equals("/settings")) {
            json(request, 200, Buffer.buffer(chat.settings().toJson()));
        } else if (request.method() == HttpMethod.GET && path.equals("/v1/models")) {
            boolean authorized = chat.authorized(request);
            json(request, authorized ? 200 : 401, Buffer.buffer(authorized ? modelList : ApiError.wrongKey().body()));
        } else if (request.method() == HttpMethod.GET && path.equals("/stats")) {
            json(request, 200, Buffer.buffer(bytes(chat.stats())));
        } else if (request.method() == HttpMethod.POST && path.equals("/stats/reset")) {
            chat.reset();
            request.response().setStatusCode(204).end();
        } else {
            json(request, 404, Buffer.buffer(ApiError.noSuchPath(request.method().name(), path).body()));
        }
    }

    /// A fault of the simulator itself must not look like a provider that never answers.
    private void complete(HttpServerRequest request, Buffer body) {
        try {
            chat.handle(request, body);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The simulator failed on a request", e);
            if (!request.response().ended()) {
                json(request, 500, Buffer.buffer(ApiError.ownFailure(e).body()));
            }
        }
    }

    private void change(HttpServerRequest request, Buffer body) {
        try {
            chat.apply(chat.settings().merged(body.toString()));
            json(request, 200, Buffer.buffer(chat.settings().toJson()));
        } catch (IllegalArgumentException e) {
            json(request, 400, Buffer.buffer(
                    ApiError.badRequest(String.valueOf(e.getMessage()), null, "invalid_settings").body()));
        }
    }

    private static void json(HttpServerRequest request, int status, Buffer body) {
        request.response().setStatusCode(status).putHeader("Content-Type", "application/json").end(body);
    }

    private static byte[] modelList() {
        List<Map<String, Object>> entries = Persona.ALL.stream()
                .map(listed -> Map.<String, Object>of("id", listed.name(), "object", "model", "created", 1_767_225_600,
                        "owned_by", "turnstream-simulator"))
                .toList();
        return bytes(Map.of("object", "list", "data", entries));
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers and names is always JSON", e);
        }
    }

    private <T> T onLoop(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (Vertx.currentContext() == loop) {
            return work.get();
        }
        loop.runOnContext(started -> result.complete(work.get()));
        return await(result);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer from the event loop within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
