package io.turnstream.providers.openai;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import io.turnstream.providers.Adaptation;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelClient;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.ModelReply.Oversized;
import io.turnstream.providers.ModelReply.Refused;
import io.turnstream.providers.ModelReply.Served;
import io.turnstream.providers.ProviderSettings;
import io.turnstream.providers.Redactor;
import io.turnstream.providers.Usage;
import io.turnstream.providers.forms.KnownForms;
import io.turnstream.providers.forms.Meaning;
import io.turnstream.providers.http.Connections;
import io.turnstream.providers.http.Exchange;
import io.turnstream.providers.http.ExchangeException;
import io.turnstream.providers.http.HttpStatusException;
import io.turnstream.providers.http.ImageBodies;
import io.turnstream.providers.http.ProviderHttp;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks a server with OpenAI's chat API once. What a model turned out not to take (`max_tokens`, a temperature, a seed)
/// is remembered for that model: the attempt that found out ends as [FailureCause#UNSUPPORTED_PARAMETER], the next one
/// does without.
public final class OpenAiModelClient implements ModelClient {

    private final ProviderSettings provider;
    private final ProviderHttp http;
    private final ImageBodies images;
    private final Redactor redactor;
    private final OpenAiChatModel chat;
    private final LearnedAdaptations learned = new LearnedAdaptations();

    public OpenAiModelClient(ProviderSettings provider, Connections connections, ImageBodies images,
            Redactor redactor) {
        this.provider = provider;
        this.images = images;
        this.redactor = redactor;
        this.http = new ProviderHttp(connections,
                provider.apiKey().map(key -> Map.of("Authorization", "Bearer " + key)).orElse(Map.of()),
                ProviderHttp.DEFAULT_LARGEST_ANSWER_BYTES, Clock.systemUTC());
        // The library never learns the key, does not retry (it would ignore Retry-After), and does not log.
        this.chat = OpenAiChatModel.builder()
                .baseUrl(provider.baseUrl().toString())
                .httpClientBuilder(http)
                .maxRetries(0)
                .logRequests(false)
                .logResponses(false)
                .build();
    }

    @Override
    public ModelReply call(ModelCall call) throws InterruptedException {
        Exchange exchange;
        try {
            exchange = new Exchange(call.timeout(), call.requestId(),
                    call.image() == null ? null : images.dataUrl(call.image()));
        } catch (IOException | RuntimeException e) {
            return new Failed(FailureCause.IMAGE_UNAVAILABLE, null, null,
                    redactor.line(String.valueOf(e.getMessage())));
        }
        Set<Adaptation> adaptations = learned.of(call.model().name());
        CallParameters effective = LearnedAdaptations.apply(adaptations, call.parameters());
        try {
            exchange.around(() -> chat.chat(request(call, effective, adaptations)));
        } catch (HttpStatusException e) {
            return e.location() == null
                    ? failed(call, ApiError.of(e.status(), e.body()), e.retryAfter(),
                            nothingServed(effective, adaptations))
                    : redirected(call, e);
        } catch (ExchangeException e) {
            return new Failed(e.failureCause(), exchange.status(), null, message(call, e.getMessage()),
                    e.detail() == null ? null : quoted(e.detail()),
                    null);
        } catch (ExchangeException.TooLarge e) {
            return new Oversized(nothingServed(effective, adaptations));
        } catch (ExchangeException.Interrupted e) {
            throw new InterruptedException("interrupted while waiting for " + call.model());
        } catch (RuntimeException e) {
            // The library cannot read every answer; before there is one, it is not the answer's fault.
            if (exchange.status() == null) {
                throw e;
            }
        } catch (Exception e) {
            throw new IllegalStateException("the library threw what it does not declare", e);
        }
        return received(call, exchange, effective, adaptations);
    }

    /// Not followed, since the key belongs to one address. Where to is the server's word: only the host goes into our
    /// line.
    private Failed redirected(ModelCall call, HttpStatusException e) {
        return new Failed(FailureCause.NOT_FOUND, e.status(), null,
                message(call, "HTTP " + e.status() + " sends elsewhere"
                        + (e.locationHost() == null ? "" : ", to " + e.locationHost())
                        + ": set the base URL to where the API is"),
                quoted("Location: " + e.location()), null);
    }

    private static Served nothingServed(CallParameters effective, Set<Adaptation> adaptations) {
        return new Served(null, null, null, null, effective, adaptations, null);
    }

    private ChatRequest request(ModelCall call, CallParameters effective, Set<Adaptation> adaptations) {
        OpenAiChatRequestParameters.Builder parameters = OpenAiChatRequestParameters.builder()
                .modelName(call.model().name());
        parameters.temperature(effective.temperature());
        if (adaptations.contains(Adaptation.MAX_TOKENS_RENAMED)) {
            parameters.maxCompletionTokens(effective.maxTokens());
        } else {
            parameters.maxOutputTokens(effective.maxTokens());
        }
        if (effective.seed() != null) {
            // Past the library's own field, which is an int.
            parameters.customParameters(Map.of("seed", effective.seed()));
        }
        List<ChatMessage> messages = new ArrayList<>(call.messages().size());
        for (ChatTurn turn : call.messages()) {
            messages.add(message(turn));
        }
        return ChatRequest.builder().messages(messages).parameters(parameters.build()).build();
    }

    private ChatMessage message(ChatTurn turn) {
        return switch (turn.role()) {
            case SYSTEM -> SystemMessage.from(turn.text());
            case ASSISTANT -> AiMessage.from(turn.text());
            case USER -> turn.withImage()
                    ? UserMessage.from(ImageContent.from(http.imagePlaceholder(), ImageContent.DetailLevel.AUTO),
                            TextContent.from(turn.text()))
                    : UserMessage.from(turn.text());
        };
    }

    /// Success by its status. The body is read as it was received: the library knows a text and a handful of finish
    /// reasons, servers send lists of parts, event streams, errors and reasons of their own.
    private ModelReply received(ModelCall call, Exchange exchange, CallParameters effective,
            Set<Adaptation> adaptations) {
        RawAnswer raw = RawAnswer.of(exchange.body());
        Served served = raw.served(effective, adaptations);
        ApiError error = raw.error();
        if (error != null) {
            return paid(failed(call, error, null, served), raw);
        }
        String refusal = raw.refusal();
        if (!refusal.isBlank()) {
            return new Refused(Refused.Kind.REFUSAL, refusal, served);
        }
        return switch (KnownForms.bundled().read(raw.signs(200)).orElse(new Meaning.Finished())) {
            case Meaning.ContentFilter _ -> new Refused(Refused.Kind.CONTENT_FILTER, raw.text(), served);
            case Meaning.Refusal _ -> new Refused(Refused.Kind.REFUSAL, raw.text(), served);
            case Meaning.Failure(FailureCause cause) -> paid(new Failed(cause, exchange.status(), null, message(call,
                    "HTTP " + exchange.status() + ", but the answer ends by an error"
                            + (raw.text().isBlank() ? "" : " halfway")
                            + ": " + cause.explanation()),
                    quoted(raw.signs(200).message()), served.usage(), served.finishReason()), raw);
            case Meaning.Finished _,Meaning.Truncated _ -> raw.isAnswer()
                    ? new Answered(raw.text(), served)
                    : paid(new Failed(FailureCause.MALFORMED_BODY, exchange.status(), null,
                            message(call, FailureCause.MALFORMED_BODY.explanation() + ": " + raw.looks()), null,
                            served.usage(), served.finishReason()), raw);
        };
    }

    /// A failure that would be tried again for as long as it looks like an outage must not be, where each attempt is
    /// paid.
    private static ModelReply paid(ModelReply reply, RawAnswer raw) {
        boolean answered = reply instanceof Failed failed && failed.cause().isRetryable()
                && failed.cause() != FailureCause.RATE_LIMITED
                && (failed.usage() != null || !raw.text().isBlank());
        return answered ? ((Failed) reply).as(FailureCause.UNUSABLE_ANSWER) : reply;
    }

    private ModelReply failed(ModelCall call, ApiError error, @Nullable Duration retryAfter, Served served) {
        FailureCause cause = switch (KnownForms.bundled().read(error.signs())
                .orElse(new Meaning.Failure(FailureCause.SERVER_ERROR))) {
            case Meaning.ContentFilter _ -> null;
            case Meaning.Refusal _ -> null;
            case Meaning.Failure(FailureCause known) -> known;
            case Meaning.Finished _,Meaning.Truncated _ -> FailureCause.SERVER_ERROR;
        };
        if (cause == null) {
            return new Refused(Refused.Kind.CONTENT_FILTER, "", filtered(served, error.usage()),
                    quoted(error.message()));
        }
        Adaptation adaptation = error.adaptation();
        if (cause == FailureCause.BAD_REQUEST && adaptation != null && !served.adaptations().contains(adaptation)) {
            learned.add(call.model().name(), adaptation);
            cause = FailureCause.UNSUPPORTED_PARAMETER;
        }
        return new Failed(cause, error.status(), retryAfter, message(call, "HTTP " + error.status()
                + (error.name().isEmpty() ? "" : " (" + error.name() + ")")
                + (cause == FailureCause.AUTHENTICATION || cause == FailureCause.FORBIDDEN
                        ? " " + provider.keyOrigin()
                        : "")
                + ": "
                + cause.explanation()), quoted(error.message()), error.usage(), served.finishReason());
    }

    private static Served filtered(Served served, @Nullable Usage usage) {
        return new Served(served.model(), served.systemFingerprint(),
                served.finishReason() == null ? "content_filter" : served.finishReason(),
                usage, served.effective(), served.adaptations(), served.reasoning());
    }

    private @Nullable String quoted(String foreign) {
        String quote = redactor.quote(foreign);
        return quote.isEmpty() ? null : quote;
    }

    private String message(ModelCall call, @Nullable String what) {
        return redactor.line(call.model() + " at " + provider.baseUrl().getRawAuthority() + ": " + what);
    }
}
