package io.turnstream.simulator;

import io.turnstream.simulator.ChatRequest.Image;
import io.turnstream.simulator.Persona.Listed;
import io.turnstream.simulator.SimulatedModel.Effective;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// `POST /v1/chat/completions`. Everything here runs on one event loop, so that counts and limits need no locks and
/// latency costs a timer and no thread.
final class ChatEndpoint {

    private static final String UNANSWERED = "unanswered";
    private static final int MODELS_REMEMBERED = 10_000;

    private final Vertx vertx;
    private final LongSupplier nanoClock;
    private final CallCounters total;
    private final RequestLedger requests = new RequestLedger();
    private final RequestLedger keys = new RequestLedger();
    private final RequestLedger images = new RequestLedger();
    private final Map<String, SimulatedModel> models = new HashMap<>();
    private final long firstNonce = new SecureRandom().nextLong() & 0xFFFF_FFFF_0000_0000L;
    private SimulatorSettings settings;
    private long admitted;

    ChatEndpoint(Vertx vertx, LongSupplier nanoClock, SimulatorSettings settings) {
        this.vertx = vertx;
        this.nanoClock = nanoClock;
        this.settings = settings;
        this.total = new CallCounters(settings.minuteMillis());
    }

    SimulatorSettings settings() {
        return settings;
    }

    void apply(SimulatorSettings changed) {
        settings = changed.listeningAt(settings.host(), settings.port());
        total.minuteLasts(settings.minuteMillis());
        models.values().forEach(model -> model.apply(settings));
    }

    SimulatorStats stats() {
        long now = nanoClock.getAsLong();
        Map<String, SimulatorStats.Counts> byModel = new TreeMap<>();
        models.forEach((name, model) -> byModel.put(name, model.counters().snapshot(now)));
        return new SimulatorStats(total.snapshot(now), byModel, requests.size(), images.size());
    }

    void reset() {
        long now = nanoClock.getAsLong();
        total.reset(now);
        models.values().forEach(model -> model.counters().reset(now));
        requests.clear();
        keys.clear();
        images.clear();
    }

    void handle(HttpServerRequest request, Buffer body) {
        long now = nanoClock.getAsLong();
        total.arrived(now);
        HttpServerResponse response = request.response();
        try {
            if (!authorized(request)) {
                throw new RequestRejected(ApiError.wrongKey());
            }
            ChatRequest chat = ChatRequestReader.read(body.getBytes());
            SimulatedModel model = model(chat.model());
            model.counters().arrived(now);
            try {
                Effective effective = model.effective();
                ApiError objection = effective.responder().objection(chat);
                if (objection != null) {
                    throw new RequestRejected(objection);
                }
                turnAway(model, effective, now);
                admit(request, chat, model, effective, now);
            } catch (RequestRejected e) {
                model.counters().answered(Integer.toString(e.error().status()));
                throw e;
            }
        } catch (RequestRejected e) {
            total.answered(Integer.toString(e.error().status()));
            send(response, e.error());
        }
    }

    boolean authorized(HttpServerRequest request) {
        String key = settings.apiKey();
        return key == null || ("Bearer " + key).equals(request.getHeader("Authorization"));
    }

    private SimulatedModel model(String name) throws RequestRejected {
        SimulatedModel known = models.get(name);
        if (known != null) {
            return known;
        }
        Listed listed = Persona.named(name);
        if (listed == null || models.size() >= MODELS_REMEMBERED) {
            throw new RequestRejected(ApiError.noSuchModel(name));
        }
        SimulatedModel model = new SimulatedModel(name, listed, settings);
        models.put(name, model);
        return model;
    }

    private void turnAway(SimulatedModel model, Effective effective, long now) throws RequestRejected {
        if (effective.down()) {
            limited(model, "down");
            throw new RequestRejected(ApiError.down(settings.retryAfterSeconds()));
        }
        CallCounters flying = effective.ownMaxInFlight() ? model.counters() : total;
        if (effective.maxInFlight() > 0 && flying.inFlight() >= effective.maxInFlight()) {
            limited(model, "maxInFlight");
            throw new RequestRejected(ApiError.rateLimited(model.name(),
                    effective.maxInFlight() + " in flight", settings.retryAfterSeconds()));
        }
        CallCounters minute = effective.ownPerMinute() ? model.counters() : total;
        long wait = effective.requestsPerMinute() > 0 ? minute.waitNanos(now, effective.requestsPerMinute()) : 0;
        if (wait > 0) {
            limited(model, "requestsPerMinute");
            throw new RequestRejected(ApiError.rateLimited(model.name(),
                    effective.requestsPerMinute() + " requests per minute", (int) Math.ceilDiv(wait, 1_000_000_000L)));
        }
    }

    private void limited(SimulatedModel model, String cause) {
        total.limited(cause);
        model.counters().limited(cause);
    }

    private void admit(HttpServerRequest request, ChatRequest chat, SimulatedModel model, Effective effective,
            long now) {
        long fingerprint = chat.fingerprint();
        int seen = requests.seen(fingerprint);
        long number = admitted++;
        Fault fault = effective.faultPlan().fault(fingerprint, seen, requests.faultsInARow(fingerprint));
        ProviderForm form = fault == null
                ? effective.faultPlan().form(fingerprint, seen, requests.faultsInARow(fingerprint))
                : null;
        boolean slow = effective.faultPlan().slow(fingerprint, seen);
        Completion completion = fault == Fault.EMPTY
                ? Completion.empty(chat.promptTokens())
                : effective.responder().answer(chat, fingerprint, seen, settings.fresh() ? firstNonce + number : null);
        if (form == ProviderForm.ONE_TEMPERATURE && (chat.temperature() == null || chat.temperature() == 1)
                || form == ProviderForm.VERDICT_QUOTES_THINK && !FormedAnswer.isVerdict(completion.text())) {
            form = null;
        }
        String key = request.getHeader("Idempotency-Key");
        long keyHash = key == null ? fingerprint : new Fingerprint().add(key).value();
        count(chat, model, fingerprint, keyHash, completion, fault, form, slow, now);
        Call call = new Call(request.response(), model, fingerprint, keyHash, completion, fault, form,
                chat.messages().getLast().text(), number);
        call.start(fault == Fault.RATE_LIMITED ? 0 : effective.faultPlan().latencyMillis(fingerprint, slow));
    }

    private void count(ChatRequest chat, SimulatedModel model, long fingerprint, long keyHash, Completion completion,
            @Nullable Fault fault, @Nullable ProviderForm form, boolean slow, long now) {
        CallCounters own = model.counters();
        long tokens = completion.promptTokens() + completion.completionTokens();
        total.admitted(now, fault == null ? tokens : 0);
        own.admitted(now, fault == null ? tokens : 0);
        if (requests.hasSucceeded(fingerprint)) {
            total.repeatedRequest();
            own.repeatedRequest();
        }
        if (keys.hasSucceeded(keyHash)) {
            total.repeatedKey();
            own.repeatedKey();
        }
        for (Image image : chat.images()) {
            images.seen(image.digest());
            total.image(image.base64Length());
            own.image(image.base64Length());
        }
        if (slow) {
            total.slow();
            own.slow();
        }
        if (fault == null && (form == null || !form.isPassing())) {
            requests.spared(fingerprint);
        } else {
            requests.faulted(fingerprint);
        }
        String wrong = fault != null ? fault.key() : form != null ? form.key() : null;
        if (wrong != null) {
            total.fault(wrong);
            own.fault(wrong);
        }
    }

    private static void send(HttpServerResponse response, ApiError error) {
        if (error.retryAfterSeconds() > 0) {
            response.putHeader("Retry-After", Integer.toString(error.retryAfterSeconds()));
        }
        response.setStatusCode(error.status()).putHeader("Content-Type", "application/json")
                .end(Buffer.buffer(error.body()));
    }

    /// An admitted call on its way: it ends once, by an answer or because its client left.
    private final class Call {

        private final HttpServerResponse response;
        private final SimulatedModel model;
        private final long fingerprint;
        private final long keyHash;
        private final Completion completion;
        private final @Nullable Fault fault;
        private final @Nullable ProviderForm form;
        private final String prompt;
        private final long number;
        private long timer = -1;
        private boolean ended;

        Call(HttpServerResponse response, SimulatedModel model, long fingerprint, long keyHash, Completion completion,
                @Nullable Fault fault, @Nullable ProviderForm form, String prompt, long number) {
            this.response = response;
            this.model = model;
            this.fingerprint = fingerprint;
            this.keyHash = keyHash;
            this.completion = completion;
            this.fault = fault;
            this.form = form;
            this.prompt = prompt;
            this.number = number;
        }

        void start(int latencyMillis) {
            long now = nanoClock.getAsLong();
            total.started(now);
            model.counters().started(now);
            if (latencyMillis == 0 && fault != Fault.HANG) {
                answer();
                return;
            }
            response.closeHandler(closed -> abandon());
            if (fault != Fault.HANG) {
                timer = vertx.setTimer(latencyMillis, fired -> answer());
            }
        }

        private void abandon() {
            if (timer >= 0) {
                vertx.cancelTimer(timer);
            }
            end(UNANSWERED);
        }

        private void answer() {
            if (ended) {
                return;
            }
            switch (fault) {
                case RATE_LIMITED -> {
                    end("429");
                    send(response, ApiError.rateLimited(model.name(), "injected", settings.retryAfterSeconds()));
                }
                case SERVER_ERROR -> {
                    end("500");
                    send(response, ApiError.serverError());
                }
                case HANG -> throw new IllegalStateException("a call that hangs has no timer");
                case TRUNCATED -> {
                    end("200");
                    Buffer json = json();
                    ok().putHeader("Content-Length", Integer.toString(json.length()));
                    response.write(json.getBuffer(0, json.length() / 2)).onComplete(written -> response.reset());
                }
                case MALFORMED -> {
                    end("200");
                    Buffer json = json();
                    ok().end(json.getBuffer(0, json.length() - 20).appendString("<<<"));
                }
                case EMPTY -> {
                    end("200");
                    ok().end(json());
                }
                case null -> {
                    if (form == null) {
                        succeed();
                    } else {
                        answer(FormedAnswer.of(form, json().getBytes(), prompt));
                    }
                }
            }
        }

        private void answer(FormedAnswer formed) {
            end(Integer.toString(formed.status()));
            if (formed.status() == 200 && !(form != null && form.isPassing())) {
                requests.succeeded(fingerprint);
                keys.succeeded(keyHash);
                total.succeeded(completion.promptTokens(), completion.completionTokens());
                model.counters().succeeded(completion.promptTokens(), completion.completionTokens());
            }
            ok().setStatusCode(formed.status());
            formed.headers().forEach(response::putHeader);
            response.end(Buffer.buffer(formed.body()));
        }

        private void succeed() {
            end("200");
            requests.succeeded(fingerprint);
            keys.succeeded(keyHash);
            total.succeeded(completion.promptTokens(), completion.completionTokens());
            model.counters().succeeded(completion.promptTokens(), completion.completionTokens());
            if (completion.refusal() != null || completion.finishReason().equals("content_filter")) {
                total.blocked();
                model.counters().blocked();
            }
            ok().end(json());
        }

        private void end(String status) {
            if (!ended) {
                ended = true;
                long now = nanoClock.getAsLong();
                total.ended(now, status);
                model.counters().ended(now, status);
            }
        }

        private HttpServerResponse ok() {
            return response.putHeader("Content-Type", "application/json")
                    .putHeader("x-request-id", "req-sim-" + number);
        }

        private Buffer json() {
            String id = "chatcmpl-sim-" + Long.toHexString(fingerprint) + "-" + number;
            return Buffer.buffer(completion.json(id, model.name() + "-sim-2026-01", System.currentTimeMillis() / 1000,
                    "fp_sim_" + Long.toHexString(settings.seed())));
        }
    }
}
