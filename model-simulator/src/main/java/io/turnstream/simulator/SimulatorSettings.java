package io.turnstream.simulator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that can be set on a simulator, at its start or while it runs (`PUT /settings`).
///
/// @param host              address to listen on; loopback by default
/// @param port              port to listen on; 0 picks a free one
/// @param apiKey            the bearer token that calls must carry; null lets everybody in
/// @param seed              the root of all chance: same seed and request, same answer
/// @param fresh             true makes every answer differ from every other, also to the same request
/// @param down              true answers every model call with 503
/// @param maxInFlight       calls in flight above which 429 is answered; 0 is no limit
/// @param requestsPerMinute admitted calls in any 60 s above which 429 is answered; 0 is no limit
/// @param minuteMillis      how long a minute lasts for limits and counts per minute, in milliseconds; shorter for
///                          tests
/// @param retryAfterSeconds `Retry-After` of injected 429 answers and of 503
/// @param faultBurst        at most so many faulty answers in a row to one and the same request
/// @param reasoningMinTokens limit under which a reasoning persona spends everything on reasoning and says nothing
/// @param latency           how long answers take
/// @param faults            how often what goes wrong
/// @param refusals          how often the provider itself blocks an answer
/// @param forms             shares (0 to 1) of calls that are answered as some providers would, by the name of a
///                          [ProviderForm]; their sum is at most 1
/// @param models            overrides by model name, exact (`contextual@2`) or by persona (`contextual`)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SimulatorSettings(
        String host,
        int port,
        @Nullable String apiKey,
        long seed,
        boolean fresh,
        boolean down,
        int maxInFlight,
        int requestsPerMinute,
        int minuteMillis,
        int retryAfterSeconds,
        int faultBurst,
        int reasoningMinTokens,
        Latency latency,
        Faults faults,
        Refusals refusals,
        Map<String, Double> forms,
        Map<String, ModelSettings> models) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final SimulatorSettings DEFAULTS = new SimulatorSettings("127.0.0.1", 0, null, 1, false, false, 0, 0,
            60_000, 1, 2, 256, Latency.NONE, Faults.NONE, Refusals.NONE, Map.of(), Map.of());

    public SimulatorSettings {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("host is missing");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must lie between 0 and 65535, not " + port);
        }
        if (apiKey != null && apiKey.isBlank()) {
            apiKey = null;
        }
        notNegative("maxInFlight", maxInFlight);
        notNegative("requestsPerMinute", requestsPerMinute);
        if (minuteMillis < 1) {
            throw new IllegalArgumentException("minuteMillis must be 1 or more, but is " + minuteMillis);
        }
        notNegative("retryAfterSeconds", retryAfterSeconds);
        notNegative("faultBurst", faultBurst);
        notNegative("reasoningMinTokens", reasoningMinTokens);
        latency = latency == null ? Latency.NONE : latency;
        faults = faults == null ? Faults.NONE : faults;
        refusals = refusals == null ? Refusals.NONE : refusals;
        forms = checked(forms);
        models = models == null ? Map.of() : Map.copyOf(models);
    }

    private static Map<String, Double> checked(@Nullable Map<String, Double> given) {
        if (given == null) {
            return Map.of();
        }
        given.forEach((name, share) -> {
            if (ProviderForm.named(name).isEmpty()) {
                throw new IllegalArgumentException(
                        "there is no form '" + name + "', known are " + String.join(", ", ProviderForm.keys()));
            }
            fraction("forms." + name, share == null ? Double.NaN : share);
        });
        fraction("the sum of forms", given.values().stream().mapToDouble(Double::doubleValue).sum());
        return Map.copyOf(given);
    }

    /// No latency, no faults, no key, a free port on the loopback address.
    public static SimulatorSettings defaults() {
        return DEFAULTS;
    }

    /// How long answers take, in milliseconds, drawn from the request itself.
    ///
    /// @param fixedMillis  the least time
    /// @param jitterMillis up to so much is added, evenly spread
    /// @param slowFraction share of calls that take `slowMillis` longer
    /// @param slowMillis   what a slow call takes on top
    public record Latency(int fixedMillis, int jitterMillis, double slowFraction, int slowMillis) {

        public static final Latency NONE = new Latency(0, 0, 0, 0);

        public Latency {
            notNegative("latency.fixedMillis", fixedMillis);
            notNegative("latency.jitterMillis", jitterMillis);
            notNegative("latency.slowMillis", slowMillis);
            fraction("latency.slowFraction", slowFraction);
        }

        public static Latency ofMillis(int fixedMillis, int jitterMillis) {
            return new Latency(fixedMillis, jitterMillis, 0, 0);
        }
    }

    /// Shares (0 to 1) of admitted calls that fail in each way; their sum is at most 1.
    ///
    /// @param rateLimited 429 with `Retry-After`
    /// @param serverError 500
    /// @param hang        never answered
    /// @param truncated   connection cut within the body
    /// @param malformed   a body that is no JSON
    /// @param empty       an empty text
    public record Faults(
            double rateLimited, double serverError, double hang, double truncated, double malformed, double empty) {

        public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0);

        public Faults {
            fraction("faults.rateLimited", rateLimited);
            fraction("faults.serverError", serverError);
            fraction("faults.hang", hang);
            fraction("faults.truncated", truncated);
            fraction("faults.malformed", malformed);
            fraction("faults.empty", empty);
            fraction("the sum of faults", rateLimited + serverError + hang + truncated + malformed + empty);
        }

        double of(Fault fault) {
            return switch (fault) {
                case RATE_LIMITED -> rateLimited;
                case SERVER_ERROR -> serverError;
                case HANG -> hang;
                case TRUNCATED -> truncated;
                case MALFORMED -> malformed;
                case EMPTY -> empty;
            };
        }
    }

    /// Shares (0 to 1) of requests that the provider blocks, by request: a repeated request is blocked again.
    ///
    /// @param contentFilter no text, finish reason `content_filter`
    /// @param refusal       no text, `message.refusal` filled, finish reason `stop`
    public record Refusals(double contentFilter, double refusal) {

        public static final Refusals NONE = new Refusals(0, 0);

        public Refusals {
            fraction("refusals.contentFilter", contentFilter);
            fraction("refusals.refusal", refusal);
            fraction("the sum of refusals", contentFilter + refusal);
        }
    }

    /// What one model has of its own; null takes the simulator's. Limits set here count this model's calls alone.
    ///
    /// @param forms    in place of the simulator's
    /// @param accuracy share of right answers (0 to 1) in place of the persona's own
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ModelSettings(
            @Nullable Latency latency,
            @Nullable Faults faults,
            @Nullable Refusals refusals,
            @Nullable Map<String, Double> forms,
            @Nullable Integer maxInFlight,
            @Nullable Integer requestsPerMinute,
            @Nullable Boolean down,
            @Nullable Double accuracy) {

        static final ModelSettings NONE = new ModelSettings(null, null, null, null, null, null, null, null);

        public ModelSettings {
            forms = forms == null ? null : checked(forms);
            if (maxInFlight != null) {
                notNegative("models.maxInFlight", maxInFlight);
            }
            if (requestsPerMinute != null) {
                notNegative("models.requestsPerMinute", requestsPerMinute);
            }
            if (accuracy != null) {
                fraction("models.accuracy", accuracy);
            }
        }
    }

    public SimulatorSettings withPort(int newPort) {
        return with("port", newPort);
    }

    public SimulatorSettings withApiKey(String newApiKey) {
        return with("apiKey", newApiKey);
    }

    public SimulatorSettings withSeed(long newSeed) {
        return with("seed", newSeed);
    }

    public SimulatorSettings withFresh(boolean newFresh) {
        return with("fresh", newFresh);
    }

    public SimulatorSettings withMaxInFlight(int newMaxInFlight) {
        return with("maxInFlight", newMaxInFlight);
    }

    public SimulatorSettings withLatency(Latency newLatency) {
        return with("latency", newLatency);
    }

    public SimulatorSettings withFaults(Faults newFaults) {
        return with("faults", newFaults);
    }

    /// These settings with a JSON object laid over them: objects are merged field by field, everything else is
    /// replaced, and null takes a field back to its default (and removes a model's override).
    ///
    /// @throws IllegalArgumentException if the text is no JSON object, or a field is unknown or out of range
    public SimulatorSettings merged(String json) {
        JsonNode patch;
        try {
            patch = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("settings are not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!(patch instanceof ObjectNode object)) {
            throw new IllegalArgumentException("settings must be a JSON object");
        }
        return fromTree(merge(tree(this), object, tree(DEFAULTS)));
    }

    /// These settings as JSON; the key, if there is one, is masked.
    public String toJson() {
        ObjectNode tree = tree(this);
        if (apiKey != null) {
            tree.put("apiKey", "***");
        }
        return tree.toString();
    }

    /// What holds for a model: its own override, else its persona's, else nothing.
    ModelSettings overridesFor(String model) {
        ModelSettings exact = models.get(model);
        if (exact != null) {
            return exact;
        }
        int at = model.indexOf('@');
        ModelSettings byPersona = at < 0 ? null : models.get(model.substring(0, at));
        return byPersona == null ? ModelSettings.NONE : byPersona;
    }

    SimulatorSettings listeningAt(String sameHost, int samePort) {
        return with("host", sameHost).with("port", samePort);
    }

    @Override
    public String toString() {
        return toJson();
    }

    private SimulatorSettings with(String field, Object value) {
        ObjectNode tree = tree(this);
        tree.set(field, JSON.valueToTree(value));
        return fromTree(tree);
    }

    private static ObjectNode tree(SimulatorSettings settings) {
        return JSON.valueToTree(settings);
    }

    private static SimulatorSettings fromTree(ObjectNode tree) {
        try {
            return JSON.treeToValue(tree, SimulatorSettings.class);
        } catch (JsonProcessingException e) {
            String cause = e.getCause() instanceof IllegalArgumentException offence
                    ? String.valueOf(offence.getMessage())
                    : e.getOriginalMessage();
            throw new IllegalArgumentException("settings: " + cause, e);
        }
    }

    private static ObjectNode merge(ObjectNode onto, ObjectNode patch, @Nullable JsonNode defaults) {
        Map<String, JsonNode> changes = new LinkedHashMap<>();
        patch.properties().forEach(change -> changes.put(change.getKey(), change.getValue()));
        changes.forEach((name, value) -> {
            JsonNode standard = defaults == null ? null : defaults.get(name);
            if (value.isNull()) {
                if (standard == null) {
                    onto.remove(name);
                } else {
                    onto.set(name, standard);
                }
            } else if (value instanceof ObjectNode inner) {
                ObjectNode target = onto.get(name) instanceof ObjectNode existing ? existing : JSON.createObjectNode();
                onto.set(name, merge(target, inner, standard));
            } else {
                onto.set(name, value);
            }
        });
        return onto;
    }

    private static void notNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, but is " + value);
        }
    }

    private static void fraction(String name, double value) {
        if (!(value >= 0 && value <= 1 + 1e-9)) {
            throw new IllegalArgumentException(name + " must lie between 0 and 1, but is " + value);
        }
    }
}
