package io.turnstream.providers.http;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.turnstream.providers.FailureCause;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// LangChain4j's way to the network for one provider. It adds what the library has no place for: the key, an image
/// spliced into the body from cached bytes, one bound on the time of the whole exchange and one on the answer's size,
/// and failures that keep status, `Retry-After` and error body.
public final class ProviderHttp implements HttpClientBuilder, HttpClient {

    /// More than any answer has: 128 tokens are about 500 bytes.
    public static final int DEFAULT_LARGEST_ANSWER_BYTES = 8 << 20;

    /// More than any error says.
    private static final int LARGEST_ERROR_BYTES = 256 << 10;

    private final Connections connections;
    private final Map<String, String> headers;
    private final int largestAnswerBytes;
    private final Clock clock;
    private final String imagePlaceholder;
    private @Nullable Target target;

    private record Target(String url, URI uri) {}

    /// @param headers            sent with each request; the key among them
    /// @param largestAnswerBytes longer answers are given up
    /// @param clock              for `Retry-After` with a date
    public ProviderHttp(Connections connections, Map<String, String> headers, int largestAnswerBytes, Clock clock) {
        this.connections = connections;
        this.headers = Map.copyOf(headers);
        this.largestAnswerBytes = largestAnswerBytes;
        this.clock = clock;
        byte[] nonce = new byte[12];
        new SecureRandom().nextBytes(nonce);
        this.imagePlaceholder = "turnstream-image:" + HexFormat.of().formatHex(nonce);
    }

    /// What to give a library as the image's URL. It cannot be guessed, so that no prompt can contain it.
    public URI imagePlaceholder() {
        return URI.create(imagePlaceholder);
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        Exchange exchange = Exchange.current();
        CompletableFuture<HttpResponse<byte[]>> pending = connections.client().sendAsync(
                request(request, exchange), info -> {
                    exchange.responded(info.statusCode());
                    long announced = info.headers().firstValueAsLong("Content-Length").orElse(-1);
                    return isSuccess(info.statusCode())
                            ? new BoundedBody(largestAnswerBytes, announced, false)
                            : new BoundedBody(Math.min(largestAnswerBytes, LARGEST_ERROR_BYTES), announced, true);
                });
        HttpResponse<byte[]> response = await(pending, exchange, uri(request.url()));
        int status = response.statusCode();
        if (!isSuccess(status)) {
            throw new HttpStatusException(status, RetryAfter.of(response.headers(), clock), errorBody(response),
                    status / 100 == 3 ? response.headers().firstValue("Location").orElse(null) : null);
        }
        byte[] body = decoded(response, largestAnswerBytes);
        exchange.succeeded(body);
        return SuccessfulHttpResponse.builder()
                .statusCode(status)
                .headers(Map.of())
                .body(body)
                .build();
    }

    private static boolean isSuccess(int status) {
        return status / 100 == 2;
    }

    private static byte[] decoded(HttpResponse<byte[]> response, int mostBytes) {
        return ContentEncoding.decoded(response.headers().allValues("Content-Encoding"), response.body(), mostBytes);
    }

    /// A failure's status says what it is, whether or not its body can be read.
    private static byte[] errorBody(HttpResponse<byte[]> response) {
        try {
            return decoded(response, LARGEST_ERROR_BYTES);
        } catch (ExchangeException | ExchangeException.TooLarge e) {
            return new byte[0];
        }
    }

    private java.net.http.HttpRequest request(HttpRequest request, Exchange exchange) {
        byte[] image = exchange.takeImage();
        BodyPublisher body = image == null
                ? SplicedBody.of(request.body())
                : SplicedBody.of(request.body(), imagePlaceholder, image);
        java.net.http.HttpRequest.Builder sent = java.net.http.HttpRequest.newBuilder(uri(request.url())).POST(body);
        sent.setHeader("Content-Type", "application/json");
        sent.setHeader("User-Agent", "turnstream");
        sent.setHeader("Idempotency-Key", exchange.requestId());
        headers.forEach(sent::setHeader);
        return sent.build();
    }

    private URI uri(String url) {
        Target known = target;
        if (known == null || !known.url().equals(url)) {
            known = new Target(url, URI.create(url));
            target = known;
        }
        return known.uri();
    }

    private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> pending, Exchange exchange,
            URI target) {
        try {
            return pending.get(exchange.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new ExchangeException(FailureCause.TIMEOUT,
                    "no complete answer within " + seconds(exchange.timeout()));
        } catch (InterruptedException e) {
            pending.cancel(true);
            throw new ExchangeException.Interrupted();
        } catch (ExecutionException e) {
            throw ConnectionFailures.of(e.getCause(), target, exchange.status());
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new IllegalStateException("answers are not streamed");
    }

    @Override
    public @Nullable Duration connectTimeout() {
        return null;
    }

    /// Without effect: connections are shared by all providers.
    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
        return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
        return null;
    }

    /// Without effect: each exchange has its own bound.
    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
        return this;
    }

    @Override
    public HttpClient build() {
        return this;
    }
}
