package io.turnstream.providers;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What whoever runs the workers allows at most, whatever runs ask for.
///
/// From the environment:
/// - `TURNSTREAM_QUOTAS` is a list, separated by commas, of `provider` or `provider/model` with `rpm=N`, `tpm=N` or
///   both: `openai rpm=500 tpm=200000, openai/gpt-5-mini rpm=60`;
/// - `TURNSTREAM_PROVIDER_<NAME>_QUOTA_GROUP` names the quota that a provider shares with all providers of the same
///   group, for two names with one key; by default each provider has its own.
public final class OperatorQuotas {

    /// The variable.
    public static final String VARIABLE = "TURNSTREAM_QUOTAS";
    /// Nothing is limited, and no provider shares its key.
    public static final OperatorQuotas NONE = new OperatorQuotas(Map.of(), Map.of());

    private static final Pattern GROUP_VARIABLE = Pattern.compile("TURNSTREAM_PROVIDER_([A-Z0-9_]+?)_QUOTA_GROUP");
    private static final Pattern GROUP = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Pattern LIMIT = Pattern.compile("(rpm|tpm)=([1-9][0-9_]{0,17})");

    private final Map<String, CallQuota> byName;
    private final Map<String, String> groups;

    private OperatorQuotas(Map<String, CallQuota> byName, Map<String, String> groups) {
        this.byName = Map.copyOf(byName);
        this.groups = Map.copyOf(groups);
    }

    /// @throws InvalidProviderException if a variable cannot be understood
    public static OperatorQuotas fromEnvironment(Map<String, String> environment) {
        Map<String, CallQuota> quotas = new HashMap<>();
        String list = environment.getOrDefault(VARIABLE, "");
        for (String entry : list.split(",")) {
            if (!entry.isBlank()) {
                add(entry.strip(), quotas);
            }
        }
        Map<String, String> groups = new HashMap<>();
        environment.forEach((variable, value) -> {
            Matcher named = GROUP_VARIABLE.matcher(variable);
            if (named.matches() && !value.isBlank()) {
                if (!GROUP.matcher(value.strip()).matches()) {
                    throw new InvalidProviderException(
                            variable + " is no name of a quota group: lower-case letters, digits, '.', '-' and '_'. "
                                    + "It is a name of your choice, never a key");
                }
                groups.put(named.group(1).toLowerCase(Locale.ROOT).replace('_', '-'), value.strip());
            }
        });
        return quotas.isEmpty() && groups.isEmpty() ? NONE : new OperatorQuotas(quotas, groups);
    }

    private static void add(String entry, Map<String, CallQuota> quotas) {
        String[] words = entry.split("\\s+");
        CallQuota quota = CallQuota.NONE;
        for (int i = 1; i < words.length; i++) {
            Matcher limit = LIMIT.matcher(words[i]);
            if (!limit.matches()) {
                throw wrong(entry);
            }
            try {
                String number = limit.group(2).replace("_", "");
                quota = quota.and(limit.group(1).equals("rpm")
                        ? new CallQuota(Integer.valueOf(number), null)
                        : new CallQuota(null, Long.valueOf(number)));
            } catch (NumberFormatException e) {
                throw wrong(entry);
            }
        }
        if (quota.isNone() || words[0].endsWith("/") || words[0].startsWith("/") || words[0].contains("=")) {
            throw wrong(entry);
        }
        quotas.merge(words[0], quota, CallQuota::and);
    }

    private static InvalidProviderException wrong(String entry) {
        return new InvalidProviderException(
                VARIABLE + ": '" + entry + "' is no quota; write a provider or provider/model with rpm=N, tpm=N or "
                        + "both, such as 'openai rpm=500 tpm=200000', and commas between several");
    }

    /// The limit of all calls to a provider.
    public CallQuota of(String provider) {
        return byName.getOrDefault(provider, CallQuota.NONE);
    }

    /// The limit of one model.
    public CallQuota of(ModelName model) {
        return byName.getOrDefault(model.toString(), CallQuota.NONE);
    }

    /// The name of the quota that a provider's calls count against.
    public String group(String provider) {
        return groups.getOrDefault(provider, provider);
    }

    /// The same, with another group for one provider.
    OperatorQuotas withGroup(String provider, String group) {
        Map<String, String> changed = new HashMap<>(groups);
        changed.put(provider, group);
        return new OperatorQuotas(byName, changed);
    }

    @Override
    public String toString() {
        return "OperatorQuotas" + byName;
    }
}
