package io.turnstream.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How providers behave that have the API in common more or less: what a client must read, or see through.
enum ProviderForm {
    /// 403 of xAI's kind to a prompt against its policy.
    POLICY_403("policy403"),
    /// 403 of OpenRouter's kind to a prompt that was flagged.
    FLAGGED_403("flagged403"),
    /// 403 that does not say why.
    FORBIDDEN_403("forbidden403"),
    /// 400 `data_inspection_failed`, as DashScope has it.
    INSPECTION_400("inspection400"),
    /// 400 with Zhipu's code 1301.
    SENSITIVE_1301("sensitive1301"),
    /// An empty text with finish reason `SAFETY`.
    FINISH_SAFETY("finishSafety"),
    /// An empty text with finish reason `sensitive`.
    FINISH_SENSITIVE("finishSensitive"),
    /// An empty text with finish reason `refusal`.
    FINISH_REFUSAL("finishRefusal"),
    /// An empty text with finish reason `content_filter: violence`.
    FINISH_FILTER("finishFilter"),
    /// An empty text with finish reason `MAX_TOKENS`.
    FINISH_MAX_TOKENS("finishMaxTokens"),
    /// Half a text with finish reason `error`.
    FINISH_ERROR("finishError", true),
    /// Half a text with finish reason `OTHER`, as Gemini has it.
    FINISH_OTHER("finishOther", true),
    /// The whole text with a finish reason that nobody knows.
    FINISH_UNKNOWN("finishUnknown"),
    /// Half a text with an error beside it in its choice.
    CHOICE_ERROR("choiceError", true),
    /// A body with usage in it, and no answer.
    USAGE_ONLY("usageOnly", true),
    /// 502 with a message.
    BAD_GATEWAY("badGateway", true),
    /// Token counts beyond every sense.
    ABSURD_USAGE("absurdUsage"),
    /// The text as a list of parts.
    CONTENT_PARTS("contentParts"),
    /// The answer as an event stream.
    EVENT_STREAM("eventStream"),
    /// The answer compressed, although nobody asked for that.
    GZIP("gzip"),
    /// 307 to another address.
    REDIRECT("redirect"),
    /// An empty text, and what should stand there in `reasoning_content`.
    REASONING_ONLY("reasoningOnly"),
    /// 400 to any temperature but 1, in words of its own.
    ONE_TEMPERATURE("oneTemperature"),
    /// A text of 300 KiB.
    OVERSIZED("oversized"),
    /// 400 that quotes the prompt, with controls and bidi overrides in it.
    HOSTILE_MESSAGE("hostileMessage"),
    /// `Answer:` and 1,200 equals signs.
    DEGENERATE_MARKS("degenerateMarks"),
    /// `A` and 2,000 commas.
    DEGENERATE_COMMAS("degenerateCommas"),
    /// Reasoning between `◁think▷` and `◁/think▷` before the text, as Kimi-VL has it.
    THINK_ARROWS("thinkArrows"),
    /// Reasoning between `[THINK]` and `[/THINK]` before the text, as Magistral has it.
    THINK_BRACKETS("thinkBrackets"),
    /// Reasoning and text in channels of the harmony format.
    HARMONY("harmony"),
    /// The text between GLM-V's box tokens.
    BOXED("boxed"),
    /// The text with `<|im_end|>` behind it.
    LEFT_OVER_TOKEN("leftOverToken"),
    /// A verdict whose explanation quotes `<think>`; only where the answer is a verdict.
    VERDICT_QUOTES_THINK("verdictQuotesThink"),
    /// The text between halves of surrogate pairs.
    LONE_SURROGATES("loneSurrogates"),
    /// A text of 3 MB.
    HUGE("huge"),
    /// A text of 9 MB: more than anybody reads.
    IMMENSE("immense");

    private final String key;
    private final boolean passing;

    ProviderForm(String key) {
        this(key, false);
    }

    ProviderForm(String key, boolean passing) {
        this.key = key;
        this.passing = passing;
    }

    /// The name in settings and statistics.
    String key() {
        return key;
    }

    /// Whether another attempt may go well. The others go with the request: whoever repeats it meets them again.
    boolean isPassing() {
        return passing;
    }

    static Optional<ProviderForm> named(String key) {
        return Arrays.stream(values()).filter(form -> form.key.equals(key)).findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(ProviderForm::key).toList();
    }
}
