package io.turnstream.console;

import io.turnstream.benchmark.StepKind;
import io.turnstream.benchmark.expectation.Expectations;
import io.turnstream.benchmark.expectation.InvalidExpectationsException;
import io.turnstream.benchmark.pack.CallSettings;
import io.turnstream.benchmark.pack.InvalidProtocolException;
import io.turnstream.benchmark.pack.ProtocolPack;
import io.turnstream.contracts.CallLimits;
import io.turnstream.contracts.CallParameters;
import io.turnstream.contracts.EventMeta;
import io.turnstream.contracts.FileEntry;
import io.turnstream.contracts.Intent;
import io.turnstream.contracts.Modality;
import io.turnstream.contracts.ModelTarget;
import io.turnstream.contracts.ProtocolPackPublished;
import io.turnstream.contracts.RunRequested;
import io.turnstream.contracts.Selection;
import io.turnstream.contracts.Split;
import io.turnstream.contracts.StepParameters;
import io.turnstream.contracts.TokenPrice;
import io.turnstream.events.Ids;
import io.turnstream.events.PlanBounds;
import io.turnstream.events.Texts;
import io.turnstream.projection.document.Parameters;
import io.turnstream.projection.report.Provenance.Limits;
import io.turnstream.projection.report.Provenance.SelectionFacts;
import io.turnstream.providers.prices.Prices;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns an order into the events that start its runs, or says what is wrong with it. Pure.
final class RunRequests {

    private static final int HOTTEST = 2;
    private static final Set<String> CALLS = Set.of("dialogue", "mcq", "tf", "judge");

    private final RunOrder order;
    private final ProtocolPack pack;
    private final @Nullable Expectations expectations;
    private final Pricing pricing;

    private RunRequests(RunOrder order, ProtocolPack pack, @Nullable Expectations expectations, Pricing pricing) {
        this.order = order;
        this.pricing = pricing;
        this.pack = pack;
        this.expectations = expectations;
    }

    /// Checks an order.
    ///
    /// @param prices the platform's
    /// @throws UnacceptableRunException naming what is wrong
    static RunRequests of(RunOrder order, Prices prices) {
        require(!order.models().isEmpty(), "no model is given", "models",
                "Name at least one as provider/name, such as openai/gpt-5-mini.");
        require(!order.dataset().isEmpty(), "no data set is given", "dataset",
                "Give the folder or files of a data set.");
        requirePaths(order);
        requireWithin(order.windowOrDefault(), 1, RunOrder.LARGEST_WINDOW, "window", "Leave it out for the default.");
        limits(order.limitsOrDefault(), "limits");
        limits(order.judgeLimitsOrDefault(), "judgeLimits");
        SelectionFacts selection = order.selectionOrAll();
        requireWithin(selection.epochs(), 1, PlanBounds.MOST_EPOCHS, "selection.epochs",
                "Leave it out to run each dialogue once.");
        require(selection.firstRow() >= 0, "must be 0 or more", "selection.firstRow", "Rows are counted from 0.");
        require(selection.rowLimit() == null || selection.rowLimit() >= 1, "must be 1 or more", "selection.rowLimit",
                "Leave it out for all rows.");
        if (order.parameters() != null) {
            for (String call : order.parameters().keySet()) {
                require(CALLS.contains(call), "unknown kind of call '" + call + "'", "parameters",
                        "There are dialogue, mcq, tf and judge.");
                Parameters given = order.parameters().get(call);
                require(given.temperature() == null || given.temperature() >= 0 && given.temperature() <= HOTTEST,
                        "the temperature must be 0 to " + HOTTEST,
                        "parameters." + call, "Leave it out for the pack's.");
                require(given.maxTokens() == null || given.maxTokens() >= 1, "maxTokens must be 1 or more",
                        "parameters." + call, "Leave it out for no limit.");
            }
        }
        requireWhole(order);
        ProtocolPack pack = currentPack(order.protocolFiles());
        return new RunRequests(order, pack, expectations(order, pack), new Pricing(order.costs(), prices));
    }

    /// A text with half a character would be recorded with a question mark in its place.
    private static void requireWhole(RunOrder order) {
        List<String> texts = new ArrayList<>(order.dataset());
        texts.addAll(order.models());
        texts.addAll(order.tags());
        Stream.of(order.judge(), order.captions(), order.categories(), order.requestedBy()).filter(Objects::nonNull)
                .forEach(texts::add);
        require(texts.stream().allMatch(Texts::isWhole),
                "a text holds half a character (a surrogate without its other half)", "body",
                "Send whole characters.");
    }

    /// Paths stand in the run's first event. An address can hold a key, and is no path.
    private static void requirePaths(RunOrder order) {
        order.dataset().forEach(path -> requirePath(path, "dataset"));
        requirePath(order.captions(), "captions");
        requirePath(order.categories(), "categories");
    }

    private static void requirePath(@Nullable String path, String where) {
        require(path == null || !path.matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:/.*"),
                "is an address, and files are read from disks only", where,
                "Fetch it first, then give the path.");
    }

    /// What was stated, if it is what is asked for.
    private static @Nullable Expectations expectations(RunOrder order, ProtocolPack pack) {
        if (order.expectations() == null) {
            return null;
        }
        try {
            Expectations expectations = Expectations.parse(order.expectations());
            List<String> mismatches = expectations.mismatches(order.models(), order.judge(), pack.name(),
                    pack.digest());
            require(mismatches.isEmpty(), "what is asked for is not what was stated: " + String.join("; ", mismatches),
                    "expectations",
                    "Ask for what was stated, or state what is meant. Nothing was started.");
            return expectations;
        } catch (InvalidExpectationsException e) {
            throw new UnacceptableRunException(e.what(), "expectations, " + e.where(), e.remedy());
        }
    }

    static ProtocolPack pack(@Nullable Map<String, byte[]> files) {
        try {
            return files == null ? ProtocolPack.bundled(ProtocolPack.DEFAULT) : ProtocolPack.of(files);
        } catch (InvalidProtocolException e) {
            throw new UnacceptableRunException(String.valueOf(e.getMessage()), "protocolFiles",
                    "Mend the pack, or leave it out for " + ProtocolPack.DEFAULT + ".");
        }
    }

    /// The same, where something new is asked for.
    static ProtocolPack currentPack(@Nullable Map<String, byte[]> files) {
        try {
            return pack(files).requireCurrent();
        } catch (InvalidProtocolException e) {
            throw new UnacceptableRunException(String.valueOf(e.getMessage()), "protocolFiles",
                    "Mend the pack, or leave it out for " + ProtocolPack.DEFAULT + ".");
        }
    }

    /// The pack's event.
    ProtocolPackPublished packPublished(String eventId, long nowMillis) {
        return packPublished(pack, eventId, nowMillis);
    }

    static ProtocolPackPublished packPublished(ProtocolPack pack, String eventId, long nowMillis) {
        List<FileEntry> files = pack.files().entrySet().stream()
                .map(file -> new FileEntry(file.getKey(), ByteBuffer.wrap(file.getValue())))
                .toList();
        return new ProtocolPackPublished(new EventMeta(eventId, null, null, nowMillis), pack.digest(), pack.name(),
                files);
    }

    /// The event that starts the run of one model.
    RunRequested requested(String model, String runId, String eventId, String codeVersion, long nowMillis) {
        StepParameters parameters = new StepParameters(parameters("dialogue", StepKind.TURN),
                parameters("mcq", StepKind.MCQ),
                parameters("tf", StepKind.TF), parameters("judge", StepKind.JUDGE));
        List<CallParameters> ofModel = List.of(parameters.getDialogue(), parameters.getMcq(), parameters.getTf());
        return new RunRequested(
                new EventMeta(eventId, null, null, nowMillis),
                runId,
                target(model, "models"),
                order.judge() == null ? null : target(order.judge(), "judge"),
                null,
                order.dataset(),
                order.captions(),
                order.categories(),
                selection(order.selectionOrAll()),
                pack.digest(),
                pack.name(),
                parameters,
                callLimits(order.limitsOrDefault(), pricing.of(model), pricing.paidAttempts()),
                callLimits(judgeLimits(model), order.judge() == null ? null : pricing.of(order.judge()),
                        pricing.paidJudgeAttempts()),
                order.windowOrDefault(),
                order.failOnError(),
                expectations == null ? null : expectations.digest(),
                order.tags(),
                order.requestedBy() == null ? "unknown" : order.requestedBy(),
                codeVersion,
                expectations == null ? null : expectations.text(),
                pricing.limit(model, ofModel),
                pricing.judgeLimit(order.judge(), parameters.getJudge()));
    }

    /// `provider/name`; the name may itself hold slashes.
    ///
    /// @throws UnacceptableRunException if it is not of that form
    static ModelTarget target(String name, String where) {
        int slash = name.indexOf('/');
        require(slash > 0 && slash < name.length() - 1, "'" + name + "' is no model", where,
                "Write provider/name, such as openai/gpt-5-mini.");
        return new ModelTarget(name.substring(0, slash), name.substring(slash + 1));
    }

    /// Where nothing is said of the judge, its calls count with the model's if both have one provider; else they have
    /// no quota.
    private Limits judgeLimits(String model) {
        Limits limits = order.judgeLimitsOrDefault();
        String judge = order.judge();
        boolean onePlace = judge != null
                && target(judge, "judge").getProvider().equals(target(model, "models").getProvider());
        return order.judgeLimits() != null || onePlace ? limits : limits.withQuota(null, null);
    }

    private CallParameters parameters(String call, StepKind kind) {
        Parameters given = order.parameters() == null ? null : order.parameters().get(call);
        if (given != null) {
            return new CallParameters(given.temperature(), given.maxTokens(), given.seed());
        }
        CallSettings settings = pack.call(kind);
        return new CallParameters(settings.temperature(), settings.maxTokens(), null);
    }

    private static Selection selection(SelectionFacts facts) {
        return new Selection(
                constants(Split.class, facts.splits(), "selection.splits"),
                constants(Modality.class, facts.modalities(), "selection.modalities"),
                constants(Intent.class, facts.intents(), "selection.intents"),
                facts.firstRow(), facts.rowLimit(), facts.sampleIds(), facts.variants(), facts.epochs());
    }

    private static <E extends Enum<E>> List<E> constants(Class<E> type, List<String> names, String where) {
        return names.stream().map(name -> constant(type, name, where)).toList();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name, String where) {
        List<E> known = Arrays.stream(type.getEnumConstants()).filter(constant -> constant.ordinal() > 0).toList();
        return known.stream().filter(constant -> Ids.wireName(constant).equals(name)).findFirst()
                .orElseThrow(() -> new UnacceptableRunException("there is no '" + name + "'", where,
                        "There are " + known.stream().map(Ids::wireName).collect(Collectors.joining(", ")) + "."));
    }

    static CallLimits callLimits(Limits limits, @Nullable TokenPrice price, @Nullable Integer paidAttempts) {
        return new CallLimits(limits.maxConnections(), limits.maxRetries(), limits.timeoutMillis(),
                limits.requestsPerMinute(),
                limits.tokensPerMinute(), price, paidAttempts);
    }

    static void limits(Limits limits, String where) {
        requireWithin(limits.maxConnections(), 1, RunOrder.MOST_CONNECTIONS, where + ".maxConnections",
                "Leave it out for " + RunOrder.DEFAULT_MAX_CONNECTIONS + ".");
        requireWithin(limits.maxRetries(), 0, RunOrder.MOST_RETRIES, where + ".maxRetries", "0 makes one attempt.");
        require(limits.requestsPerMinute() == null || limits.requestsPerMinute() >= 1, "must be 1 or more",
                where + ".requestsPerMinute",
                "Leave it out for no limit.");
        require(limits.tokensPerMinute() == null || limits.tokensPerMinute() >= 1, "must be 1 or more",
                where + ".tokensPerMinute",
                "Leave it out for no limit.");
        require(limits.timeoutMillis() >= 1, "must be 1 or more", where + ".timeoutMillis",
                "It bounds one attempt, in milliseconds.");
    }

    private static void requireWithin(int given, int least, int most, String where, String remedy) {
        require(given >= least && given <= most, "must be " + least + " to " + most + ", and " + given + " is given",
                where, remedy);
    }

    static void require(boolean holds, String what, String where, String remedy) {
        if (!holds) {
            throw new UnacceptableRunException(what, where, remedy);
        }
    }
}
