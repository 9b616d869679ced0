package io.turnstream.messaging;

import com.microsoft.kiota.ApiException;
import com.microsoft.kiota.RequestInformation;
import io.apicurio.registry.resolver.DefaultSchemaResolver;
import io.apicurio.registry.resolver.ParsedSchema;
import io.apicurio.registry.resolver.client.RegistryClientFacadeImpl;
import io.apicurio.registry.rest.client.RegistryClient;
import io.apicurio.registry.rest.client.models.CreateRule;
import io.apicurio.registry.rest.client.models.ProblemDetails;
import io.apicurio.registry.rest.client.models.RuleType;
import io.apicurio.registry.rest.client.models.RuleViolationProblemDetails;
import io.apicurio.registry.serde.avro.AvroSchemaParser;
import io.apicurio.registry.serde.avro.DefaultAvroDatumProvider;
import io.apicurio.registry.types.ArtifactType;
import io.kiota.http.jdk.JDKRequestAdapter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.avro.Schema;

/// The few calls to the Apicurio Registry that a deployment makes, with Apicurio's own client: the BACKWARD rule, one
/// artifact per event, and the schema behind an id.
///
/// All of them may be made twice. So a call that gets no answer, or a 5xx, is made again a few times: at a deployment's
/// first start the registry is busy with its own. The client has neither: its own retries leave out a 5xx, and it waits
/// without end for an answer.
final class SchemaRegistry implements AutoCloseable {

    private static final String GROUP = "turnstream";
    private static final String API = "/apis/registry/v3";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int SERVER_ERROR = 500;

    private final URI base;
    private final Patience patience;
    private final HttpClient http;
    private final RegistryClient client;
    private final RegistryClientFacadeImpl facade;

    /// How long an answer is waited for.
    ///
    /// @param timeout longest time for one attempt
    /// @param pause between two attempts
    record Patience(Duration timeout, Duration pause, int attempts) {

        /// A start cannot go on without an answer.
        static final Patience AT_START = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(1), 4);
        /// Other records wait behind the one that an answer is for.
        static final Patience WHILE_READING = new Patience(Duration.ofSeconds(3), Duration.ZERO, 1);

        Patience {
            if (attempts < 1) {
                throw new IllegalArgumentException("attempts: at least one, not " + attempts);
            }
        }
    }

    /// @param base such as `http://127.0.0.1:8081`
    SchemaRegistry(URI base, Patience patience) {
        this.base = base;
        this.patience = patience;
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(patience.timeout())
                .build();
        JDKRequestAdapter adapter = new BoundedCalls(http, patience.timeout());
        adapter.setBaseUrl(base.resolve(API).toString());
        this.client = new RegistryClient(adapter);
        this.facade = new RegistryClientFacadeImpl(client);
    }

    /// Makes the registry refuse schemas that cannot read what was written before.
    ///
    /// @throws IOException if it does not answer, or refuses the rule
    void requireBackwardCompatibility() throws IOException, InterruptedException {
        CreateRule rule = new CreateRule();
        rule.setRuleType(RuleType.COMPATIBILITY);
        rule.setConfig("BACKWARD");
        try {
            call(() -> {
                client.admin().rules().post(rule);
                return true;
            });
        } catch (ApiException e) {
            if (e.getResponseStatusCode() != CONFLICT) {
                throw refused("the compatibility rule", e);
            }
        }
    }

    /// Registers a schema, or finds it.
    ///
    /// @return its content id
    /// @throws IOException if the registry does not answer, or refuses it, as incompatible for instance
    int register(Schema schema) throws IOException, InterruptedException {
        try {
            long id = call(() -> facade.createSchema(ArtifactType.AVRO, GROUP, schema.getFullName(), null,
                    "FIND_OR_CREATE_VERSION", false,
                    schema.toString(), Set.of())).getContentId();
            return Math.toIntExact(id);
        } catch (ApiException e) {
            throw refused("the schema " + schema.getFullName(), e);
        }
    }

    /// The schema with a content id, put together where parts of it are registered apart; empty if there is none.
    ///
    /// @throws IOException if the registry does not answer
    Optional<Schema> schemaOf(int id) throws IOException, InterruptedException {
        try {
            return Optional.of(call(() -> new Lookup(facade).schemaOf(id)));
        } catch (ApiException e) {
            if (e.getResponseStatusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw refused("the schema id " + id, e);
        }
    }

    /// @throws ApiException if the registry refuses the call
    private <T> T call(Supplier<T> call) throws IOException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            try {
                return call.get();
            } catch (RuntimeException e) {
                if (e.getCause() instanceof InterruptedException interrupted) {
                    throw interrupted;
                }
                if (e instanceof ApiException refusal && refusal.getResponseStatusCode() < SERVER_ERROR) {
                    throw e;
                }
                if (attempt == patience.attempts()) {
                    throw new IOException(
                            "the registry at " + base + " gave no answer " + times() + " (" + reason(e) + ")", e);
                }
            }
            Thread.sleep(patience.pause());
        }
    }

    private String times() {
        return patience.attempts() == 1
                ? "in " + patience.timeout().toSeconds() + " s"
                : patience.attempts() + " times";
    }

    private IOException refused(String what, ApiException e) {
        return new IOException("the registry at " + base + " refused " + what + " with status "
                + e.getResponseStatusCode() + ": " + reason(e), e);
    }

    private static String reason(RuntimeException e) {
        Throwable cause = e.getCause() instanceof IOException io ? io : e;
        String said = switch (cause) {
            case ProblemDetails problem -> problem.getTitle();
            case RuleViolationProblemDetails problem -> problem.getTitle();
            default -> cause.getMessage();
        };
        return Objects.requireNonNullElse(said, cause.getClass().getSimpleName());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /// The client's way to the network, with an end to waiting.
    private static final class BoundedCalls extends JDKRequestAdapter {

        private final Duration timeout;

        private BoundedCalls(HttpClient http, Duration timeout) {
            super(http);
            this.timeout = timeout;
        }

        @Override
        protected HttpRequest getRequestFromRequestInformation(RequestInformation call) {
            return HttpRequest.newBuilder(super.getRequestFromRequestInformation(call), (name, value) -> true)
                    .timeout(timeout).build();
        }
    }

    /// Apicurio's resolver without its cache, which logs as an error whatever is not found: who asks here keeps the
    /// answer.
    private static final class Lookup extends DefaultSchemaResolver<Schema, Object> {

        private Lookup(RegistryClientFacadeImpl facade) {
            super(facade);
            schemaParser = new AvroSchemaParser<>(new DefaultAvroDatumProvider<>());
        }

        private Schema schemaOf(long id) {
            Map<String, ParsedSchema<Schema>> parts = resolveReferences(clientFacade.getReferencesByContentId(id));
            return schemaParser.parseSchema(clientFacade.getSchemaByContentId(id).getBytes(StandardCharsets.UTF_8),
                    parts);
        }
    }
}
