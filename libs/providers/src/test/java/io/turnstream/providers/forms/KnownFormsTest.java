package io.turnstream.providers.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.turnstream.providers.FailureCause;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownFormsTest {

    private static final KnownForms FORMS = KnownForms.bundled();

    private static Optional<Meaning> error(int status, String body) {
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(body);
        } catch (JsonProcessingException e) {
            json = MissingNode.getInstance();
        }
        return FORMS.read(Signs.of(status, json, body, null, false));
    }

    private static Optional<Meaning> finish(String reason, boolean hasText) {
        return FORMS.read(new Signs(200, List.of(), List.of(), "", reason, hasText));
    }

    /// Bodies as providers send them to a prompt that their filter stops.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        403 | {"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"}
        403 | {"error":{"message":"openai/gpt-4o requires moderation on OpenAI. Your input was flagged for \\"violence\\".","code":403,"metadata":{"reasons":["violence"],"flagged_input":"how to","provider_name":"OpenAI"}}}
        502 | {"error":{"message":"Provider returned error","code":502,"metadata":{"raw":"{\\"error\\":{\\"code\\":\\"content_filter\\",\\"message\\":\\"filtered\\"}}"}}}
        400 | {"error":{"code":"data_inspection_failed","message":"Input data may contain inappropriate content.","type":"data_inspection_failed"}}
        400 | {"code":"DataInspectionFailed","message":"Output data may contain inappropriate content.","request_id":"r"}
        400 | {"error":{"code":"1301","message":"系统检测到输入或生成内容可能包含不安全或敏感内容"},"contentFilter":[{"level":1,"role":"user"}]}
        400 | {"error":{"message":"The response was filtered due to the prompt triggering content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"violence":{"filtered":true,"severity":"high"}}}}}
        400 | {"error":{"message":"Invalid prompt: your prompt was flagged as potentially violating our usage policy.","type":"invalid_request_error","param":null,"code":"invalid_prompt"}}
        400 | {"error":{"message":"The request was rejected because it was considered high risk","type":"content_filter"}}
        400 | {"error":{"message":"Content Exists Risk","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}
        400 | {"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}
        451 | {"error":{"message":"The content you provided or machine outputted is blocked.","type":"censorship_blocked"}}
        400 | {"error":{"code":"InputTextSensitiveContentDetected","message":"The request failed because the input text may contain sensitive information.","param":"","type":"BadRequest"}}
        500 | {"error":{"code":"10013","message":"InvalidParamsError"}}
        498 | {"message":"blocked"}
        424 | {"success":false,"error":[{"code":2016,"message":"Prompt blocked due to security configurations"}]}
        400 | {"error":{"code":"moderation_blocked","message":"Your request was rejected by the safety system."}}
        422 | {"detail":"The input was flagged by moderation"}
        400 | {"error":{"message":"litellm.ContentPolicyViolationError: AzureException","type":"ContentPolicyViolationError"}}
        200 | {"base_resp":{"status_code":1026,"status_msg":"input new_sensitive"},"choices":null}
        200 | {"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}
        """)
    void filtersAreToldByWhatTheErrorNamesOrSays(int status, String body) {
        assertThat(error(status, body)).contains(new Meaning.ContentFilter());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        401 | {"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}} | AUTHENTICATION
        403 | {"error":{"message":"Your account has been flagged and suspended for violations of our usage policies.","code":null}} | AUTHENTICATION
        403 | {"error":{"message":"Country, region, or territory not supported","type":"request_forbidden","code":"unsupported_country_region_territory"}} | AUTHENTICATION
        403 | {"error":{"code":403,"message":"Permission denied on resource project x.","status":"PERMISSION_DENIED"}} | AUTHENTICATION
        403 | {"error":{"message":"The model is not for you"}} | FORBIDDEN
        403 | <html><h1>403 Forbidden</h1></html> | FORBIDDEN
        429 | {"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}} | QUOTA_EXHAUSTED
        429 | {"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}} | RATE_LIMITED
        400 | {"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}} | QUOTA_EXHAUSTED
        402 | {"error":{"message":"Insufficient Balance","code":"invalid_request_error"}} | QUOTA_EXHAUSTED
        400 | {"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing."}} | QUOTA_EXHAUSTED
        404 | {"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}} | NOT_FOUND
        400 | {"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":400} | NOT_FOUND
        307 | | NOT_FOUND
        400 | {"error":{"message":"This model's maximum context length is 8192 tokens.","code":"context_length_exceeded"}} | BAD_REQUEST
        400 | {"error":{"message":"Invalid value for 'content': expected a string.","type":"invalid_request_error"}} | BAD_REQUEST
        503 | {"error":{"message":"The safety system is overloaded"}} | SERVER_ERROR
        529 | {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}} | SERVER_ERROR
        200 | {"base_resp":{"status_code":1004,"status_msg":"auth failed"}} | AUTHENTICATION
        """)
    void otherErrorsAreToldToo(int status, String body, FailureCause cause) {
        assertThat(error(status, body == null ? "" : body)).contains(new Meaning.Failure(cause));
    }

    @ParameterizedTest
    @ValueSource(strings = {"content_filter", "content_filter: hate", "CONTENT_FILTERED", "SAFETY",
            "PROHIBITED_CONTENT", "RECITATION", "BLOCKLIST",
            "SPII", "LANGUAGE", "IMAGE_SAFETY", "sensitive", "ERROR_TOXIC", "guardrail_intervened",
            "input_guardrail_triggered", "content-filter"})
    void finishReasonsOfFilters(String reason) {
        assertThat(finish(reason, false)).contains(new Meaning.ContentFilter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "MAX_TOKENS", "max_tokens", "max_output_tokens", "model_length",
            "model_context_window_exceeded"})
    void finishReasonsOfLimits(String reason) {
        assertThat(finish(reason, true)).contains(new Meaning.Truncated());
        assertThat(FORMS.isCut(reason)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "network_error", "insufficient_system_resource", "abort", "ERROR"})
    void finishReasonsOfErrorsAreFailuresEvenWithHalfAText(String reason) {
        assertThat(finish(reason, true)).contains(new Meaning.Failure(FailureCause.SERVER_ERROR));
    }

    /// Of a text that was given up halfway for a reason that is no filter's: Gemini, Anthropic, Amazon Bedrock.
    @ParameterizedTest
    @ValueSource(strings = {"OTHER", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
            "MALFORMED_RESPONSE", "NO_IMAGE", "IMAGE_OTHER", "pause_turn", "compaction", "malformed_model_output",
            "malformed_tool_use",
            "FINISH_REASON_OTHER"})
    void finishReasonsOfTextsThatWereGivenUpAreFailuresThatArePaid(String reason) {
        assertThat(finish(reason, true)).contains(new Meaning.Failure(FailureCause.UNUSABLE_ANSWER));
        assertThat(finish(reason, false)).contains(new Meaning.Failure(FailureCause.UNUSABLE_ANSWER));
    }

    /// As listed by OpenAI (chat completions), Anthropic (`stop_reason`) and Gemini and Vertex AI (`FinishReason`) for
    /// all that end an answer.
    @ParameterizedTest
    @ValueSource(strings = {"stop", "length", "tool_calls", "content_filter", "function_call",
            "end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal",
            "model_context_window_exceeded", "compaction",
            "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT",
            "SPII", "MALFORMED_FUNCTION_CALL",
            "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE", "MALFORMED_RESPONSE", "MODEL_ARMOR"})
    void everyFinishReasonThatIsDocumentedIsKnown(String reason) {
        assertThat(FORMS.knowsFinish(reason)).isTrue();
    }

    @Test
    void otherFinishReasons() {
        assertThat(FORMS.knowsFinish("never_heard_of")).isFalse();
        assertThat(FORMS.knowsFinish("FINISH_REASON_UNSPECIFIED")).as("says nothing").isFalse();
        assertThat(FORMS.knowsFinish(null)).as("nothing was said, so nothing is unknown").isTrue();
        assertThat(finish("refusal", false)).contains(new Meaning.Refusal());
        assertThat(finish("stop", true)).contains(new Meaning.Finished());
        assertThat(finish("end_turn", true)).contains(new Meaning.Finished());
        assertThat(finish("never_heard_of", true)).isEmpty();
        assertThat(FORMS.isCut(null)).isFalse();
        assertThat(FORMS.isCut("stop")).isFalse();
    }

    @Test
    void azuresAnnotationOfAnAnswerThatPassedIsNoFilter() {
        String passed = "{\"choices\":[{\"content_filter_results\":{\"hate\":{\"filtered\":false}},\"finish_reason\":\"stop\",\"message\":"
                + "{\"content\":\"content_filter\"}}],\"prompt_filter_results\":[{\"content_filter_results\":{\"hate\":{\"filtered\":false}}}]}";

        assertThat(error(200, passed)).isEmpty();
        assertThat(error(200, passed.replace("\"filtered\":false", "\"filtered\":true")))
                .contains(new Meaning.ContentFilter());
    }

    @Test
    void whatTheModelSaysIsNoSign() {
        assertThat(error(200, "{\"choices\":[{\"message\":{\"code\":\"content_filter\"},\"text\":\"sensitive\"}]}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{means: nonsense, who: x, status: [400]}]", "[{means: refusal, who: x}]",
            "[{means: refusal, who: x, status: [400], text: some}]"})
    void rowsThatMeanNothingAreNotTaken(String yaml) {
        assertThatThrownBy(() -> KnownForms.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("known forms: ");
    }
}
