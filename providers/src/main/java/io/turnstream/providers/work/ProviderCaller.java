package io.turnstream.providers.work;

import io.turnstream.contracts.Attempt;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.DeferralReason;
import io.turnstream.contracts.Usage;
import io.turnstream.protocol.pack.PromptMessage;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ImageRef;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.InvalidProviderException;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelClient;
import io.turnstream.providers.ModelClients;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.Providers;
import io.turnstream.providers.UnknownProviderException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls models through their providers' APIs.
public final class ProviderCaller implements ModelCaller, AutoCloseable {

    private static final long STOPPED_RETRY_MILLIS = 30_000;
    private static final long FIRST_BACKOFF_MILLIS = 500;
    private static final long LONGEST_BACKOFF_MILLIS = 30_000;

    private final ModelClient client;
    private final Runnable closer;
    private final Clock clock;
    private final Map<ModelName, Semaphore> connections = new ConcurrentHashMap<>();

    ProviderCaller(ModelClient client, Runnable closer, Clock clock) {
        this.client = client;
        this.closer = closer;
        this.clock = clock;
    }

    /// Calls the providers that the environment configures.
    public static ProviderCaller fromEnvironment(ImageSource images, Optional<Path> prices, Clock clock) {
        return open(Providers.fromEnvironment(System.getenv()), images, clock);
    }

    /// Calls these providers.
    public static ProviderCaller open(Providers providers, ImageSource images, Clock clock) {
        ModelClients clients = ModelClients.open(providers, images);
        return new ProviderCaller(clients, clients::close, clock);
    }

    @Override
    public Response call(Prompt prompt, Supplier<Permission> permission) throws InterruptedException {
        ModelCall call = callOf(prompt);
        List<Attempt> attempts = new ArrayList<>();
        long waitedMillis = 0;
        while (true) {
            Semaphore free = connections.computeIfAbsent(call.model(), name -> new Semaphore(prompt.limits().getMaxConnections(), true));
            Permission now = permission.get();
            while (now == Permission.GO && !free.tryAcquire(200, TimeUnit.MILLISECONDS)) {
                now = permission.get();
            }
            if (now != Permission.GO) {
                return Unanswered.because(now, clock.millis());
            }
            long start = clock.millis();
            ModelReply reply;
            try {
                reply = client.call(call);
            } catch (UnknownProviderException e) {
                return new Unanswered.HandedBack(DeferralReason.UNKNOWN_MODEL, String.valueOf(e.getMessage()), start + STOPPED_RETRY_MILLIS);
            } catch (InvalidProviderException e) {
                return new Unanswered.HandedBack(DeferralReason.AUTHENTICATION, String.valueOf(e.getMessage()), start + STOPPED_RETRY_MILLIS);
            } finally {
                free.release();
            }
            long end = clock.millis();
            boolean last = attempts.size() >= prompt.limits().getMaxRetries();
            attempts.add(new Attempt(causeOf(reply), statusOf(reply), start, end - start, waitedMillis));
            switch (reply) {
                case ModelReply.Answered answered -> {
                    if (!answered.isEmpty() || answered.isTruncated() || last) {
                        return new Response.Replied(record(prompt, attempts, answered.served(), end), answered.text(),
                                answered.isEmpty() ? emptyBecause(prompt, answered) : null);
                    }
                }
                case ModelReply.Refused refused -> {
                    return new Response.Refused(record(prompt, attempts, refused.served(), end), refused.text(),
                            refused.kind() == ModelReply.Refused.Kind.REFUSAL ? "the provider refused" : "the provider's content filter stopped it");
                }
                case ModelReply.Failed failed -> {
                    if (failed.cause().stopsTheRun()) {
                        return new Unanswered.HandedBack(reasonOf(failed.cause()), failed.message(), end + STOPPED_RETRY_MILLIS);
                    }
                    if (last || !failed.cause().isRetryable()) {
                        return new Response.Failed(record(prompt, attempts, null, end), failed.message());
                    }
                }
            }
            Duration asked = reply instanceof ModelReply.Failed failed ? failed.retryAfter() : null;
            waitedMillis = backoffMillis(attempts.size(), asked);
            Thread.sleep(waitedMillis);
        }
    }

    private static String emptyBecause(Prompt prompt, ModelReply.Answered answered) {
        return answered.isTruncated()
                ? "the answer is empty because the token limit was reached first: raise " + prompt.maxTokensFlag() + " (now "
                        + prompt.parameters().getMaxTokens() + ")"
                : "the answer was empty each time";
    }

    private static long backoffMillis(int failures, @Nullable Duration asked) {
        long longest = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << Math.min(10, failures));
        long jittered = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
        return asked == null ? jittered : asked.toMillis() + ThreadLocalRandom.current().nextLong(100);
    }

    private static CallRecord record(Prompt prompt, List<Attempt> attempts, ModelReply.@Nullable Served served, long end) {
        long start = attempts.getFirst().getStartedAtMillis();
        if (served == null) {
            return new CallRecord(attempts, prompt.parameters(), null, null, null, null, null, start, end);
        }
        var effective = served.effective();
        var usage = served.usage();
        return new CallRecord(attempts, new CallParameters(effective.temperature(), effective.maxTokens(), effective.seed()),
                usage == null ? null : new Usage(usage.inputTokens(), usage.outputTokens(), usage.reasoningTokens()), null,
                served.finishReason(), served.model(), served.systemFingerprint(), start, end);
    }

    private static String causeOf(ModelReply reply) {
        return switch (reply) {
            case ModelReply.Answered answered -> answered.isEmpty() ? "empty" : "ok";
            case ModelReply.Refused refused -> "refused";
            case ModelReply.Failed failed -> failed.cause().wireName();
        };
    }

    private static @Nullable Integer statusOf(ModelReply reply) {
        return switch (reply) {
            case ModelReply.Answered answered -> Integer.valueOf(200);
            case ModelReply.Refused refused -> Integer.valueOf(200);
            case ModelReply.Failed failed -> failed.httpStatus();
        };
    }

    private static DeferralReason reasonOf(FailureCause cause) {
        return switch (cause) {
            case AUTHENTICATION -> DeferralReason.AUTHENTICATION;
            case NOT_FOUND -> DeferralReason.UNKNOWN_MODEL;
            case QUOTA_EXHAUSTED -> DeferralReason.QUOTA;
            case RATE_LIMITED, SERVER_ERROR, TIMEOUT, CONNECTION, MALFORMED_BODY, UNSUPPORTED_PARAMETER, BAD_REQUEST, IMAGE_UNAVAILABLE ->
                DeferralReason.UNKNOWN;
        };
    }

    private static ModelCall callOf(Prompt prompt) {
        boolean pictured = prompt.messages().stream().anyMatch(PromptMessage::withImage);
        ImageRef image = pictured && prompt.imageSha256() != null && prompt.imageMediaType() != null
                ? new ImageRef(prompt.imageSha256(), prompt.imageMediaType())
                : null;
        CallParameters parameters = prompt.parameters();
        return new ModelCall(new ModelName(prompt.target().getProvider(), prompt.target().getModel()),
                prompt.messages().stream().map(ProviderCaller::turnOf).toList(), image,
                new io.turnstream.providers.CallParameters(parameters.getTemperature(), parameters.getMaxTokens(), parameters.getSeed()),
                Duration.ofMillis(prompt.limits().getTimeoutMillis()), prompt.idempotencyKey());
    }

    private static ChatTurn turnOf(PromptMessage message) {
        return switch (message.role()) {
            case SYSTEM -> ChatTurn.system(message.text());
            case USER -> message.withImage() ? ChatTurn.userWithImage(message.text()) : ChatTurn.user(message.text());
            case ASSISTANT -> ChatTurn.assistant(message.text());
        };
    }

    @Override
    public void close() {
        closer.run();
    }
}
