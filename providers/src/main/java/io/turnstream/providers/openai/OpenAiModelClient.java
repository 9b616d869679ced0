package io.turnstream.providers.openai;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import io.turnstream.providers.Adaptation;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelClient;
import io.turnstream.providers.ModelReply;
import io.turnstream.providers.ModelReply.Answered;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.ModelReply.Refused;
import io.turnstream.providers.ModelReply.Served;
import io.turnstream.providers.ProviderSettings;
import io.turnstream.providers.Redactor;
import io.turnstream.providers.Usage;
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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks a server with OpenAI's chat API once. What a model turned out not to take (`max_tokens`, a temperature, a seed)
/// is remembered for that model: the attempt that found out ends as [FailureCause#UNSUPPORTED_PARAMETER], the next one does
/// without.
public final class OpenAiModelClient implements ModelClient {

    private final ProviderSettings provider;
    private final ProviderHttp http;
    private final ImageBodies images;
    private final Redactor redactor;
    private final OpenAiChatModel chat;
    private final LearnedAdaptations learned = new LearnedAdaptations();

    public OpenAiModelClient(ProviderSettings provider, Connections connections, ImageBodies images, Redactor redactor) {
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
            exchange = new Exchange(call.timeout(), call.requestId(), call.image() == null ? null : images.dataUrl(call.image()));
        } catch (IOException | RuntimeException e) {
            return new Failed(FailureCause.IMAGE_UNAVAILABLE, null, null,
                redactor.line(String.valueOf(e.getMessage())));
        }
        Set<Adaptation> adaptations = learned.of(call.model().name());
        CallParameters effective = LearnedAdaptations.apply(adaptations, call.parameters());
        try {
            ChatResponse response = exchange.around(() -> chat.chat(request(call, effective, adaptations)));
            return reply(response, effective, adaptations);
        } catch (HttpStatusException e) {
            return failed(call, ApiError.of(e.status(), e.body()), e.retryAfter(), effective, adaptations);
        } catch (ExchangeException e) {
            return new Failed(e.failureCause(), exchange.status(), null, message(call, e.getMessage()));
        } catch (ExchangeException.Interrupted e) {
            throw new InterruptedException("interrupted while waiting for " + call.model());
        } catch (ContentFilteredException e) {
            // How the library reports the answer's refusal field; usage and served model are lost with it.
            return new Refused(Refused.Kind.REFUSAL, e.getMessage(),
                RawAnswer.of(exchange.body()).served(effective, adaptations));
        } catch (RuntimeException e) {
            if (exchange.status() == null) {
                throw e;
            }
            return unreadable(call, exchange, effective, adaptations);
        } catch (Exception e) {
            throw new IllegalStateException("the library threw what it does not declare", e);
        }
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
                ? UserMessage.from(ImageContent.from(http.imagePlaceholder(), ImageContent.DetailLevel.AUTO), TextContent.from(turn.text()))
                : UserMessage.from(turn.text());
        };
    }

    private ModelReply reply(ChatResponse response, CallParameters effective, Set<Adaptation> adaptations) {
        OpenAiChatResponseMetadata metadata = (OpenAiChatResponseMetadata) response.metadata();
        FinishReason reason = metadata.finishReason();
        Served served = new Served(metadata.modelName(), metadata.systemFingerprint(),
            reason == null ? null : reason.name().toLowerCase(Locale.ROOT), usage(metadata.tokenUsage()), effective,
            adaptations, null);
        String text = response.aiMessage().text() == null ? "" : response.aiMessage().text();
        return reason == FinishReason.CONTENT_FILTER
            ? new Refused(Refused.Kind.CONTENT_FILTER, text, served)
            : new Answered(text, served);
    }

    private static @Nullable Usage usage(@Nullable OpenAiTokenUsage tokens) {
        if (tokens == null || tokens.inputTokenCount() == null || tokens.outputTokenCount() == null) {
            return null;
        }
        OpenAiTokenUsage.OutputTokensDetails details = tokens.outputTokensDetails();
        Integer reasoning = details == null ? null : details.reasoningTokens();
        return new Usage(tokens.inputTokenCount(), tokens.outputTokenCount(), reasoning == null ? 0 : reasoning);
    }

    /// Success by its status, but no answer in it. Some gateways send their errors so.
    private ModelReply unreadable(ModelCall call, Exchange exchange, CallParameters effective,
                                  Set<Adaptation> adaptations) {
        RawAnswer raw = RawAnswer.of(exchange.body());
        ApiError error = raw.error();
        return error == null
            ? new Failed(FailureCause.MALFORMED_BODY, exchange.status(), null,
                message(call, FailureCause.MALFORMED_BODY.explanation()))
            : failed(call, error, null, effective, adaptations);
    }

    private ModelReply failed(ModelCall call, ApiError error, @Nullable Duration retryAfter,
                              CallParameters effective, Set<Adaptation> adaptations) {
        if (error.isContentFilter()) {
            return new Refused(Refused.Kind.CONTENT_FILTER, "", new Served(null, null, "content_filter", null, effective,
                adaptations, null), quoted(error.message()));
        }
        FailureCause cause = error.cause();
        Adaptation adaptation = error.adaptation();
        if (cause == FailureCause.BAD_REQUEST && adaptation != null && !adaptations.contains(adaptation)) {
            learned.add(call.model().name(), adaptation);
            cause = FailureCause.UNSUPPORTED_PARAMETER;
        }
        return new Failed(cause, error.status(), retryAfter, message(call, "HTTP " + error.status()
            + (error.name().isEmpty() ? "" : " (" + error.name() + ")")
            + (cause == FailureCause.AUTHENTICATION ? " " + provider.keyOrigin() : "") + ": " + cause.explanation()),
            quoted(error.message()), null);
    }

    private @Nullable String quoted(String foreign) {
        String quote = redactor.quote(foreign);
        return quote.isEmpty() ? null : quote;
    }

    private String message(ModelCall call, @Nullable String what) {
        return redactor.line(call.model() + " at " + provider.baseUrl().getRawAuthority() + ": " + what);
    }
}
